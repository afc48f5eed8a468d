"""What orders tells the other apps, and the messages its own rows cause.

`orders_made`      orders=[…]   confirmed just now, in the transaction that confirmed them; delivery listens
`order_cancelled`  order=…      in the transaction that cancelled it
`customer_erased`  customer=…   in the transaction that erases it, while it still has its name and number; a receiver
                                returns how many rows of each sort it changed: {"payments": 1}
"""

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import Signal, receiver

from notifications import outbox
from notifications.signals import message_finished
from orders import messages, offers, pauses
from orders.models import Order, Subscription, SubscriptionPause

orders_made = Signal()
order_cancelled = Signal()
customer_erased = Signal()
REACHED = ("sent", "delivered", "read")


def announces(model):
    """Connect (as a decorator) a function of one row to its post_save.

    Not for fixtures (`raw`), and not where EARLYBIRD_NOTIFY is off: only this reads it, and what tells of many rows
    at once.
    """

    def connect(announce):
        def receiver(sender, instance, raw, **kwargs):
            if settings.EARLYBIRD_NOTIFY and not raw:
                announce(instance)

        post_save.connect(
            receiver, sender=model, weak=False, dispatch_uid=f"{announce.__module__}.{announce.__name__}"
        )
        return announce

    return connect


@receiver(message_finished)
def keep_promise(sender, kind, reference, status, **kwargs) -> None:
    """Who was told by hand, of something else, has no offer that stands."""
    subscription = reference.removeprefix("subscription_")
    if kind == messages.CHURN_RISK.code and status in REACHED and subscription.isdecimal():
        offers.told(int(subscription))


@receiver(post_save, sender=Order)
def call_off(sender, instance, raw, **kwargs) -> None:
    """One that is saved as cancelled, by whomever: its offer, its message and its delivery are taken back."""
    if instance.status == Order.Status.CANCELLED and not raw:
        offers.give_back(instance)
        outbox.withdraw(f"order_{instance.pk}", ("order_confirmation",), "the order was cancelled")
        order_cancelled.send(sender=Order, order=instance)


@receiver(post_save, sender=Subscription)
def keep_pause(sender, instance, raw, **kwargs) -> None:
    if not raw:
        pauses.follow_status(instance)


@announces(Order)
def announce_order(order: Order) -> None:
    # Nightly orders are announced by the reminder instead.
    if order.status == Order.Status.CONFIRMED and order.kind == Order.Kind.ONE_TIME:
        messages.order_confirmed(order)


@announces(Subscription)
def announce_subscription(subscription: Subscription) -> None:
    if subscription.status == Subscription.Status.ACTIVE:
        messages.subscription_active(subscription)


@announces(SubscriptionPause)
def announce_pause(pause: SubscriptionPause) -> None:
    messages.pause_recorded(pause)
