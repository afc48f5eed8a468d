from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without a lock: a log of ten million goes on being written while its indexes are made."""

    atomic = False
    dependencies = [("notifications", "0025_names_of_pages")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["error_code", "-created_at", "-id"],
                condition=models.Q(("error_code", ""), _negated=True),
                name="message_by_error",
            ),
        ),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["kind", "-created_at", "-id"],
                condition=models.Q(("status__in", ("failed", "expired", "suppressed", "cancelled"))),
                name="message_unsent_by_kind",
            ),
        ),
    ]
