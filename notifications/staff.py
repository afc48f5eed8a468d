"""What staff do to messages and to the channel. Everything leaves who did it behind."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.db import transaction

from notifications import nudge, wishes
from notifications.clock import now as clock_now
from notifications.models import Channel, Message, MessageEvent, Move, QueuedMessage, Status, move
from notifications.models.message import ENDED_UNSENT
from notifications.outbox.compose import Draft, Item, Writer

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
    now, done = clock_now(), Done()
    with transaction.atomic():
        released = _release_held(message_ids, now)
        rows = Message.objects.select_for_update(no_key=True).filter(pk__in=message_ids).order_by("pk")
        ended = []
        for message in rows:
            if message.error_code == "withdrawn":  # what it says is not true any more
                done.refused[message.pk] = f"It was taken back: {message.error.rstrip('.')}."
            elif message.status in ENDED_UNSENT:
                ended.append(message)
            elif message.pk not in released:
                done.refused[message.pk] = f"It is {message.status}."
        wishes.checked({message.phone for message in ended}, by)
        again = [(m, draft) for m, draft in _drafts(ended, now) if not _refused(m, draft, done)]
        _queue_again(again, now)
        done.ids = sorted([*released, *(message.pk for message, _ in again)])
        _note("resent", done.ids, by)
        nudge.on_commit()
    return done


def cancel(message_ids: Collection[int], by: str) -> Done:
    """Cancel what is not sent yet. What is being sent at this moment is cancelled unless it is accepted."""
    now, done = clock_now(), Done()
    with transaction.atomic():
        rows = list(QueuedMessage.objects.select_for_update().filter(pk__in=message_ids).order_by("pk"))
        free = [row.pk for row in rows if row.lease_until is None]
        QueuedMessage.objects.filter(pk__in=free).delete()
        QueuedMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
            withdrawn=Status.CANCELLED, withdrawn_why=f"Cancelled by {by}."[:200]
        )
        move(Move(pk, Status.CANCELLED, now, code="cancelled", error=f"Cancelled by {by}.") for pk in free)
        done.ids = [row.pk for row in rows]
        _note("cancelled", done.ids, by)
    others = Message.objects.filter(pk__in=set(message_ids) - set(done.ids))
    done.refused = {message.pk: f"It is {message.status}." for message in others}
    return done


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
        waiting = QueuedMessage.objects.filter(waits_for__in=["provider", "channel"], lease_until=None)
        waiting.filter(due_at__gt=now).update(due_at=now)
        nudge.on_commit()
    logger.warning("channel resumed by %s", by)


def _set(channel: Channel, state: Channel.State, by: str, why: str) -> None:
    channel.state, channel.reason, channel.changed_by = state, why[:500], by[:150]
    channel.since, channel.probe_message_id = clock_now(), None
    channel.save()


def _release_held(message_ids: Collection[int], now: datetime) -> set[int]:
    held = QueuedMessage.objects.select_for_update().filter(pk__in=message_ids, held_for__isnull=False)
    ids = set(held.order_by("pk").values_list("pk", flat=True))
    QueuedMessage.objects.filter(pk__in=ids).update(
        held_for=None, waits_for="", due_at=now, tries=0, claims=0, put_offs=0, passes_hours=True
    )
    return ids


def _drafts(messages: list[Message], now: datetime) -> Iterable[tuple[Message, Draft]]:
    """How each message would be written today: whether it may be, its place in the queue, until when."""
    for kind, of_kind in groupby(sorted(messages, key=lambda m: m.kind), key=lambda m: m.kind):
        same = list(of_kind)
        yield from zip(same, Writer(kind, [_item(m, now) for m in same], now).drafts(), strict=True)


def _item(message: Message, now: datetime) -> Item:
    expires_at = message.expires_at if message.expires_at > now else None
    return Item(
        message.phone,
        message.variables,
        expires_at=expires_at,
        language=message.language,
        is_test=message.is_test,
    )


def _refused(message: Message, draft: Draft, done: Done) -> bool:
    """A text that is there is sent as it is, whatever became of its template; a wish is a wish today too."""
    unsendable = draft.status == Status.SUPPRESSED or not (message.text or draft.text)
    if unsendable:
        done.refused[message.pk] = draft.why
    return unsendable


def _queue_again(again: Collection[tuple[Message, Draft]], now: datetime) -> None:
    moved = {made.message_id for made in move(Move(m.pk, Status.QUEUED, now, tries=0) for m, _ in again)}
    for message, draft in again:
        _write(message, draft)
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


def _write(message: Message, draft: Draft) -> None:
    """Until when it is worth sending; and the words of a message that had none, or whose approved template may have
    become another since. A test keeps the words that it tries.
    """
    again = draft.message()
    names = ("text", "language", "template_version", "approved")
    keeps = message.text and (message.is_test or not again.approved)
    words = {} if keeps else {name: getattr(again, name) for name in names}
    Message.objects.filter(pk=message.pk).update(expires_at=draft.expires_at, **words)


def _note(what: str, message_ids: Collection[int], by: str) -> None:
    MessageEvent.objects.bulk_create(MessageEvent(message_id=pk, what=what, by=by) for pk in message_ids)
    if message_ids:
        logger.info("%s by %s: %s", what, by, sorted(message_ids))
