from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a constant default: instant, however long the queue is."""

    dependencies = [("notifications", "0031_find_what_is_unsettled")]

    operations = [
        migrations.AddField(
            model_name="queuedmessage",
            name="withdrawn_code",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="The reason's code, should it become that.",
                max_length=64,
            ),
        ),
    ]
