"""Reading a `message.received` event: who wrote what, when."""

from __future__ import annotations

from notifications import opt_words, receipt_matching, storable
from notifications.models import InboundMessage, WebhookEvent
from notifications.receipt_matching import inner, said_at

LONGEST = 4096  # WhatsApp's own limit
MEDIA = frozenset(
    {"image", "picture", "photo", "video", "audio", "voice", "document", "file", "sticker", "gif", "media"}
)


def read(event: WebhookEvent) -> InboundMessage | None:
    """What the event says, unsaved; None where it names no number."""
    phone = receipt_matching.phone(event)
    if not phone:
        return None
    kind = inner(event, "data", "type")
    text = _text(event, kind)
    return InboundMessage(
        phone=phone,
        type=storable.plain(kind, 32) if isinstance(kind, str) else "",
        text=text,
        asks=opt_words.asks(text),
        received_at=said_at(event),
        provider_message_id=_id(event),
        webhook_event_id=event.pk,
    )


def _text(event: WebhookEvent, kind: object) -> str:
    """What was written. A word under a picture is about the picture."""
    body = inner(event, "data", "context", "body")
    is_media = isinstance(kind, str) and kind.lower() in MEDIA
    return storable.plain(body, LONGEST) if isinstance(body, str) and not is_media else ""


def _id(event: WebhookEvent) -> str:
    """MyOperator's id, else WhatsApp's, else the event's own."""
    of_whatsapp = inner(event, "metadata", "waba_msg_id")
    named = of_whatsapp if isinstance(of_whatsapp, str) else ""
    return receipt_matching.provider_id(event) or named[:128] or f"event {event.pk}"
