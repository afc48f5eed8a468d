"""Applying what MyOperator reported: idempotent, in any order, never backwards. What customers write: `replies`.

`delivered` or `read` of any attempt wins; `failed` counts only for the latest that MyOperator may have; `sent` says
something only of an attempt whose acceptance was not known, and nothing where a later one was accepted.
What matches no attempt yet is kept and looked at again, for a day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import Q

from notifications import erasure, nudge, receipt_failures, replies
from notifications.models import LIVE, Attempt, Message, MessageEvent, Move, QueuedMessage, WebhookEvent, move
from notifications.models.erasure import is_erased
from notifications.models.message import Status
from notifications.receipt_matching import Receipt, Tried, matched, provider_id, tries_of

logger = logging.getLogger(__name__)

BATCH = 500
# Seconds until an event that matched nothing is looked at again; after the last it is set aside.
AGAIN = (0.2, 1, 5, 15, 60, 300, 900, 3600, 14400, 43200, 86400)

_SENT, _FAILED = "message.sent", "message.failed"
_TARGETS = {_SENT: Status.SENT, "message.delivered": Status.DELIVERED, "message.read": Status.READ}
_RANK = {Status.SENT: 0, Status.DELIVERED: 1, Status.READ: 2}
_REPLIES = Q(event_type=replies.TYPE)

Apply = Callable[[Collection[WebhookEvent], datetime], int]


def apply_waiting(now: datetime) -> int:
    """Apply what is due, batch by batch, replies and receipts in turn. Returns how many events were looked at."""
    total, full = 0, True
    while full:
        # Each sort in transactions of its own, so that each locks in one order.
        found = [_apply_batch(_REPLIES, _take_in, now), _apply_batch(~_REPLIES, _match, now)]
        total, full = total + sum(found), max(found) >= BATCH
    soon = WebhookEvent.objects.filter(
        applied_at=None, due_at__lte=now + timedelta(seconds=1), due_at__gt=now
    )
    if soon.exists():
        nudge.receipts()
    return total


def _apply_batch(which: Q, apply: Apply, now: datetime) -> int:
    due = WebhookEvent.objects.filter(which, applied_at=None, due_at__lte=now).order_by("due_at", "id")[
        :BATCH
    ]
    try:
        with transaction.atomic():
            return apply(list(due.select_for_update(skip_locked=True)), now)
    except OperationalError:
        raise  # the database's trouble: no event is to blame
    except Exception:
        # One event of a shape nobody thought of must not hold the others.
        logger.exception("a batch of events failed; applying them one by one")
    return sum(_apply_alone(apply, pk, now) for pk in due.values_list("pk", flat=True))


def _apply_alone(apply: Apply, pk: int, now: datetime) -> int:
    try:
        with transaction.atomic():
            event = WebhookEvent.objects.select_for_update(skip_locked=True).filter(pk=pk, applied_at=None)
            return apply(list(event), now)
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("event %s cannot be applied; it is set aside", pk)
        result = f"poison: {type(error).__name__}"[:64]
        return WebhookEvent.objects.filter(pk=pk).update(applied_at=now, result=result)


def _take_in(events: Collection[WebhookEvent], now: datetime) -> int:
    if events:
        read = replies.apply(events, now)
        _done([event for event in events if event.pk in read], "applied", now)
        _done([event for event in events if event.pk not in read], "ignored", now)
    return len(events)


def _match(events: Collection[WebhookEvent], now: datetime) -> int:
    ours = [event for event in events if _about_ours(event)]
    receipts = matched(ours)
    _done([event for event in events if not _about_ours(event)], "ignored", now)
    _wait_again([event for event in ours if event.pk not in receipts], now)
    if receipts:
        followed = _follow(list(receipts.values()), now)
        _done([receipt.event for receipt in followed], "applied", now)
    return len(events)


def _about_ours(event: WebhookEvent) -> bool:
    return event.event_type in _TARGETS or event.event_type == _FAILED


def _follow(receipts: Collection[Receipt], now: datetime) -> Collection[Receipt]:
    """Returns those that were followed: whoever was erased is told of in none."""
    failed = [receipt for receipt in receipts if receipt.event.event_type == _FAILED]
    receipt_failures.tell_channel(failed, now)  # it is locked before the queue's rows
    queued, erased = _locked({receipt.attempt.message_id for receipt in receipts})
    receipts = _but_erased(receipts, erased)
    failed = [receipt for receipt in receipts if receipt.event.event_type == _FAILED]
    tried = tries_of({r.attempt.message_id for r in receipts if _is_weak(r)})
    _advance([receipt for receipt in receipts if _moves(receipt, tried)], queued)
    counting = [r for r in failed if tried[r.attempt.message_id].is_latest(r.attempt.pk)]
    receipt_failures.apply(counting, tried, queued, now)
    ignored = {receipt.event.pk for receipt in failed} - {receipt.event.pk for receipt in counting}
    _learn([receipt for receipt in receipts if receipt.event.pk not in ignored])
    _name(receipts)
    return receipts


def _but_erased(receipts: Collection[Receipt], erased: Collection[int]) -> Collection[Receipt]:
    """Without what is about these messages, which is forgotten: ids and words may have the number in them."""
    if erased:
        erasure.forget_events([r.event.pk for r in receipts if r.attempt.message_id in erased])
    return [receipt for receipt in receipts if receipt.attempt.message_id not in erased]


def _is_weak(receipt: Receipt) -> bool:
    """Whether the message's other attempts decide what it means."""
    return receipt.event.event_type in {_SENT, _FAILED}


