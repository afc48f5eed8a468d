from django.db import migrations, models

PERCENT = "Percent of the tier that the log has warned of."


class Migration(migrations.Migration):
    dependencies = [("notifications", "0015_schedule_template_sync")]

    operations = [
        migrations.CreateModel(
            name="Reach",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True)),
                ("people", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
                ("warned", models.PositiveSmallIntegerField(default=0, help_text=PERCENT)),
            ],
        ),
    ]
