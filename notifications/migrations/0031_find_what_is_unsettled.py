from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without a lock: a log of ten million goes on being written while its index is made."""

    atomic = False
    dependencies = [("notifications", "0030_message_given_up")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    ("given_up_at__isnull", True),
                    ("is_test", False),
                    models.Q(
                        ("status__in", ("failed", "expired")),
                        models.Q(("error_code", "template_off"), ("status", "suppressed")),
                        _connector="OR",
                    ),
                ),
                fields=["error_code", "kind", "-created_at", "-id"],
                name="message_unsettled",
            ),
        ),
    ]