def _moves(receipt: Receipt, tried: dict[int, Tried]) -> bool:
    """Whether it takes its message forward."""
    if receipt.event.event_type != _SENT:
        return receipt.event.event_type in _TARGETS
    accepted = tried[receipt.attempt.message_id].accepted
    return receipt.attempt.pk > max(accepted, default=0)


def _locked(message_ids: Collection[int]) -> tuple[dict[int, QueuedMessage], set[int]]:
    """Lock all that the batch may touch, in the order of locks everywhere. Returns the queue's rows by message, and
    the messages of people who were erased, which may have been since the receipts were matched.
    """
    rows = QueuedMessage.objects.select_for_update().filter(pk__in=message_ids).order_by("pk")
    queued = {row.pk: row for row in rows}
    messages = Message.objects.select_for_update(no_key=True).filter(pk__in=message_ids).order_by("pk")
    return queued, {pk for pk, phone in messages.values_list("pk", "phone") if is_erased(phone)}


def _advance(receipts: Collection[Receipt], queued: dict[int, QueuedMessage]) -> None:
    """Move each message to the furthest that any of its receipts says."""
    best: dict[int, Move] = {}
    for receipt in receipts:
        target = _TARGETS[receipt.event.event_type]
        wanted = Move(receipt.attempt.message_id, target, receipt.at)
        was = best.setdefault(wanted.message_id, wanted)
        best[wanted.message_id] = max(was, wanted, key=lambda either: _RANK[either.to])
    _settle_queue(best, queued)
    moved = move(best.values())
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=made.message_id, what=made.status, detail=_how(made.was)) for made in moved
    )


def _how(was: str) -> str:
    return "The receipt settled what was uncertain." if was in LIVE else "By receipt."


def _settle_queue(best: dict[int, Move], queued: dict[int, QueuedMessage]) -> None:
    """What waited to be sent again was received after all. What is in flight just now is told when it comes back."""
    rows = [queued[pk] for pk in best if pk in queued]
    QueuedMessage.objects.filter(pk__in=[row.pk for row in rows if row.lease_until is None]).delete()
    in_flight = [row for row in rows if row.lease_until is not None]
    for row in in_flight:
        row.withdrawn, row.withdrawn_why = best[row.pk].to, "received"
    QueuedMessage.objects.bulk_update(in_flight, ["withdrawn", "withdrawn_why"])


def _learn(receipts: Collection[Receipt]) -> None:
    """Whoever is reported on was accepted."""
    fresh = [r.attempt.pk for r in receipts if r.attempt.outcome != Attempt.Outcome.ACCEPTED]
    Attempt.objects.filter(pk__in=fresh).update(outcome=Attempt.Outcome.ACCEPTED)


def _name(receipts: Collection[Receipt]) -> None:
    """The ids of those that were accepted without one."""
    nameless = [receipt for receipt in receipts if receipt.attempt.provider_message_id is None]
    named = {found: r.attempt for r in nameless if (found := provider_id(r.event))}
    taken = Attempt.objects.filter(provider_message_id__in=named).values_list(
        "provider_message_id", flat=True
    )
    for found in named.keys() - set(taken):
        named[found].provider_message_id = found
    Attempt.objects.bulk_update(named.values(), ["provider_message_id"])


def _wait_again(events: Collection[WebhookEvent], now: datetime) -> None:
    late = erasure.forget_late([event for event in events if event.tries >= erasure.TRIES])
    events = [event for event in events if event.pk not in late]
    waiting = [event for event in events if event.tries < len(AGAIN)]
    _done([event for event in events if event.tries >= len(AGAIN)], "unmatched", now)
    for event in waiting:
        event.due_at = now + timedelta(seconds=AGAIN[event.tries])
        event.tries += 1
    WebhookEvent.objects.bulk_update(waiting, ["due_at", "tries"])


def _done(events: Iterable[WebhookEvent], result: str, now: datetime) -> None:
    WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).update(applied_at=now, result=result)
