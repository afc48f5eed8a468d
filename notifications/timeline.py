"""What happened to a message, in the words of people who are not engineers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from notifications import reasons, registry
from notifications.clock import now as clock_now
from notifications.models import (
    Attempt,
    ConsentEvent,
    InboundMessage,
    Message,
    MessageEvent,
    QueuedMessage,
    Status,
)
from notifications.models.withdrawal import GIVEN_UP, OUTDATED, RESENT

MOST_AROUND = 10  # replies, or changed wishes, shown with one message
BEFORE, AFTER = timedelta(hours=1), timedelta(days=1)  # it was asked for
ASKED = "asked"  # the event that keeps who asked for it by API

_OUTCOMES = {
    Attempt.Outcome.ACCEPTED: "MyOperator accepted it",
    Attempt.Outcome.NOT_SENT: "MyOperator could not be reached",
    Attempt.Outcome.TOO_FAST: "MyOperator asked us to slow down",
    Attempt.Outcome.NOT_NOW: "MyOperator had a fault",
    Attempt.Outcome.REJECTED: "MyOperator refused it for good",
    Attempt.Outcome.TEMPLATE_HELD: "its approved template could not be used",
    Attempt.Outcome.CHANNEL_DOWN: "MyOperator refused our account",
    Attempt.Outcome.UNCERTAIN: "nobody knows whether MyOperator took it",
}
_EVENTS = {
    Status.SENT: "A receipt says that it was sent",
    Status.DELIVERED: "It arrived on the phone",
    Status.READ: "The customer read it",
    Status.FAILED: "It failed",
    Status.EXPIRED: "It was given up",
    Status.SUPPRESSED: "It is not sent",
    Status.CANCELLED: "Cancelled",
    "held": "Held: staff decide",
    "template_held": "It waits for an approved template",
    "sent_again": "It was sent a second time",
    "late_answer": "MyOperator's answer came late",
    "repeated_id": "MyOperator gave an id it had used before",
    RESENT: "Queued again",
    "test": "Sent as a test",
    GIVEN_UP: "Given up: nobody is told of it any more",
    "failed_later": "MyOperator reported a failure",
    "given_back": "A try was given back",
    OUTDATED: "What it says is not true any more",
}
_PUT_OFF_FOR = reasons.WAITS | {"retry": ""}


# What a customer switched, by the code that refused a message for it.
_REFUSED_BY = {"opted_out": "enabled", "131050": "marketing_opt_in_at", "no_opt_in": "marketing_opt_in_at"}
_TONES: dict[str, str] = {
    Attempt.Outcome.ACCEPTED: "good",
    Attempt.Outcome.REJECTED: "bad",
    Attempt.Outcome.CHANNEL_DOWN: "bad",
    Status.SENT: "good",
    Status.DELIVERED: "good",
    Status.READ: "good",
    Status.FAILED: "bad",
    "failed_later": "bad",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `by` is empty where nobody in person did it.

    tone  good, bad, said (by the customer), ahead (not yet), or nothing of these
    """

    at: datetime
    words: str
    detail: str = ""
    by: str = ""
    tone: str = ""


def lines(message: Message) -> list[Line]:
    """Everything that happened to a message, the earliest first, and what comes next."""
    events = list(MessageEvent.objects.filter(message_id=message.pk))
    found = [_asked_for(message, events)]
    found += map(_tried, Attempt.objects.filter(message_id=message.pk))
    found += map(_happened, (event for event in events if event.what != ASKED))
    found += _around(message)
    return sorted([*found, *_ahead(message)], key=lambda line: line.at)


def _asked_for(message: Message, events: Iterable[MessageEvent]) -> Line:
    """Where it comes from: somebody who asked for it by API, or what happened in the shop."""
    until = f"It is worth sending until {when(message.expires_at).removeprefix('on ')}."
    by = next((event.by for event in events if event.what == ASKED), "")
    if by:
        return Line(message.created_at, "Asked for by API,", until, by)
    if message.is_test:
        return Line(message.created_at, "Asked for by staff, to try a text", until)
    kind = registry.get(message.kind)
    cause = f", because {kind.cause}" if kind and kind.cause else ""
    return Line(message.created_at, f"Asked for{cause}", until)


