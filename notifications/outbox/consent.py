"""How an app records that a customer asked for offers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from notifications import wishes
from notifications.clock import now as clock_now
from notifications.models import NotificationPreference
from notifications.phones import e164


def opt_in(
    phone: str,
    *,
    language: str = "",
    at: datetime | None = None,
    how: str = wishes.How.APP,
    by: str = "",
    words: str = "",
) -> NotificationPreference:
    """Record a marketing opt-in. Raises `phones.BadPhone`.

    at      when they asked (default: now). Where they stopped offers since, that stays; asking again changes nothing
    how     "app", "import" or "api"; by: the user's name, if any
    words   the text they agreed to, with its version
    """
    number = e164(phone)
    with transaction.atomic():
        known = wishes.lock([number])[number].marketing_opt_in_at
        wanted = {"marketing_opt_in_at": known or at or clock_now()} | (
            {"language": language} if language else {}
        )
        return wishes.change(number, wanted, how=how, by=by, words=words, at=at).preference
