"""What happened to a message, in the words of people who are not engineers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from notifications.clock import now as clock_now
from notifications.models import (
    Attempt,
    Channel,
    ConsentEvent,
    Held,
    InboundMessage,
    Message,
    MessageEvent,
    QueuedMessage,
    Status,
)

MOST_REPLIES = 10  # shown with one message
REPLIES_FOR = timedelta(days=1)  # after it was asked for

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
    "resent": "Queued again",
    "test": "Sent as a test",
    "given_up": "Given up: nobody is told of it any more",
    "failed_later": "MyOperator reported a failure",
}
_WAITS = {
    "retry": "",
    "receipt": "a receipt that says whether it was sent",
    "provider": "MyOperator to answer again",
    "channel": "MyOperator to accept our account again",
    "quiet_hours": "decent hours",
    "person": "a pause between two messages to the same person",
    "pace": "MyOperator, which asked us to slow down",
    "template": "the approved template",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `by` is empty where nobody in person did it."""

    at: datetime
    words: str
    detail: str = ""
    by: str = ""


def lines(message: Message) -> list[Line]:
    """Everything that happened to a message, the earliest first."""
    found = [Line(message.created_at, "Asked for")]
    found += map(_tried, Attempt.objects.filter(message_id=message.pk))
    found += map(_happened, MessageEvent.objects.filter(message_id=message.pk))
    found += _around(message)
    return sorted(found, key=lambda line: line.at)


def _around(message: Message) -> Iterator[Line]:
    """What the customer wrote that day, and what an opted-out one said before."""
    wrote = InboundMessage.objects.filter(
        phone=message.phone,
        received_at__gte=message.created_at,
        received_at__lt=message.created_at + REPLIES_FOR,
    )
    for reply in wrote.order_by("received_at", "id")[:MOST_REPLIES]:
        yield Line(reply.received_at, "The customer wrote", reply.beginning)
    if message.error_code == "opted_out":
        last = ConsentEvent.objects.filter(phone=message.phone, what="enabled", act=ConsentEvent.Act.OPT_OUT)
        for event in last[:1]:
            words = f"All messages were switched off {event.get_how_display()}"
            yield Line(event.at, words, event.words, event.by)


def _tried(attempt: Attempt) -> Line:
    words = f"Try {attempt.number}: {_OUTCOMES[Attempt.Outcome(attempt.outcome)]}"
    told = [attempt.detail, f"code {attempt.code}" if attempt.code else "", f"{attempt.milliseconds} ms"]
    return Line(attempt.created_at, words, " · ".join(filter(None, told)))


def _happened(event: MessageEvent) -> Line:
    if event.what == "put_off":
        return Line(event.created_at, "Put off", _put_off(event.detail))
    words = _EVENTS.get(event.what, event.what.replace("_", " ").capitalize())
    return Line(event.created_at, words, event.detail, event.by)


def _put_off(detail: str) -> str:
    """`quiet_hours 2026-11-26T01:30:00+00:00`, as the claim writes it, in words."""
    why, _, until = detail.partition(" ")
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        return detail
    return f"until {when(moment).removeprefix('on ')}, for {_WAITS.get(why) or why}"


def headline(message: Message) -> str:
    """One sentence: what became of a message, or what it waits for."""
    queued = QueuedMessage.objects.filter(pk=message.pk).first()
    if queued is not None and message.status != Status.SENDING:
        return _test(message) + _waiting(message, queued)
    return _test(message) + _ended(message)


def _test(message: Message) -> str:
    """Who tried which text with it, where it is a test."""
    if not message.is_test:
        return ""
    event = MessageEvent.objects.filter(message_id=message.pk, what="test").first()
    by, text = (event.by, event.detail) if event else ("", "")
    return f"A test{f' by {by}' if by else ''}{f' of {text}' if text else ''}. "


def _ended(message: Message) -> str:
    why = message.error or "No reason was kept."
    return {
        Status.SENT: f"Sent {when(message.sent_at)}; the phone has not confirmed it yet.",
        Status.DELIVERED: f"Delivered {when(message.delivered_at)}, not read yet.",
        Status.READ: f"Read {when(message.read_at)}.",
        Status.SENDING: "It is being sent at this moment.",
        Status.FAILED: f"Not sent: {why}",
        Status.EXPIRED: f"Not sent, and too late now: {why}",
        Status.SUPPRESSED: f"Not sent on purpose: {why}",
        Status.CANCELLED: f"Taken back: {why}",
    }.get(Status(message.status), "It waits, but has no place in the queue. Tell an engineer.")


def _waiting(message: Message, queued: QueuedMessage) -> str:
    if queued.held_for == Held.TEMPLATE:
        return f"On hold. {_last_hold(message)} It goes when that has changed, or when the customer writes."
    if queued.held_for:
        return f"On hold: {Held(queued.held_for).label}. Send it again or cancel it."
    shut = _shut()
    if shut:
        return f"Waiting: {shut}"
    tried = (
        f"Tried {_times(message.tries)}: {message.error.rstrip('.') or 'it failed'}. "
        if message.tries
        else ""
    )
    return tried + _until(queued, "The next try is" if message.tries else "It will be sent")


def _last_hold(message: Message) -> str:
    events = MessageEvent.objects.filter(message_id=message.pk, what="template_held").order_by("-pk")
    return events.values_list("detail", flat=True).first() or "Its approved template cannot be sent."


def _shut() -> str:
    channel = Channel.objects.filter(number=settings.MYOPERATOR_PHONE_NUMBER).first()
    if channel is None or channel.state == Channel.State.OPEN:
        return ""
    by = f" ({channel.changed_by})" if channel.state == Channel.State.STOPPED else ""
    return f"the channel is closed, {channel.get_state_display()}{by}. {channel.reason}"


def _until(queued: QueuedMessage, begins: str) -> str:
    if queued.due_at <= clock_now():
        return "It is its turn now."
    why = waits_for(queued)
    return f"{begins} {when(queued.due_at)}{f': it waits for {why}' if why else ''}."


def waits_for(queued: QueuedMessage) -> str:
    """What a message in the queue waits for, beside its time; empty where that is all."""
    return _WAITS.get(queued.waits_for, queued.waits_for)


def _times(tries: int) -> str:
    return {1: "once", 2: "twice"}.get(tries, f"{tries} times")


def when(moment: datetime | None) -> str:
    """A moment as people say it: `today at 7:30 AM`, `on 2 February at 7:30 AM`."""
    if moment is None:
        return "at an unknown time"
    local, now = timezone.localtime(moment), timezone.localtime(clock_now())
    year = f" {local.year}" if local.year != now.year else ""
    days = {0: "today", 1: "tomorrow", -1: "yesterday"}
    day = days.get((local.date() - now.date()).days, f"on {local.day} {local:%B}{year}")
    return f"{day} at {local.hour % 12 or 12}:{local:%M %p}"
