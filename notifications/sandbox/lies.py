"""Events that should change nothing: forged, about messages nobody sent, of types nobody knows."""

import random

from .events import Event
from .ledger import Asked, Bubble, Conversation, new_id

_STRANGE = ("conversation.assigned", "link.clicked", "message.reaction", "template.status")
_NOBODY = "+919999999999"


def forged(event: Event) -> Event:
    """Says of the same message what is not true: to be posted with a wrong secret."""
    if event.bubble.failure is None:
        return Event.of(event.bubble, "failed", 0, 131026)
    return Event.of(event.bubble, "read", 0)


def unknown(event: Event) -> Event:
    """The same of a message of which nobody ever heard."""
    asked = Asked("chat", _NOBODY, "Who sent this?", None, {})
    bubble = Bubble(new_id(), asked, event.bubble.at, Conversation(_NOBODY))
    return Event.of(bubble, event.kind, 0, event.code)


def strange(event: Event) -> Event:
    return Event.of(event.bubble, random.choice(_STRANGE), 0)
