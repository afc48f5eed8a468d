"""What waits to be sent, and what would become of it if sending began now: counted by index, up to a limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from notifications.models import Attempt, QueuedMessage
from notifications.models.lease import next_due

MOST_COUNTED = 50_000
MOST_A_MINUTE = 10_000  # tries looked at to count those of the last minute

_WAITING = """
SELECT count(*), count(*) FILTER (WHERE expires_at <= %(now)s),
    count(*) FILTER (WHERE expires_at > %(now)s AND (due_at <= %(now)s OR waits_for IN ('provider', 'channel')))
FROM (SELECT due_at, expires_at, waits_for FROM notifications_queuedmessage
    WHERE lease_until IS NULL AND held_for IS NULL LIMIT %(most)s) AS waiting
"""
_LAST_MINUTE = """
SELECT count(*) FROM (SELECT outcome, created_at FROM notifications_attempt ORDER BY id DESC LIMIT %(most)s) AS tries
WHERE outcome = %(accepted)s AND created_at > %(now)s - interval '1 minute' AND created_at <= %(now)s
"""


@dataclass(frozen=True)
class Backlog:
    """Messages that wait: how many go when sending begins, have become worthless, wait for their own time, are held.

    `has_more`: there are more than were counted. `seconds`: how long those that go take at our pace.
    """

    goes: int
    worthless: int
    later: int
    held: int
    has_more: bool
    seconds: float

    @property
    def waiting(self) -> int:
        return self.goes + self.worthless + self.later + self.held


def backlog(now: datetime) -> Backlog:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"now": now, "most": MOST_COUNTED})
        waiting, worthless, goes = cursor.fetchone()
    held = QueuedMessage.objects.filter(held_for__isnull=False).order_by()[:MOST_COUNTED].count()
    seconds = goes / settings.MYOPERATOR_RATE_LIMIT
    return Backlog(
        goes, worthless, waiting - goes - worthless, held, MOST_COUNTED in (waiting, held), seconds
    )


def overdue_since(now: datetime) -> datetime | None:
    """Since when the oldest message waits whose time has come; None where nothing is late."""
    due_at = next_due()
    return due_at if due_at is not None and due_at <= now else None


def accepted_last_minute(now: datetime) -> int:
    """How many messages MyOperator accepted in the minute before `now`, by the newest tries."""
    asked: dict[str, Any] = {"now": now, "most": MOST_A_MINUTE, "accepted": str(Attempt.Outcome.ACCEPTED)}
    with connection.cursor() as cursor:
        cursor.execute(_LAST_MINUTE, asked)
        return int(cursor.fetchone()[0])


def in_words(seconds: float) -> str:
    """How long that is, as people say it: `less than a minute`, `about 12 minutes`, `about 3 hours`."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {minutes} minute{'' if minutes == 1 else 's'}"
    return f"about {round(minutes / 60)} hours"
