from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a constant default: PostgreSQL rewrites no row for it."""

    dependencies = [("notifications", "0025_names_of_pages")]
    operations = [
        migrations.AddField(
            "message",
            "is_test",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Staff tried a text with it: the statistics leave it out.",
            ),
        ),
    ]
