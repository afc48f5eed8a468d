from django.db import migrations


class Migration(migrations.Migration):
    """A crash may forget whom we wrote to in the last half minute; logging it would cost every message."""

    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE notifications_personpace SET UNLOGGED",
            "ALTER TABLE notifications_personpace SET LOGGED",
        ),
    ]
