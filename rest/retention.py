"""What the API forgets, and when."""

from __future__ import annotations

from datetime import datetime

from rest.models import IdempotencyKey


def forget(now: datetime) -> int:
    """Forget what has had its time. Returns how many rows."""
    return IdempotencyKey.purge(now)
