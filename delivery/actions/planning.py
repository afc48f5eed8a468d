"""Deliveries come and go with their orders."""

from collections.abc import Iterable

from django.db import transaction

from delivery.actions.rows import ABOUT_ITS_COMING, Status
from delivery.models import Delivery
from notifications import outbox
from orders.models import Order


def plan(orders: Iterable[Order]) -> None:
    """Make the deliveries of confirmed orders, many at once; those there are stay as they are."""
    # By id: `order=` would leave each order holding a delivery that has no id, because conflicts are ignored.
    Delivery.objects.bulk_create(
        (Delivery(order_id=order.pk, date=order.delivery_date, area=order.customer.area) for order in orders),
        batch_size=1000,
        ignore_conflicts=True,
    )


@transaction.atomic
def call_off(order: Order) -> None:
    """Cancel what was not delivered of a cancelled order, and what the customer was to be told of it."""
    over = (Status.DELIVERED, Status.CANCELLED)
    for delivery in Delivery.objects.select_for_update().filter(order=order).exclude(status__in=over):
        delivery.status, delivery.not_delivered_at, delivery.reason = Status.CANCELLED, None, ""
        delivery.save(update_fields=("status", "not_delivered_at", "reason"))
    outbox.withdraw(f"order_{order.pk}", ABOUT_ITS_COMING, "the order was cancelled")
