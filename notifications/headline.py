"""One sentence on top of a message: what became of it, or what it waits for; and one on what to do about it."""

from __future__ import annotations

from django.conf import settings

from notifications import reasons, timeline
from notifications.clock import now as clock_now
from notifications.models import Channel, Held, Message, MessageEvent, QueuedMessage, Status
from notifications.models.message import ENDED_UNSENT, LIVE

_REMEDIES = {
    Status.SENT: "Nothing to do yet: the phone may be off, or without a network.",
    Status.DELIVERED: "Nothing to do.",
    Status.READ: "Nothing to do.",
    Status.SENDING: "Nothing to do: look again in a minute.",
}
_HELD = {
    Held.TEMPLATE: "See Approved templates: it goes by itself once its template may be sent again.",
    Held.UNCERTAIN: "Ask the customer whether it came; then send it again, or cancel it.",
    Held.POISON: "Tell an engineer; then send it again, or cancel it.",
    Held.STAFF: "Send it again, or cancel it.",
}

_AGAIN = "Send it again, if it is still of use to the customer."


def remedy(message: Message) -> str:
    """What staff can do about it, in a sentence."""
    queued = getattr(message, "queued", None)
    if queued is not None and queued.held_for:
        return _HELD[Held(queued.held_for)]
    if queued is not None and message.status != Status.SENDING:
        return "Resume the channel when that is settled." if _stopped() else "Nothing to do."
    if message.status in ENDED_UNSENT:
        found = reasons.of(message.error_code).remedy
        return _AGAIN if found == reasons.BY_ITSELF else found  # what has ended is not tried again by itself
    return _REMEDIES.get(Status(message.status), "Tell an engineer.")


def _stopped() -> bool:
    """Whether staff stopped the channel, who alone resume it then."""
    number = settings.MYOPERATOR_PHONE_NUMBER
    return Channel.objects.filter(number=number, state=Channel.State.STOPPED).exists()


def headline(message: Message) -> str:
    """One sentence: what became of a message, or what it waits for."""
    # What has ended is not in the queue: a page of many asks nothing for those.
    is_live = message.status in LIVE
    queued = getattr(message, "queued", None) if is_live else None
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
    code = message.error_code
    why = message.error or (reasons.of(code).words if code else "No reason was kept.")
    return {
        Status.SENT: f"Sent {timeline.when(message.sent_at)}; the phone has not confirmed it yet.",
        Status.DELIVERED: f"Delivered {timeline.when(message.delivered_at)}, not read yet.",
        Status.READ: f"Read {timeline.when(message.read_at)}.",
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
    why = timeline.waits_for(queued)
    return f"{begins} {timeline.when(queued.due_at)}{f': it waits for {why}' if why else ''}."


def _times(tries: int) -> str:
    return {1: "once", 2: "twice"}.get(tries, f"{tries} times")
