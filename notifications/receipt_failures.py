"""`message.failed`: WhatsApp could not deliver what MyOperator had accepted. Read by the same table as an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max

from notifications import registry, schedule, storable, wishes
from notifications.models import (
    Attempt,
    Message,
    MessageEvent,
    Move,
    Priority,
    QueuedMessage,
    Status,
    move,
)
from notifications.providers import meta
from notifications.providers.base import Failure, NotNow, TooFast
from notifications.receipt_matching import Receipt, inner


@dataclass(frozen=True, slots=True)
class _Failed:
    """A message that failed after all, why, and when it is tried again (None: not again)."""

    message: Message
    failure: Failure
    due_at: datetime | None
    heard_at: datetime


def apply(receipts: Collection[Receipt], queued: dict[int, QueuedMessage], now: datetime) -> None:
    """Counts only for the latest attempt, and never against a message that was received.

    `queued` are the queue's rows of these messages; they and the messages are locked by the caller.
    """
    failed = [_judged(message, receipt, now) for message, receipt in _counting(receipts, queued)]
    ids = [found.message.pk for found in failed]
    QueuedMessage.objects.filter(pk__in=ids).delete()
    move(_move(found, now) for found in failed)
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=found.message.pk, what="failed_later", detail=found.failure.words)
        for found in failed
    )
    QueuedMessage.objects.bulk_create(
        _row(found.message, found.due_at) for found in failed if found.due_at is not None
    )
    _mark_persons(failed)


def _counting(
    receipts: Collection[Receipt], queued: dict[int, QueuedMessage]
) -> Iterator[tuple[Message, Receipt]]:
    by_message = {receipt.attempt.message_id: receipt for receipt in sorted(receipts, key=_age)}
    latest = dict(
        Attempt.objects.filter(message_id__in=by_message)
        .order_by()
        .values_list("message_id")
        .annotate(Max("pk"))
    )
    messages = Message.objects.in_bulk(list(by_message))
    for pk, receipt in by_message.items():
        in_flight = pk in queued and queued[pk].lease_until is not None
        standing = pk in messages and messages[pk].status in {Status.SENT, Status.UNCERTAIN}
        if standing and not in_flight and receipt.attempt.pk == latest[pk]:
            yield messages[pk], receipt


def _age(receipt: Receipt) -> tuple[int, int]:
    return receipt.attempt.pk, receipt.event.pk


def _judged(message: Message, receipt: Receipt, now: datetime) -> _Failed:
    failure = _failure(receipt)
    return _Failed(message, failure, _again_at(message, failure, now), receipt.event.received_at)


def _move(found: _Failed, now: datetime) -> Move:
    to = Status.RETRYING if found.due_at else Status.FAILED
    return Move(found.message.pk, to, now, code=found.failure.code, error=found.failure.words)


def _row(message: Message, due_at: datetime) -> QueuedMessage:
    kind = registry.get(message.kind)
    priority = Priority.UTILITY
    if kind is not None and (kind.urgent or kind.category == "marketing"):
        priority = Priority.URGENT if kind.urgent else Priority.MARKETING
    return QueuedMessage(
        message_id=message.pk,
        priority=priority,
        due_at=due_at,
        expires_at=message.expires_at,
        tries=message.tries,
        waits_for="retry",
    )


def _again_at(message: Message, failure: Failure, now: datetime) -> datetime | None:
    if not isinstance(failure, NotNow | TooFast):
        return None
    due_at = schedule.next_try(max(message.tries, 1), settings.NOTIFICATION_RETRY_MINUTES, now, lambda: 0.0)
    if due_at is not None and failure.retry_after:
        due_at = max(due_at, now + timedelta(seconds=failure.retry_after))
    return due_at if due_at and due_at < message.expires_at else None


def _mark_persons(failed: Iterable[_Failed]) -> None:
    """What the codes say of numbers and of their owners, in the numbers' order: two may do this at once."""
    for found in sorted(failed, key=lambda found: found.message.phone):
        wishes.reported(found.message.phone, found.failure.code, found.failure.words, found.heard_at)


def _failure(receipt: Receipt) -> Failure:
    """Where Meta's code stands is not published: every place that was seen is looked at."""
    for error in _errors(receipt):
        code = meta.code_of(error.get("code"))
        if code is not None:
            said = error.get("title") or error.get("message")
            return meta.failure(code, storable.plain(said, 400) if isinstance(said, str) else "")
    return meta.failure(-1, "WhatsApp could not deliver it and did not say why.")


def _errors(receipt: Receipt) -> Iterator[dict[str, Any]]:
    for names in (("metadata", "errors"), ("errors",), ("error",)):
        part = inner(receipt.event, *names)
        for error in part if isinstance(part, list) else [part]:
            if isinstance(error, dict):
                yield error
