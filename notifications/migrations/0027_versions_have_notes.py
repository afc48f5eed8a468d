from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0026_tests_are_marked")]
    operations = [
        migrations.AddField(
            "templateversion",
            "note",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Why it is there, for who looks later.",
                max_length=200,
            ),
        ),
    ]
