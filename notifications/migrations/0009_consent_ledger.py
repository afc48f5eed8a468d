from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_inbound_messages")]

    operations = [
        migrations.CreateModel(
            name="ConsentEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone", models.CharField(max_length=16)),
                ("what", models.CharField(help_text="The field of the preference.", max_length=24)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("opt_in", "asked for it"),
                            ("opt_out", "wants it no more"),
                            ("other", "changed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("old", models.CharField(blank=True, max_length=150)),
                ("new", models.CharField(blank=True, max_length=150)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("reply", "by a WhatsApp reply"),
                            ("api", "by API"),
                            ("admin", "by staff, at the desk"),
                            ("provider", "as WhatsApp reported"),
                            ("import", "by import"),
                            ("app", "by one of our apps"),
                        ],
                        max_length=10,
                    ),
                ),
                ("by", models.CharField(blank=True, help_text="The user, or empty.", max_length=150)),
                (
                    "words",
                    models.CharField(
                        blank=True,
                        help_text="What the customer wrote, or the text they agreed to.",
                        max_length=500,
                    ),
                ),
                (
                    "inbound_id",
                    models.BigIntegerField(blank=True, help_text="The message that said so.", null=True),
                ),
                ("at", models.DateTimeField(help_text="When it was said.")),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["phone", "-at", "-id"], name="consent_by_phone")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(act__in=["opt_in", "opt_out", "other"]), name="consent_act_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(how__in=["reply", "api", "admin", "provider", "import", "app"]),
                        name="consent_how_known",
                    ),
                ],
            },
        ),
    ]
