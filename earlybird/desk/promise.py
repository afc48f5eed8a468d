"""A message that is not there yet, as it would read, when it would go, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from notifications import approved, consent, headline, registry, schedule, timeline
from notifications.engine.claim import open_house
from notifications.models import Message, MessageKey, NotificationPreference, QueuedMessage, Status
from notifications.outbox import Item
from notifications.outbox.compose import Draft, Writer
from notifications.outbox.lookup import Said, look_up
from notifications.registry import MessageKind

MOST_WAITING = 20
_HOURS = "house hours"
_QUIET = "their do-not-disturb"


@dataclass(frozen=True)
class Promise:
    """`tone`: `good` it goes, `warn` it goes unless something happens or waits, `quiet` it does not go.

    `at` is when it is made; `goes_at` when it goes, None where it does not. `message` is the row, where there is one.
    """

    kind: MessageKind | None
    label: str
    at: datetime
    goes_at: datetime | None
    text: str
    tone: str
    sentence: str
    condition: str = ""
    code: str = ""
    message: Message | None = None


def promised(
    kind: MessageKind, item: Item, at: datetime, known: bool = True, condition: str = "", instead: str = ""
) -> Iterator[Promise]:
    """The message that recording this item at that moment would make; nothing where it was made before.

    `known` False: what it is about is not there yet, so no key of it can be. `instead` says when it goes where no
    clock can: it is told in place of the moment.
    """
    if known and item.key and MessageKey.objects.filter(pk=item.key).exists():
        return
    draft = Writer(kind.code, [item], at).drafts()[0]
    found = _judged(kind, draft, condition)
    yield replace(found, sentence=instead) if instead and found.goes_at else found


def waiting(phone: str) -> list[Promise]:
    """What is in the queue for this number, the next first."""
    found = QueuedMessage.objects.filter(message__phone=phone).select_related("message").order_by("due_at")
    rows = list(found[:MOST_WAITING])
    said = look_up(rows[0].message.kind, {phone})[1].get(phone) if rows else None
    return [_waits(row, said) for row in rows]


def _waits(row: QueuedMessage, said: Said | None) -> Promise:
    """A row of the queue. What a wish would end when its turn comes is said to end so."""
    message = row.message
    kind = registry.get(message.kind)
    if kind and (refused := consent.refusal(kind, message.phone, said)):
        why = f"It will not be sent when its turn comes: {refused[1]}"
        return Promise(
            kind, kind.label, message.created_at, None, message.text, "quiet", why, "", refused[0], message
        )
    return Promise(
        kind=kind,
        label=kind.label if kind else message.kind,
        at=message.created_at,
        goes_at=None if row.held_for else row.due_at,
        text=message.text,
        tone="warn" if row.held_for else "good",
        sentence=headline.headline(message),
        message=message,
    )


def _judged(kind: MessageKind, draft: Draft, condition: str) -> Promise:
    goes_at, tone, sentence = None, "quiet", draft.why
    if draft.status == Status.QUEUED:
        goes_at, tone, sentence = _timed(kind, draft)
    return Promise(
        kind, kind.label, draft.created_at, goes_at, draft.text, tone, sentence, condition, draft.code
    )


def _timed(kind: MessageKind, draft: Draft) -> tuple[datetime | None, str, str]:
    """(when it goes, tone, sentence) of a draft that may go, by hours, as the claim will ask them."""
    if approved.in_force() and not draft.approved:
        return None, "warn", "It has no approved template: it waits for one, or until the customer writes."
    goes_at, why = _first_open(kind, draft)
    if goes_at >= draft.expires_at:
        return None, "quiet", f"It would be too late: it may go only {timeline.when(goes_at)}, by {why}."
    held = f", held by {why} until then" if why else ""
    return goes_at, "good", f"Goes {timeline.when(goes_at)}{held}, or a little later."


def _first_open(kind: MessageKind, draft: Draft) -> tuple[datetime, str]:
    """The first moment at which neither the house nor the customer holds it, and which of the two held it last."""
    house = open_house()
    said = NotificationPreference.objects.filter(phone=draft.phone).first()
    start, end = (said.quiet_from, said.quiet_until) if said else (None, None)
    at, why = draft.due_at, ""
    for _ in range(4):  # the two may hand it to each other; never more than a day
        if opens := house.opens(kind, draft.expires_at, at):
            at, why = opens, _HOURS
        elif opens := schedule.quiet_until(kind, start, end, at):
            at, why = opens, _QUIET
        else:
            break
    return at, why
