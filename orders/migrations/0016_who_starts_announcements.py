from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0015_announcements_of_own_kinds")]

    operations = [
        migrations.AlterModelOptions(
            name="announcement",
            options={
                "ordering": ("-pk",),
                "permissions": (("start_announcement", "Can start and stop announcements"),),
            },
        ),
    ]
