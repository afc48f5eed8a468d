"""Applying what MyOperator reported: idempotent, in any order, never backwards.

`delivered` or `read` of any attempt wins; `failed` counts only for the latest one. What matches no attempt yet
is kept and looked at again, for a day.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from notifications import nudge, receipt_failures
from notifications.models import LIVE, Attempt, MessageEvent, Move, QueuedMessage, Status, WebhookEvent, move

logger = logging.getLogger(__name__)

BATCH = 500
# Seconds until an event that matched nothing is looked at again; after the last it is set aside.
AGAIN = (0.2, 1, 5, 15, 60, 300, 900, 3600, 14400, 43200, 86400)

_TARGETS = {"message.sent": Status.SENT, "message.delivered": Status.DELIVERED, "message.read": Status.READ}
_RANK = {Status.SENT: 0, Status.DELIVERED: 1, Status.READ: 2}
_FAILED = "message.failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One event about one of our attempts."""

    event: WebhookEvent
    attempt: Attempt

    @property
    def target(self) -> Status | None:
        return _TARGETS.get(self.event.event_type)


def apply_waiting(now: datetime) -> int:
    """Apply what is due, batch by batch. Returns how many events were looked at."""
    total = 0
    while found := _apply_batch(now):
        total += found
        if found < BATCH:
            break
    soon = WebhookEvent.objects.filter(
        applied_at=None, due_at__lte=now + timedelta(seconds=1), due_at__gt=now
    )
    if soon.exists():
        nudge.receipts()
    return total


def _apply_batch(now: datetime) -> int:
    with transaction.atomic():
        events = list(
            WebhookEvent.objects.select_for_update(skip_locked=True)
            .filter(applied_at=None, due_at__lte=now)
            .order_by("due_at", "id")[:BATCH]
        )
        receipts = _matched(events)
        _wait_again([e for e in events if e.pk not in receipts and _about_ours(e)], now)
        _done([e for e in events if e.pk not in receipts and not _about_ours(e)], "ignored", now)
        _advance([r for r in receipts.values() if r.target], now)
        for receipt in receipts.values():
            if receipt.event.event_type == _FAILED:
                receipt_failures.apply(receipt.event, receipt.attempt, now)
        _done([r.event for r in receipts.values()], "applied", now)
    return len(events)


def _about_ours(event: WebhookEvent) -> bool:
    return event.event_type in _TARGETS or event.event_type == _FAILED


def _matched(events: Sequence[WebhookEvent]) -> dict[int, Receipt]:
    """Each event's attempt, by our reference or the provider's id."""
    ours = {event.pk: event for event in events if _about_ours(event)}
    by_reference = Attempt.objects.in_bulk([ref for e in ours.values() if (ref := _reference(e)) is not None])
    wanted_ids = [_provider_id(event) for event in ours.values()]
    by_provider = {
        a.provider_message_id: a for a in Attempt.objects.filter(provider_message_id__in=wanted_ids)
    }
    found = {}
    for pk, event in ours.items():
        attempt = by_reference.get(_reference(event) or 0) or by_provider.get(_provider_id(event))
        if attempt is not None:
            found[pk] = Receipt(event, attempt)
    return found


def inner(event: WebhookEvent, name: str) -> Any:
    """A part of the event's own payload; {} where it has another shape."""
    payload = event.payload.get("payload") if isinstance(event.payload, dict) else None
    found = payload.get(name) if isinstance(payload, dict) else None
    return {} if found is None else found


def _provider_id(event: WebhookEvent) -> str:
    found = inner(event, "id")
    return found[:128] if isinstance(found, str) else ""


def _reference(event: WebhookEvent) -> int | None:
    metadata = inner(event, "metadata")
    found = metadata.get("myop_ref_id") if isinstance(metadata, dict) else None
    usable = isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < 19
    return int(found) if usable else None


def _advance(receipts: Sequence[Receipt], now: datetime) -> None:
    """Move each message to the furthest that any of its receipts says."""
    best: dict[int, Status] = {}
    for receipt in receipts:
        message_id, target = receipt.attempt.message_id, receipt.target or Status.SENT
        best[message_id] = max(best.get(message_id, target), target, key=_RANK.__getitem__)
    _settle_queue(best)
    moved = move(Move(message_id, status, now) for message_id, status in best.items())
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=made.message_id, what=made.status, detail=_how(made.was)) for made in moved
    )
    Attempt.objects.filter(
        pk__in=[r.attempt.pk for r in receipts if r.attempt.outcome == Attempt.Outcome.UNCERTAIN]
    ).update(outcome=Attempt.Outcome.ACCEPTED)


def _how(was: str) -> str:
    return "The receipt settled what was uncertain." if was in LIVE else "By receipt."


def _settle_queue(best: dict[int, Status]) -> None:
    """What waited to be sent again was received after all. What is in flight just now is told when it comes back."""
    rows = list(QueuedMessage.objects.select_for_update().filter(pk__in=best).order_by("pk"))
    QueuedMessage.objects.filter(pk__in=[row.pk for row in rows if row.lease_until is None]).delete()
    for row in rows:
        if row.lease_until is not None:
            QueuedMessage.objects.filter(pk=row.pk).update(withdrawn=best[row.pk], withdrawn_why="received")


def _wait_again(events: Iterable[WebhookEvent], now: datetime) -> None:
    waiting, given_up = [], []
    for event in events:
        (waiting if event.tries < len(AGAIN) else given_up).append(event)
    for event in waiting:
        event.due_at = now + timedelta(seconds=AGAIN[event.tries])
        event.tries += 1
    WebhookEvent.objects.bulk_update(waiting, ["due_at", "tries"])
    _done(given_up, "unmatched", now)


def _done(events: Iterable[WebhookEvent], result: str, now: datetime) -> None:
    WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).update(applied_at=now, result=result)
