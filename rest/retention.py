"""What the API forgets, and when."""

from __future__ import annotations

from datetime import datetime

from knox.models import AuthToken

from rest import lockout
from rest.models import IdempotencyKey


def forget(now: datetime) -> int:
    """Forget what has had its time: keys, tokens, failed sign-ins. Returns how many rows."""
    tokens = AuthToken.objects.filter(expiry__lte=now).delete()[0]
    return IdempotencyKey.purge(now) + tokens + lockout.forget(now)
