"""What staff do to messages and to the channel. Everything leaves who did it behind."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction

from notifications import foreseeing, nudge, wishes
from notifications.clock import now as clock_now
from notifications.models import (
    Channel,
    ChannelEvent,
    Message,
    MessageEvent,
    Move,
    QueuedMessage,
    Status,
    move,
)
from notifications.models.revival import wake
from notifications.models.withdrawal import GIVEN_UP, RESENT, mark
from notifications.outbox.compose import Draft

logger = logging.getLogger(__name__)


@dataclass
class Done:
    """The ids of the messages it was done to, and for the others why it was not."""

    ids: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def resend(message_ids: Collection[int], by: str) -> Done:
    """Queue messages again that ended unsent, their tries begun anew; let go what was held for staff.

    A message whose time is over gets the time its kind has; one that was never written is written now. What was
    sent, is on its way, or would be refused again is refused with the reason. `by` is the user's name.
    """
    now = clock_now()
    with transaction.atomic():
        queued, rows = _locked(message_ids)
        judged = foreseeing.resend(rows, queued, now)
        _let_go(judged.held, now)
        wishes.checked({message.phone for message in judged.ended}, by)
        _queue_again(list(zip(judged.ended, judged.drafts, strict=True)), now)
        _note(RESENT, judged.ids, by)
        nudge.on_commit()
    return Done(judged.ids, judged.refused)


def cancel(message_ids: Collection[int], by: str) -> Done:
    """Cancel what is not sent yet. What is being sent at this moment is cancelled unless it is accepted."""
    now, why = clock_now(), f"Cancelled by {by}."
    with transaction.atomic():
        queued, rows = _locked(message_ids)
        judged = foreseeing.cancel(rows, queued)
        free = [row.pk for row in queued if row.lease_until is None]
        QueuedMessage.objects.filter(pk__in=free).delete()
        mark([row.pk for row in queued if row.lease_until is not None], Status.CANCELLED, why, "cancelled")
        move(Move(pk, Status.CANCELLED, now, code="cancelled", error=why) for pk in free)
        _note("cancelled", judged.held, by)
    return Done(judged.ids, judged.refused)


def give_up(message_ids: Collection[int], by: str, why: str = "") -> Done:
    """Take back what is on hold; of what has failed or expired, keep that nobody needs to be told any more.

    MyOperator may have sent what was on hold because nobody knows: should a receipt say so, it is sent.
    """
    now, words = clock_now(), f"Given up by {by}{f': {why}' if why else ''}."
    with transaction.atomic():
        queued, rows = _locked(message_ids)
        judged = foreseeing.give_up(rows, queued)
        QueuedMessage.objects.filter(pk__in=judged.held).delete()
        move(Move(pk, Status.CANCELLED, now, code="given_up", error=words) for pk in judged.held)
        Message.objects.filter(pk__in=[m.pk for m in judged.ended]).update(given_up_at=now)
        _note(GIVEN_UP, judged.ids, by, why)
    return Done(judged.ids, judged.refused)


def stop_channel(by: str, why: str) -> None:
    """Stop all sending until somebody resumes it. What is in flight comes back; the rest waits."""
    with transaction.atomic():
        channel = Channel.locked(settings.MYOPERATOR_PHONE_NUMBER)
        _set(channel, Channel.State.STOPPED, by, why)
    logger.warning("channel stopped by %s", by)


def resume_channel(by: str) -> None:
    """Send again. Where MyOperator is still away or refuses us, the channel closes by itself as before."""
    now = clock_now()
    with transaction.atomic():
        channel = Channel.locked(settings.MYOPERATOR_PHONE_NUMBER)
        channel.not_sent_in_a_row, channel.troubled_ids, channel.not_before = 0, [], now
        _set(channel, Channel.State.OPEN, by, "")
        wake(now)
        nudge.on_commit()
    logger.warning("channel resumed by %s", by)


def _set(channel: Channel, state: Channel.State, by: str, why: str) -> None:
    channel.state, channel.reason, channel.changed_by = state, why[:500], by[:150]
    channel.since, channel.probe_message_id = clock_now(), None
    channel.save()
    ChannelEvent.keep(channel)


def _locked(message_ids: Collection[int]) -> tuple[list[QueuedMessage], list[Message]]:
    """The rows of the queue and of the log, in the order of locks everywhere."""
    queued = QueuedMessage.objects.select_for_update(of=("self",)).filter(pk__in=message_ids)
    found = list(queued.order_by("pk"))
    rows = Message.objects.select_for_update(no_key=True).filter(pk__in=message_ids)
    return found, list(rows.order_by("pk"))


def _let_go(message_ids: Collection[int], now: datetime) -> None:
    QueuedMessage.objects.filter(pk__in=message_ids).update(
        held_for=None, waits_for="", due_at=now, tries=0, claims=0, put_offs=0, passes_hours=True
    )


def _queue_again(again: Collection[tuple[Message, Draft]], now: datetime) -> None:
    moved = {made.message_id for made in move(Move(m.pk, Status.QUEUED, now, tries=0) for m, _ in again)}
    for message, draft in again:
        _word(message, draft)
    _give_time(again)
    QueuedMessage.objects.bulk_create(
        QueuedMessage(
            message_id=message.pk,
            priority=draft.priority,
            due_at=now,
            expires_at=draft.expires_at,
            passes_hours=True,
        )
        for message, draft in again
        if message.pk in moved
    )


def _word(message: Message, draft: Draft) -> None:
    """The words of a message that had none, or whose approved template may have become another since; or whose text
    was switched off when it was due, and may be another now. A test keeps the words that it tries.
    """
    fresh = draft.message()
    was_off = message.error_code == "template_off" and fresh.text
    if not message.text or was_off or (fresh.approved and not message.is_test):
        names = ("text", "language", "template_version", "approved")
        Message.objects.filter(pk=message.pk).update(**{name: getattr(fresh, name) for name in names})


def _give_time(again: Collection[tuple[Message, Draft]]) -> None:
    """Until when each is worth sending, which is the same for most; and whoever gave it up has changed their mind."""
    by_end: dict[datetime, list[int]] = {}
    for message, draft in again:
        if draft.expires_at != message.expires_at:
            by_end.setdefault(draft.expires_at, []).append(message.pk)
    for expires_at, ids in by_end.items():
        Message.objects.filter(pk__in=ids).update(expires_at=expires_at)
    given_up = [message.pk for message, _ in again if message.given_up_at is not None]
    Message.objects.filter(pk__in=given_up).update(given_up_at=None)


def _note(what: str, message_ids: Collection[int], by: str, detail: str = "") -> None:
    events = (MessageEvent(message_id=pk, what=what, by=by, detail=detail[:500]) for pk in message_ids)
    MessageEvent.objects.bulk_create(events)
    if message_ids:
        logger.info("%s by %s: %d messages, msg_%d to msg_%d", what, by, len(message_ids),
                    min(message_ids), max(message_ids))  # fmt: skip
