"""How an app records that a customer asked for offers."""

from __future__ import annotations

from datetime import datetime

from notifications.clock import now as clock_now
from notifications.models import NotificationPreference
from notifications.phones import e164


def opt_in(phone: str, *, language: str = "", at: datetime | None = None) -> NotificationPreference:
    """Record a marketing opt-in (default: now). Raises `phones.BadPhone`."""
    preference, _ = NotificationPreference.objects.update_or_create(
        phone=e164(phone),
        defaults={"marketing_opt_in_at": at or clock_now()} | ({"language": language} if language else {}),
    )
    return preference
