from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without a lock: a log of ten million goes on being written while its indexes are made."""

    atomic = False
    dependencies = [("notifications", "0027_versions_have_notes")]

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
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["-created_at", "-id"],
                condition=models.Q(("is_test", True)),
                name="message_tests_by_time",
            ),
        ),
    ]
