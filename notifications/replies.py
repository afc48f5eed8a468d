"""What customers write: kept once, it opens WhatsApp's window, and STOP and START are obeyed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from notifications import inbound, opt_words, outbox, wishes
from notifications.messages import STARTED, STOPPED
from notifications.models import (
    Conversation,
    InboundMessage,
    Message,
    NotificationPreference,
    Status,
    WebhookEvent,
)
from notifications.models.withdrawal import live, take_back

TYPE = "message.received"
STOP, START = InboundMessage.Asks.STOP, InboundMessage.Asks.START


def apply(events: Collection[WebhookEvent], now: datetime) -> set[int]:
    """Take in these events, in the caller's transaction. Returns the ids of those that could be read."""
    said = [message for event in events if (message := inbound.read(event)) is not None]
    fresh = InboundMessage.keep(said)
    asking = [message for message in fresh if message.asks]
    reached = _reached(fresh)
    wishes.lock({message.phone for message in (*asking, *reached)}, with_queue=bool(asking))
    _open_windows(fresh)  # after the queue and the wishes, in the order in which an erasure takes them
    _obey(asking, now)
    for message in reached:
        _change(message, {"unreachable_at": None})
    return {message.webhook_event_id for message in said}


def _open_windows(fresh: Collection[InboundMessage]) -> None:
    latest: dict[str, datetime] = {}
    for message in fresh:
        latest[message.phone] = max(message.received_at, latest.get(message.phone, message.received_at))
    Conversation.heard(latest)


def _reached(fresh: Collection[InboundMessage]) -> list[InboundMessage]:
    """The last message of each number that is marked as out of reach: who writes on WhatsApp is not."""
    last = {message.phone: message for message in sorted(fresh, key=_place)}
    marked = NotificationPreference.objects.filter(phone__in=last, unreachable_at__isnull=False)
    return [last[phone] for phone in marked.values_list("phone", flat=True)]


def _obey(asking: Collection[InboundMessage], now: datetime) -> None:
    for message in sorted(asking, key=_place):
        if not _overtaken(message):
            _follow(message, now)


def _place(message: InboundMessage) -> tuple[str, datetime, bool]:
    """Of two that were received in one moment STOP is the later: silence harms nobody."""
    return message.phone, message.received_at, message.asks == STOP


def _overtaken(message: InboundMessage) -> bool:
    """Whether this number asked for something since: late news undoes nothing."""
    others = InboundMessage.objects.filter(phone=message.phone, received_at__gte=message.received_at)
    return any(_place(other) > _place(message) for other in others.exclude(asks=""))


def _follow(message: InboundMessage, now: datetime) -> None:
    """Change the wish and confirm it. What is so already is not confirmed again."""
    if "enabled" not in _change(message, {"enabled": message.asks == START}):
        return
    if message.asks == START:
        stale = live(message__phone=message.phone, message__kind=STOPPED.code)
        take_back(stale, Status.CANCELLED, "The customer wants messages again.", now)
    kind = STARTED if message.asks == START else STOPPED
    outbox.queue(
        kind.code,
        to=message.phone,
        variables={},
        reference=f"reply_{message.pk}",
        key=f"{kind.code}:{message.pk}",
        language=_language(message),
    )


def _change(message: InboundMessage, wanted: Mapping[str, object]) -> Collection[str]:
    """Change a wish because of a message; returns which fields changed."""
    return wishes.change(
        message.phone,
        wanted,
        how=wishes.How.REPLY,
        words=message.text if message.asks else "",
        at=message.received_at,
        inbound_id=message.pk,
    ).fields


def _language(message: InboundMessage) -> str:
    """Where they have chosen none: that of the word they wrote, else of what we told them last."""
    last = Message.objects.filter(phone=message.phone).values_list("language", flat=True).first()
    return opt_words.language_of(message.text) or last or "en"
