"""What an act of staff's would do to which messages, and why not to the others: one judgement, to look and to do.

`staff` asks with the rows locked and then does what is said here; whoever only looks asks with the rows as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from notifications import registry
from notifications.models import Held, Message, QueuedMessage, Status
from notifications.models.message import ENDED_UNSENT
from notifications.models.withdrawal import UNTRUE, taken_back
from notifications.outbox.compose import Draft, Item, Writer

ECHO = "MyOperator may have sent these already: the customers may get them a second time."
OLD = "Their time is over: the customers would be told now of what is past."
NO_FORM = "Their approved template could not be sent. Where that has not changed they wait again."
FROM_HERE = "They are being sent at this moment: they are cancelled unless MyOperator takes them."
_OF_HELD = {Held.UNCERTAIN: ECHO, Held.POISON: ECHO, Held.TEMPLATE: NO_FORM}


@dataclass
class Judged:
    """What is done to which messages.

    held     those that are on hold, or wait in the queue, and are let go or taken out of it
    ended    those that have ended
    drafts   how those of `ended` that are sent again would be written today
    refused  why not, in a sentence, by id
    warned   what staff should know before, by id
    """

    held: list[int] = field(default_factory=list)
    ended: list[Message] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    warned: dict[int, str] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)

    @property
    def ids(self) -> list[int]:
        return sorted([*self.held, *(message.pk for message in self.ended)])

    @property
    def categories(self) -> Counter[str]:
        """How many of `ids` there are of each of Meta's categories, which is what they cost by."""
        return Counter(_category(self.kinds[pk]) for pk in self.ids)


def resend(rows: Iterable[Message], queued: Collection[QueuedMessage], now: datetime) -> Judged:
    """Which are queued again or let go. `queued`: their rows of the queue."""
    judged, again, rows = Judged(), [], list(rows)
    held = {row.pk: row.held_for for row in queued if row.held_for}
    over = taken_back([message.pk for message in rows])
    for message in rows:
        judged.kinds[message.pk] = message.kind
        if message.pk in held:
            judged.held.append(message.pk)
            if words := _OF_HELD.get(Held(held[message.pk])):
                judged.warned[message.pk] = words
        elif message.error_code == UNTRUE:  # what it says is not true any more
            judged.refused[message.pk] = f"It was taken back: {message.error.rstrip('.')}."
        elif message.status == Status.FAILED and (word := over.get(message.pk)) and word.code == UNTRUE:
            judged.refused[message.pk] = _is_over(word.why)
        elif message.status in ENDED_UNSENT:
            again.append(message)
        else:
            judged.refused[message.pk] = f"It is {message.status}."
    _write_again(judged, again, now)
    return judged


def _is_over(why: str) -> str:
    said = why.rstrip(".")
    return f"What it says is not true any more{f': {said}' if said else ''}."


def cancel(rows: Iterable[Message], queued: Collection[QueuedMessage]) -> Judged:
    """Which are taken out of the queue."""
    places, judged = {row.pk: row for row in queued}, Judged()
    for message in rows:
        judged.kinds[message.pk] = message.kind
        place = places.get(message.pk)
        if place is None:
            judged.refused[message.pk] = f"It is {message.status}."
            continue
        judged.held.append(message.pk)
        if place.lease_until is not None:
            judged.warned[message.pk] = FROM_HERE
    return judged


def give_up(rows: Iterable[Message], queued: Collection[QueuedMessage]) -> Judged:
    """Which are taken off hold for good, and which need nobody any more though they did not go."""
    held, judged = {row.pk for row in queued if row.held_for}, Judged()
    for message in rows:
        judged.kinds[message.pk] = message.kind
        if message.pk in held:
            judged.held.append(message.pk)
        elif message.given_up_at is not None:
            judged.refused[message.pk] = "It was given up before."
        elif message.unsettled:
            judged.ended.append(message)
        else:
            judged.refused[message.pk] = f"It is {message.status}: there is nothing to give up."
    return judged


def _category(code: str) -> str:
    kind = registry.get(code)
    return kind.category if kind else "utility"


def _write_again(judged: Judged, again: list[Message], now: datetime) -> None:
    """A text that is there is sent as it is, whatever became of its template; a wish is a wish today too."""
    for message, draft in _drafts(again, now):
        if draft.status == Status.SUPPRESSED or not (message.text or draft.text):
            judged.refused[message.pk] = draft.why
            continue
        judged.ended.append(message)
        judged.drafts.append(draft)
        if message.expires_at <= now:
            judged.warned[message.pk] = OLD


def _drafts(messages: list[Message], now: datetime) -> Iterable[tuple[Message, Draft]]:
    """How each would be written today: whether it may be, its place in the queue, until when.

    Whoever sends again has checked the number, so that it could not be reached before says nothing.
    """
    for kind, of_kind in groupby(sorted(messages, key=lambda m: (m.kind, m.pk)), key=lambda m: m.kind):
        same = list(of_kind)
        writer = Writer(kind, [_item(m, now) for m in same], now, numbers_checked=True)
        yield from zip(same, writer.drafts(), strict=True)


def _item(message: Message, now: datetime) -> Item:
    expires_at = message.expires_at if message.expires_at > now else None
    return Item(
        message.phone,
        message.variables,
        expires_at=expires_at,
        language=message.language,
        is_test=message.is_test,
    )
