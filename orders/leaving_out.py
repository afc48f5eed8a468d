"""What is ordered already for days that a subscription is not to be brought on: it is paused, or at its end."""

from dataclasses import dataclass, field
from datetime import date

from notifications import clock
from orders import days, offers
from orders.cutoff import cut_off
from orders.models import Order, OrderItem, Subscription


@dataclass
class LeftOut:
    """Orders with the subscription's items, by what became of them.

    emptied   nothing else was in them: to be cancelled
    lessened  its items are taken off, the others are brought
    kept      their cut-off is over: they are brought as ordered
    """

    emptied: list[Order] = field(default_factory=list)
    lessened: list[Order] = field(default_factory=list)
    kept: list[Order] = field(default_factory=list)


def leave_out(subscription: Subscription, since: date, until: date | None = None) -> LeftOut:
    """Take the subscription off the orders of the days before `until`. Again, nothing is left to take off."""
    left_out = LeftOut()
    for order in _ordered(subscription, since, until):
        if clock.now() >= cut_off(order.delivery_date):
            left_out.kept.append(order)
        elif order.items.exclude(subscription=subscription).exists():
            left_out.lessened.append(_lessened(order, subscription))
        else:
            left_out.emptied.append(order)
    return left_out


def _ordered(subscription: Subscription, since: date, until: date | None) -> list[Order]:
    """The orders that are still to be brought on those days, locked."""
    # One way to the rows: by the customer's days. Across the items it would read what was ever ordered.
    orders = Order.objects.select_for_update().filter(
        customer_id=subscription.customer_id,
        kind=Order.Kind.SUBSCRIPTION,
        status=Order.Status.CONFIRMED,
        delivered_at=None,
        delivery_date__gte=max(since, days.today()),
    )
    if until:
        orders = orders.filter(delivery_date__lt=until)
    found = list(orders.order_by("pk"))
    items = OrderItem.objects.filter(order__in=found, subscription=subscription)
    with_it = set(items.values_list("order_id", flat=True))
    return sorted(
        (order for order in found if order.pk in with_it), key=lambda order: (order.delivery_date, order.pk)
    )


def _lessened(order: Order, subscription: Subscription) -> Order:
    order.items.filter(subscription=subscription).delete()
    offers.reckon(order, offers.used_by(order))
    order.save(update_fields=("total", "discount"))
    return order
