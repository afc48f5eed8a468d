"""Which of our attempts an event is about: by our reference, by MyOperator's id, or by number and words: those of a
text, or a template and its values.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.models import Attempt, Message, Status, WebhookEvent
from notifications.phones import BadPhone, e164

WORDS_FIT_FOR = timedelta(days=3)  # since the message was queued
LONGEST_NUMBER = 40
_DIGITS = re.compile(r"\+?([0-9]{6,15})")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One event about one of our attempts."""

    event: WebhookEvent
    attempt: Attempt

    @property
    def at(self) -> datetime:
        """When it happened: an event may come days late, but it is not older than its attempt."""
        return min(max(said_at(self.event), self.attempt.created_at), self.event.received_at)


@dataclass
class Tried:
    """What is known of one message's attempts, by their ids."""

    count: int = 0
    last: int = 0
    accepted: set[int] = field(default_factory=set)  # MyOperator is known to have them
    possible: set[int] = field(default_factory=set)  # it has them, or may have
    refused: bool = False  # the last of all was refused for good

    def learn(self, pk: int, outcome: str) -> None:
        self.count, self.last = self.count + 1, max(self.last, pk)
        if outcome == Attempt.Outcome.ACCEPTED:
            self.accepted.add(pk)
        if outcome in {Attempt.Outcome.ACCEPTED, Attempt.Outcome.UNCERTAIN}:
            self.possible.add(pk)
        if pk == self.last:
            self.refused = outcome == Attempt.Outcome.REJECTED

    def is_latest(self, pk: int) -> bool:
        """Whether none that MyOperator may have came after this one."""
        return pk >= max(self.possible, default=0)


def tries_of(message_ids: Collection[int]) -> dict[int, Tried]:
    """The attempts of these messages, as the log has them now."""
    found: dict[int, Tried] = {pk: Tried() for pk in message_ids}
    attempts = Attempt.objects.filter(message_id__in=message_ids).order_by()
    for message_id, pk, outcome in attempts.values_list("message_id", "pk", "outcome"):
        found[message_id].learn(pk, outcome)
    return found


def matched(events: Collection[WebhookEvent]) -> dict[int, Receipt]:
    """The receipts among these events, by the event's primary key. The same few queries for one or many."""
    by_id = {
        attempt.provider_message_id: attempt
        for attempt in Attempt.objects.filter(provider_message_id__in=list(map(provider_id, events)))
    }
    by_reference = _by_reference(events)
    found = {e.pk: by_reference.get(e.pk) or by_id.get(provider_id(e)) for e in events}
    found |= _by_words([event for event in events if found[event.pk] is None])
    return {e.pk: Receipt(e, attempt) for e in events if (attempt := found[e.pk]) is not None}


def inner(event: WebhookEvent, *names: str) -> Any:
    """What stands under these names in the event's own payload; None where it has another shape."""
    found = event.payload
    for name in ("payload", *names):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def provider_id(event: WebhookEvent) -> str:
    return _written(inner(event, "id"))[:128]


def phone(event: WebhookEvent) -> str:
    """The customer's number as E.164; it comes with or without `+`, and may lack India's 91. Empty without one."""
    found = event.payload.get("customer_identifier") if isinstance(event.payload, dict) else None
    digits = _DIGITS.fullmatch(re.sub(r"[\s().-]", "", _written(found)[:LONGEST_NUMBER]))
    for typed in (f"+{digits[1]}", digits[1]) if digits else ():
        with suppress(BadPhone):
            return e164(typed)
    return f"+{digits[1]}" if digits else ""


def _written(value: object) -> str:
    """An id or a number as text, whichever of JSON's types it came in."""
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int and 0 <= value < 10**18 else ""


def said_at(event: WebhookEvent) -> datetime:
    """When it happened by WhatsApp's clock, up to nine fractional digits; never later than we heard of it."""
    said = event.payload.get("timestamp") if isinstance(event.payload, dict) else None
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else event.received_at
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(moment.astimezone(UTC), event.received_at)
    except (ValueError, OverflowError):
        return event.received_at


