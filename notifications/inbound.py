"""Reading a `message.received` event: who wrote what, when."""

from __future__ import annotations

from notifications import opt_words, receipt_matching, storable
from notifications.models import InboundMessage, WebhookEvent
from notifications.receipt_matching import inner, said_at

LONGEST = 4096  # WhatsApp's own limit
# Where the words are. Only the first is documented; the others are Meta's own for texts, buttons and lists.
_OF_META = (
    ("body",), ("text",), ("text", "body"), ("title",), ("button", "text"), ("button_reply", "title"),
    ("list_reply", "title"), ("interactive", "button_reply", "title"), ("interactive", "list_reply", "title"),
)  # fmt: skip
_PLACES = tuple((*inside, *place) for inside in (("data", "context"), ("data",)) for place in _OF_META)
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
    """What was written, or stands on the button that was pressed. A word under a picture is about the picture."""
    is_media = isinstance(kind, str) and kind.lower() in MEDIA
    found = (inner(event, *place) for place in _PLACES)
    body = next((said for said in found if isinstance(said, str) and said.strip()), "")
    return "" if is_media else storable.plain(body, LONGEST)


def _id(event: WebhookEvent) -> str:
    """MyOperator's id, else WhatsApp's, else the event's own."""
    of_whatsapp = inner(event, "metadata", "waba_msg_id")
    named = of_whatsapp if isinstance(of_whatsapp, str) else ""
    return receipt_matching.provider_id(event) or named[:128] or f"event {event.pk}"
