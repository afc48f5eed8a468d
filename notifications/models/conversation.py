"""WhatsApp's window: free text may be sent within 24 hours of what the customer wrote last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, models

from notifications.models.batch import Batch

WINDOW = timedelta(hours=24)

_HEARD = Batch("h", phone="text", at="timestamptz")
_SQL = f"""
INSERT INTO notifications_conversation AS c (phone, last_received_at)
SELECT phone, at FROM {_HEARD.sql} ORDER BY phone
ON CONFLICT (phone) DO UPDATE SET last_received_at = excluded.last_received_at
WHERE c.last_received_at < excluded.last_received_at
"""  # noqa: S608


class Conversation(models.Model):
    """One row per number that ever wrote to us; for the claim to join by number."""

    phone = models.CharField(max_length=16, primary_key=True)
    last_received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.phone

    @classmethod
    def heard(cls, latest: Mapping[str, datetime]) -> None:
        """Move these numbers' windows forward, in one statement. Late news moves none back."""
        if latest:
            with connection.cursor() as cursor:
                cursor.execute(_SQL, _HEARD.parameters(latest.items()))


def window_open(phone: str, now: datetime) -> bool:
    """Whether free text may be sent to this number (E.164) now."""
    return Conversation.objects.filter(phone=phone, last_received_at__gt=now - WINDOW).exists()