def _reference(event: WebhookEvent) -> int | None:
    found = _written(inner(event, "metadata", "myop_ref_id"))
    usable = found.isascii() and found.isdecimal() and len(found) < 19
    return int(found) if usable else None


def _by_reference(events: Iterable[WebhookEvent]) -> dict[int, Attempt]:
    """Others who send from the same account number their messages too: id and customer must not contradict."""
    asked = {event: reference for event in events if (reference := _reference(event)) is not None}
    attempts = Attempt.objects.in_bulk(list(asked.values()))
    phones = dict(
        Message.objects.filter(pk__in={a.message_id for a in attempts.values()}).values_list("pk", "phone")
    )
    return {
        event.pk: attempt
        for event, reference in asked.items()
        if (attempt := attempts.get(reference)) is not None
        and (attempt.provider_message_id is None or provider_id(event) in {"", attempt.provider_message_id})
        and phone(event) in {"", phones.get(attempt.message_id)}
    }


@dataclass(frozen=True, slots=True)
class _Words:
    """What an event says was sent: a text, or an approved template by its name. What it does not say is None."""

    text: str | None = None
    template: str | None = None
    language: str | None = None
    values: dict[str, str] | None = None

    def fit(self, message: Message) -> bool:
        if self.text is not None:
            return message.text == self.text
        form = message.approved
        return form is not None and all(
            said is None or said == ours
            for said, ours in (
                (self.template, form["name"]),
                (self.language, form["language"]),
                (self.values, form["values"]),
            )
        )


def _words(event: WebhookEvent) -> _Words | None:
    context = inner(event, "data", "context")
    if not isinstance(context, dict):
        return None
    body, name, language = context.get("body"), context.get("template_name"), context.get("language")
    if isinstance(name, str) and name:
        values = {key: str(value) for key, value in body.items()} if isinstance(body, dict) else None
        return _Words(template=name, language=language if isinstance(language, str) else None, values=values)
    return _Words(text=body) if isinstance(body, str) else None


def _by_words(events: Iterable[WebhookEvent]) -> dict[int, Attempt]:
    """An attempt without an id, where exactly one message to this number with these words can be meant."""
    wanted = {
        event: (number, words)
        for event in events
        if (words := _words(event)) is not None and (number := phone(event))
    }
    fitting = _fitting({number for number, _ in wanted.values()}, list(wanted))
    found = {
        event.pk: [attempt for message, attempt in fitting.get(number, ()) if words.fit(message)]
        for event, (number, words) in wanted.items()
    }
    return {
        pk: attempts[0] for pk, attempts in found.items() if len(attempts) == 1 and attempts[0] is not None
    }


def _fitting(
    phones: Collection[str], events: Collection[WebhookEvent]
) -> dict[str, list[tuple[Message, Attempt | None]]]:
    """Per number, the messages with their last attempt without an id; None for one that is in flight."""
    since = min((event.received_at for event in events), default=None)
    if since is None:
        return {}
    messages = list(
        Message.objects.filter(phone__in=phones, created_at__gte=since - WORDS_FIT_FOR).only(
            "pk", "phone", "text", "approved", "status"
        )
    )
    attempts = {
        attempt.message_id: attempt
        for attempt in Attempt.objects.filter(
            message_id__in=[message.pk for message in messages],
            provider_message_id=None,
            outcome__in=[Attempt.Outcome.UNCERTAIN, Attempt.Outcome.ACCEPTED],
        ).order_by("pk")
    }
    found: dict[str, list[tuple[Message, Attempt | None]]] = defaultdict(list)
    for message in messages:
        if message.pk in attempts or message.status == Status.SENDING:
            found[message.phone].append((message, attempts.get(message.pk)))
    return found
