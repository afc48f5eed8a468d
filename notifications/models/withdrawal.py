"""Taking live messages back: what waits ends at once, what a worker holds ends when it comes back unaccepted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from notifications.models.history import MessageEvent
from notifications.models.message import ENDED_UNSENT, Message, Status
from notifications.models.queue import QueuedMessage
from notifications.models.transition import Move, move

UNTRUE = "withdrawn"  # the code of what says nothing true any more: it is never sent again


OUTDATED = "outdated"  # the event of a message that was not live any more, or in flight, and might be again
RESENT, GIVEN_UP = "resent", "given_up"  # events of what staff did
_LAST_WORDS = (OUTDATED, Status.CANCELLED, GIVEN_UP, RESENT)


def live(most: int | None = None, /, **whose: Any) -> list[QueuedMessage]:
    """The queue's rows that match, at most so many, locked in id order. Inside a transaction."""
    rows = QueuedMessage.objects.select_for_update(of=("self",)).filter(**whose)
    return list(rows.order_by("message_id")[:most])


def take_back(
    rows: Collection[QueuedMessage], to: Status, why: str, now: datetime, code: str = UNTRUE
) -> None:
    """End locked rows as `to`. What is in flight is marked: it becomes `to` unless the provider accepts it."""
    free = [row.pk for row in rows if row.lease_until is None]
    QueuedMessage.objects.filter(pk__in=free).delete()
    move([Move(pk, to, now, code=code, error=why) for pk in free])
    MessageEvent.objects.bulk_create([MessageEvent(message_id=pk, what=to, detail=why) for pk in free])
    mark([row.pk for row in rows if row.lease_until is not None], to, why, code)


def mark(in_flight: Collection[int], to: Status, why: str, code: str) -> None:
    """What locked rows become that a worker holds. A receipt says more, and what is not true any more stays so.

    Should one be accepted all the same, the log is all that knows of this when it fails later.
    """
    rows = QueuedMessage.objects.filter(pk__in=in_flight, withdrawn__in=("", *ENDED_UNSENT))
    if code != UNTRUE:
        rows = rows.exclude(withdrawn_code=UNTRUE)
    rows.update(withdrawn=to, withdrawn_why=why[:200], withdrawn_code=code)
    if code == UNTRUE:
        _keep_outdated(in_flight, why)


def note_outdated(why: str, now: datetime, **whose: Any) -> None:
    """Keep of those messages that matched and had their answer that they are not true any more: a receipt may say yet
    that one did not arrive, or an outage give one its last try back.
    """
    answered = Message.objects.filter(status__in=(Status.SENT, Status.FAILED), expires_at__gt=now, **whose)
    _keep_outdated(answered.values_list("pk", flat=True).iterator(), why)


def _keep_outdated(message_ids: Iterable[int], why: str) -> None:
    events = (MessageEvent(message_id=pk, what=OUTDATED, detail=why) for pk in message_ids)
    MessageEvent.objects.bulk_create(events, batch_size=5_000)


class Word(NamedTuple):
    """Why a message was taken back, and the code of it."""

    why: str
    code: str


def taken_back(message_ids: Collection[int]) -> dict[int, Word]:
    """Which of these messages are not to be sent again unless staff say so: an app took them back, or staff did.

    What was taken back may have been accepted all the same, and what was accepted may fail later.
    """
    found: dict[int, Word] = {}
    events = MessageEvent.objects.filter(message_id__in=message_ids, what__in=_LAST_WORDS).order_by("pk")
    for event in events:
        if event.what == RESENT:
            found.pop(event.message_id, None)
        elif event.what == OUTDATED:
            found[event.message_id] = Word(event.detail, UNTRUE)
        else:  # of two the first has who did it; the other is what came of it
            found.setdefault(event.message_id, _word(event))
    return found


def _word(event: MessageEvent) -> Word:
    if not event.by:
        return Word(event.detail, UNTRUE)
    said = "Given up" if event.what == GIVEN_UP else "Cancelled"
    return Word(f"{said} by {event.by}.", event.what)