def _ahead(message: Message) -> Iterator[Line]:
    """When it goes, where it waits for its time alone."""
    queued = getattr(message, "queued", None)
    if queued is not None and queued.held_for is None and queued.due_at > clock_now():
        why = waits_for(queued)
        words = "Will be tried again" if message.tries else "Will be sent"
        yield Line(queued.due_at, words, f"It waits for {why}." if why else "", tone="ahead")


def _around(message: Message) -> Iterator[Line]:
    """What the customer wrote that day, and how their wishes changed; why they refused it, however long ago."""
    begin, end = message.created_at - BEFORE, message.created_at + AFTER
    wrote = InboundMessage.objects.filter(phone=message.phone, received_at__gte=begin, received_at__lt=end)
    for reply in wrote.order_by("received_at", "id")[:MOST_AROUND]:
        yield Line(reply.received_at, "The customer wrote", reply.beginning, tone="said")
    for event in _wishes(message, begin, end):
        yield Line(event.at, _wished(event), event.words, event.by, "said")


def _wished(event: ConsentEvent) -> str:
    how, switched = event.get_how_display(), {"on": "on", "off": "off"}.get(event.new)
    if event.what == "enabled" and switched:
        return f"All messages were switched {switched} {how}"
    return f"Messages {event.about} were switched {switched} {how}" if switched else f"Changed {how}: {event}"


def _wishes(message: Message, begin: datetime, end: datetime) -> set[ConsentEvent]:
    theirs = ConsentEvent.objects.filter(phone=message.phone)
    found = set(theirs.filter(at__gte=begin, at__lt=end)[:MOST_AROUND])
    what = _refused_by(message)
    if what:
        refused = theirs.filter(what=what, act=ConsentEvent.Act.OPT_OUT, at__lte=end)
        found.update(refused[:1])
    return found


def _refused_by(message: Message) -> str:
    kind = registry.get(message.kind)
    if message.error_code == "category_off" and kind is not None:
        return kind.preference
    return _REFUSED_BY.get(message.error_code, "")


def _tried(attempt: Attempt) -> Line:
    words = f"Try {attempt.number}: {_OUTCOMES[Attempt.Outcome(attempt.outcome)]}"
    told = [attempt.detail, f"code {attempt.code}" if attempt.code else "", f"{attempt.milliseconds} ms"]
    detail, tone = " · ".join(filter(None, told)), _TONES.get(attempt.outcome, "")
    return Line(attempt.created_at, words, detail, tone=tone)


def _happened(event: MessageEvent) -> Line:
    if event.what == "put_off":
        return Line(event.created_at, "Put off", _put_off(event.detail))
    words = _EVENTS.get(event.what, event.what.replace("_", " ").capitalize())
    return Line(event.created_at, words, event.detail, event.by, _TONES.get(event.what, ""))


def _put_off(detail: str) -> str:
    """`quiet_hours 2026-11-26T01:30:00+00:00`, as the claim writes it, in words."""
    why, _, until = detail.partition(" ")
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        return detail
    return f"until {when(moment).removeprefix('on ')}, for {_PUT_OFF_FOR.get(why) or why}"


def waits_for(queued: QueuedMessage) -> str:
    """What a message in the queue waits for, beside its time; empty where that is all."""
    return _PUT_OFF_FOR.get(queued.waits_for, queued.waits_for)


def wait(queued: QueuedMessage) -> str:
    """The same as a sentence with its end; empty where nothing but its turn is waited for."""
    if queued.held_for:
        return f"On hold: {queued.get_held_for_display()}."
    why = waits_for(queued)
    return f"Waits until {when(queued.due_at).removeprefix('on ')}, for {why}." if why else ""


def when(moment: datetime | None) -> str:
    """A moment as people say it: `today at 7:30 AM`, `on 2 February at 7:30 AM`."""
    if moment is None:
        return "at an unknown time"
    local, now = timezone.localtime(moment), timezone.localtime(clock_now())
    year = f" {local.year}" if local.year != now.year else ""
    days = {0: "today", 1: "tomorrow", -1: "yesterday"}
    day = days.get((local.date() - now.date()).days, f"on {local.day} {local:%B}{year}")
    return f"{day} at {local.hour % 12 or 12}:{local:%M %p}"
