"""`Idempotency-Key`: the same request twice makes one thing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT = timedelta(hours=24)


class IdempotencyKey(models.Model):
    """One user's key, what was asked with it, and what came of it. Kept for a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    made = models.JSONField(null=True, help_text="The id of the row, or what came of each item of many.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="rest_idempotency_key_once"),)
        indexes = (models.Index(fields=("created_at",), name="rest_idempotency_by_time"),)

    def __str__(self) -> str:
        return self.key

    @classmethod
    def taken(cls, user_id: int, key: str, fingerprint: str, now: datetime) -> IdempotencyKey:
        """This user's key, locked until the transaction ends; `made` is None where it is new or a day old.

        Whoever comes second waits here for the first's transaction, and finds what it made.
        """
        fresh = IdempotencyKey(user_id=user_id, key=key, fingerprint=fingerprint, created_at=now)
        IdempotencyKey.objects.bulk_create([fresh], ignore_conflicts=True)
        row = IdempotencyKey.objects.select_for_update().get(user_id=user_id, key=key)
        if row.created_at <= now - KEPT:
            row.fingerprint, row.made, row.created_at = fingerprint, None, now
        return row

    @classmethod
    def purge(cls, now: datetime) -> int:
        """Forget the keys that are older than a day. Returns how many."""
        return IdempotencyKey.objects.filter(created_at__lte=now - KEPT).delete()[0]
