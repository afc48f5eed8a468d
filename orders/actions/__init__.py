"""What happens to orders and subscriptions. Every action may be repeated: the second time changes nothing.

All of them raise ValidationError, naming the field, where they cannot be done. Where that is because of how the
row stands (cancelled, delivered), its code is "state": no other request would do.
"""

from orders.actions.order import bring_again, cancel, confirm, place_order
from orders.actions.refusals import ERASED
from orders.actions.subscription import (
    Paused,
    change,
    end,
    follow_pauses,
    pause,
    resume,
    subscribe,
)

__all__ = [
    "ERASED",
    "Paused",
    "bring_again",
    "cancel",
    "change",
    "confirm",
    "end",
    "follow_pauses",
    "pause",
    "place_order",
    "resume",
    "subscribe",
]
