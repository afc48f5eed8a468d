from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that may be empty and has no default: instant, however long the log is."""

    dependencies = [("notifications", "0029_channel_events")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="given_up_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Staff saw that it did not go, and need not be told of it again.",
                null=True,
            ),
        ),
    ]
