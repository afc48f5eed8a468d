from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0011_cost")]

    operations = [
        migrations.CreateModel(
            name="ApprovedTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=512)),
                ("language", models.CharField(max_length=16)),
                ("category", models.CharField(blank=True, max_length=32)),
                (
                    "category_was",
                    models.CharField(
                        blank=True, help_text="What it was before WhatsApp changed it.", max_length=32
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        help_text="approved, pending, rejected, paused or disabled.",
                        max_length=32,
                    ),
                ),
                ("quality", models.CharField(blank=True, max_length=64)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="Why it is not approved, if it is said.", max_length=500
                    ),
                ),
                ("body", models.TextField(blank=True)),
                ("components", models.JSONField(blank=True, default=list)),
                ("provider_id", models.CharField(blank=True, max_length=64)),
                ("synced_at", models.DateTimeField(help_text="When it was listed last.")),
                (
                    "gone",
                    models.BooleanField(default=False, help_text="MyOperator lists it no more."),
                ),
            ],
            options={
                "ordering": ("name", "language"),
                "constraints": [
                    models.UniqueConstraint(fields=("name", "language"), name="approved_name_language_once")
                ],
            },
        ),
    ]
