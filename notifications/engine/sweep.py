"""What the engine cannot do for itself: leases that ran out, messages that became worthless
or sendable while they waited.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from notifications import schedule
from notifications.engine import waiting
from notifications.models import (
    ENDED_UNSENT,
    Attempt,
    Held,
    MessageEvent,
    Move,
    Priority,
    QueuedMessage,
    Status,
    move,
)
from notifications.models.withdrawal import UNTRUE

BATCH = 1000
MOST_CLAIMS = 3  # without a recorded outcome: its handling fails, and would fail the batch again


def sweep(now: datetime) -> dict[str, int]:
    """One pass. Returns how many leases had run out, how many messages expired, and how many wait no more."""
    return {
        "lost": _until_empty(_lost_leases, now),
        "expired": _until_empty(_expired, now),
        "released": waiting.release(now),
    }


def _until_empty(step: object, now: datetime) -> int:
    total = 0
    while found := step(now):  # type: ignore[operator]
        total += found
        if found < BATCH:
            break
    return total


def _lost_leases(now: datetime) -> int:
    """A worker died, or hangs: MyOperator may have what it held. A try like any other, with what it was told."""
    with transaction.atomic():
        rows = list(
            QueuedMessage.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(lease_until__lt=Now())
            .order_by("message_id")[:BATCH]
        )
        Attempt.objects.bulk_create([_lost_attempt(row, now) for row in rows], ignore_conflicts=True)
        for row in rows:
            _make_uncertain(row, now)
        fields = ["lease_until", "token", "tries", "due_at", "held_for", "waits_for", "spaced"]
        QueuedMessage.objects.bulk_update(rows, fields)
        move(
            Move(
                row.pk,
                Status.UNCERTAIN,
                now,
                row.tries,
                "worker_lost",
                "The worker that was sending it was lost.",
            )
            for row in rows
        )
        _end_withdrawn(rows, now)
    return len(rows)


def _lost_attempt(row: QueuedMessage, now: datetime) -> Attempt:
    return Attempt(
        pk=row.token,
        message_id=row.pk,
        number=row.tries + 1,
        outcome=Attempt.Outcome.UNCERTAIN,
        code="worker_lost",
        detail="The worker that was sending it was lost.",
        created_at=now,
    )


def _make_uncertain(row: QueuedMessage, now: datetime) -> None:
    row.tries += 1
    due_at = schedule.next_try(row.tries, settings.NOTIFICATION_RETRY_MINUTES, now, lambda: 0.0)
    row.lease_until, row.token, row.spaced, row.waits_for = None, None, False, "receipt"
    row.due_at = due_at or now
    if row.claims >= MOST_CLAIMS:
        row.held_for = Held.POISON
    elif due_at is None or row.priority == Priority.MARKETING:
        row.held_for = Held.UNCERTAIN


def _end_withdrawn(rows: list[QueuedMessage], now: datetime) -> None:
    """Taken back while a lost worker held it: it is not sent again, and the log says that it may have been."""
    ended = [row for row in rows if row.withdrawn]
    QueuedMessage.objects.filter(pk__in=[row.pk for row in ended]).delete()
    move(_withdrawn(row, now) for row in ended)
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=row.pk, what=row.withdrawn, detail=row.withdrawn_why) for row in ended
    )


def _withdrawn(row: QueuedMessage, now: datetime) -> Move:
    to = Status(row.withdrawn)
    if to not in ENDED_UNSENT:  # a receipt came while it was held
        return Move(row.pk, to, now)
    words = f"Taken back while it was being sent; MyOperator may have it. {row.withdrawn_why}"
    return Move(row.pk, to, now, code=row.withdrawn_code or UNTRUE, error=words)


def _expired(now: datetime) -> int:
    with transaction.atomic():
        ids = list(
            QueuedMessage.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(expires_at__lte=now, lease_until=None)
            .order_by("message_id")
            .values_list("pk", flat=True)[:BATCH]
        )
        QueuedMessage.objects.filter(pk__in=ids).delete()
        why = "It could not be sent while it was worth sending."
        moved = move(Move(pk, Status.EXPIRED, now, code="expired", error=why) for pk in ids)
        MessageEvent.objects.bulk_create(
            MessageEvent(message_id=made.message_id, what="expired", detail=f"{why} It was {made.was}.")
            for made in moved
        )
    return len(ids)
