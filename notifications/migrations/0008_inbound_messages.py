from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_custom_kinds")]

    operations = [
        migrations.CreateModel(
            name="InboundMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone", models.CharField(help_text="E.164.", max_length=16)),
                ("type", models.CharField(help_text="WhatsApp's: text, image, audio, …", max_length=32)),
                ("text", models.TextField(blank=True, help_text="Empty for pictures, sounds and the like.")),
                (
                    "asks",
                    models.CharField(
                        blank=True,
                        choices=[("stop", "to hear nothing more"), ("start", "to hear from us again")],
                        help_text="What the whole message asks for, if anything.",
                        max_length=5,
                    ),
                ),
                ("received_at", models.DateTimeField(help_text="When WhatsApp had it.")),
                ("provider_message_id", models.CharField(max_length=128, unique=True)),
                ("webhook_event_id", models.BigIntegerField(help_text="The event that brought it, as it came.")),
            ],
            options={
                "ordering": ("-received_at", "-id"),
                "indexes": [
                    models.Index(fields=["phone", "-received_at", "-id"], name="inbound_by_phone"),
                    models.Index(fields=["-received_at", "-id"], name="inbound_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(asks__in=["", "stop", "start"]), name="inbound_asks_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("phone", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("last_received_at", models.DateTimeField()),
            ],
        ),
    ]
