from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_dates_by_the_clock")]

    operations = [
        migrations.AlterModelOptions(
            name="announcement",
            options={
                "ordering": ("-pk",),
                "permissions": (("start_announcement", "Can start and stop announcements"),),
            },
        ),
    ]
