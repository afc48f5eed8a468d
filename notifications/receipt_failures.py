"""`message.failed`: WhatsApp could not deliver what MyOperator had accepted. Read by the same table as an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from notifications import channel, registry, schedule, storable, wishes
from notifications.models import (
    ApprovedTemplate,
    Held,
    Message,
    MessageEvent,
    Move,
    Priority,
    QueuedMessage,
    Status,
    move,
)
from notifications.models.withdrawal import live, take_back, taken_back
from notifications.outcomes import MOST_PERSON_WAITS
from notifications.providers import meta
from notifications.providers.base import ChannelDown, Failure, NotNow, Rejected, TemplateHeld, TooFast
from notifications.receipt_matching import Receipt, Tried, inner

_NO_TRY = TooFast | TemplateHeld | ChannelDown


@dataclass(frozen=True, slots=True)
class _Failed:
    """A message that failed after all, why, and when it is tried again (None: not again)."""

    message: Message
    failure: Failure
    due_at: datetime | None
    heard_at: datetime

    @property
    def tries(self) -> int:
        """What was no fault of the message is no try of it."""
        return max(self.message.tries - isinstance(self.failure, _NO_TRY), 0)


def tell_channel(receipts: Collection[Receipt], now: datetime) -> None:
    """What `message.failed` says of our account or its pace. Locks the channel, which is locked before all else."""
    said = [(_failure(receipt), receipt.attempt.created_at) for receipt in receipts]
    channel.reported(settings.MYOPERATOR_PHONE_NUMBER, said, now)


def apply(
    receipts: Collection[Receipt], tried: dict[int, Tried], queued: dict[int, QueuedMessage], now: datetime
) -> None:
    """Each is about the latest attempt of its message. Never against a message that was received.

    `queued` are the queue's rows of these messages; they and the messages are locked by the caller.
    """
    failed = list(_counting(receipts, tried, queued, now))
    ids = [found.message.pk for found in failed]
    QueuedMessage.objects.filter(pk__in=ids).delete()
    move(_move(found, now) for found in failed)
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=found.message.pk, what="failed_later", detail=found.failure.words)
        for found in failed
    )
    QueuedMessage.objects.bulk_create(
        _row(found, found.due_at) for found in failed if found.due_at is not None
    )
    _take_back_again(ids, now)
    _pause_templates(failed)
    _mark_persons(failed)


def _take_back_again(message_ids: Collection[int], now: datetime) -> None:
    """What was taken back after it had been sent, or before it was known to be, is not tried again."""
    words = taken_back(message_ids)
    for row in live(pk__in=list(words)) if words else ():
        take_back([row], Status.CANCELLED, words[row.pk].why, now, words[row.pk].code)


def _counting(
    receipts: Collection[Receipt], tried: dict[int, Tried], queued: dict[int, QueuedMessage], now: datetime
) -> Iterator[_Failed]:
    """One for each message that may still fail: the last word, and of several the one that is for good."""
    by_message = {receipt.attempt.message_id: receipt for receipt in sorted(receipts, key=_weight)}
    messages = Message.objects.in_bulk(list(by_message))
    for pk, receipt in by_message.items():
        message = messages.get(pk)
        in_flight = pk in queued and queued[pk].lease_until is not None
        if message is None or in_flight:
            continue
        failed = _judged(message, receipt, tried[pk], now)
        # What waits for its next try anyway is stopped by what no try can change.
        for_good = isinstance(failed.failure, Rejected)
        if message.status in {Status.SENT, Status.UNCERTAIN} or (
            for_good and message.status == Status.RETRYING
        ):
            yield failed


def _weight(receipt: Receipt) -> tuple[int, bool, int]:
    return receipt.attempt.pk, isinstance(_failure(receipt), Rejected), receipt.event.pk


def _judged(message: Message, receipt: Receipt, tried: Tried, now: datetime) -> _Failed:
    failure = _failure(receipt)
    due_at = None if tried.refused else _again_at(message, failure, tried, now)
    return _Failed(message, failure, due_at, receipt.at)


def _move(found: _Failed, now: datetime) -> Move:
    to = Status.RETRYING if found.due_at else Status.FAILED
    return Move(found.message.pk, to, now, found.tries, found.failure.code, found.failure.words)


def _row(found: _Failed, due_at: datetime) -> QueuedMessage:
    message, held = found.message, isinstance(found.failure, TemplateHeld) and found.message.approved
    return QueuedMessage(
        message_id=message.pk,
        priority=Priority.of(registry.get(message.kind)),
        due_at=due_at,
        expires_at=message.expires_at,
        tries=found.tries,
        held_for=Held.TEMPLATE if held else None,
        waits_for="template" if held else "retry",
    )


def _again_at(message: Message, failure: Failure, tried: Tried, now: datetime) -> datetime | None:
    """By the schedule. What is no try is always followed by another, the longest wait from the last one."""
    if not isinstance(failure, NotNow | _NO_TRY):
        return None
    minutes = settings.NOTIFICATION_RETRY_MINUTES
    number = max(message.tries, 1)
    if isinstance(failure, _NO_TRY):
        number = min(tried.count, len(minutes))
    elif failure.person:
        minutes = minutes[:MOST_PERSON_WAITS]
    due_at = schedule.next_try(number, minutes, now, lambda: 0.0)
    if due_at is not None and failure.retry_after:
        due_at = max(due_at, now + timedelta(seconds=failure.retry_after))
    return due_at if due_at and due_at < message.expires_at else None


def _pause_templates(failed: Iterable[_Failed]) -> None:
    """As an answer would. After the commit: a sync locks templates before messages."""
    for found in failed:
        named = found.message.approved
        if named and isinstance(found.failure, TemplateHeld):
            pause = partial(ApprovedTemplate.pause, named["name"], named["language"], found.failure.words)
            transaction.on_commit(pause, robust=True)


def _mark_persons(failed: Iterable[_Failed]) -> None:
    """What the codes say of numbers and of their owners, in the numbers' order: two may do this at once."""
    for found in sorted(failed, key=lambda found: found.message.phone):
        wishes.reported(found.message.phone, found.failure.code, found.failure.words, found.heard_at)


def _failure(receipt: Receipt) -> Failure:
    """Where Meta's code stands is not published: every place that was seen or is likely is looked at."""
    found = [(code, error) for error in _errors(receipt) if (code := _code(error)) is not None]
    if not found:
        return meta.failure(
            -1, "WhatsApp could not deliver it and did not say why. Send it again, or ask MyOperator."
        )
    # A code of somebody else's may stand before it.
    code, error = next((each for each in found if each[0] in meta.DOCUMENTED), found[0])
    return meta.failure(code, _words(error))


def _code(error: dict[str, Any]) -> int | None:
    return meta.code_of(error.get("code", error.get("error_code")))


def _words(error: dict[str, Any]) -> str:
    """What it says of itself, the most precise first."""
    data = error.get("error_data")
    told = (data.get("details") if isinstance(data, dict) else "", error.get("title"), error.get("message"))
    return next((storable.plain(said, 400) for said in told if isinstance(said, str) and said.strip()), "")


_PLACES: tuple[tuple[str, ...], ...] = (("metadata",), (), ("data",), ("data", "context"))
_DEPTH = 3


def _errors(receipt: Receipt) -> Iterator[dict[str, Any]]:
    for place in _PLACES:
        for name in ("errors", "error"):
            yield from _spread(inner(receipt.event, *place, name), _DEPTH)


def _spread(said: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The errors in an error, in a list of them, or in a bare code; the innermost first."""
    for error in said if isinstance(said, list) else [said]:
        if isinstance(error, dict):
            for name in ("errors", "error") if depth else ():
                yield from _spread(error.get(name), depth - 1)
            yield error
        elif (meta.code_of(error) or 0) > 999:  # below, a bare number may count anything
            yield {"code": error}
