"""What happens to deliveries. Every action may be repeated: the second time changes nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from delivery.models import Delivery
from notifications import clock, outbox
from orders.models import Order

Status = Delivery.Status
ABOUT_ITS_COMING = ("delivery_reminder", "delivery_delayed")


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
        delivery.status = Status.CANCELLED
        delivery.save(update_fields=("status",))
    outbox.withdraw(f"order_{order.pk}", ABOUT_ITS_COMING, "the order was cancelled")


@transaction.atomic
def mark_delivered(delivery: Delivery, at: datetime | None = None) -> Delivery:
    """It is there, `at` (default: now): the order may be billed, the customer is told.

    Raises ValidationError where the delivery was cancelled.
    """
    delivery = _locked(delivery)
    if delivery.status == Status.DELIVERED:
        return delivery
    _refuse(delivery, Status.CANCELLED)
    delivery.status, delivery.delivered_at = Status.DELIVERED, at or clock.now()
    delivery.save(update_fields=("status", "delivered_at"))
    Order.objects.filter(pk=delivery.order_id).update(delivered_at=delivery.delivered_at)
    outbox.withdraw(f"order_{delivery.order_id}", ABOUT_ITS_COMING, "it was delivered")
    return delivery


@transaction.atomic
def delay(delivery: Delivery, eta: datetime) -> Delivery:
    """Move the ETA (aware). Later than known, and the customer is told; earlier, and they are not.

    Raises ValidationError where the delivery is over: delivered, not delivered or cancelled.
    """
    delivery = _locked(delivery)
    _refuse(delivery, Status.DELIVERED, Status.NOT_DELIVERED, Status.CANCELLED)
    if delivery.eta != eta:
        delivery.eta = eta
        delivery.save(update_fields=("eta",))
    return delivery


def _locked(delivery: Delivery) -> Delivery:
    return (
        Delivery.objects.select_for_update(of=("self",)).select_related("order__customer").get(pk=delivery.pk)
    )


def _refuse(delivery: Delivery, *statuses: Status) -> None:
    if delivery.status in statuses:
        how = delivery.get_status_display().lower()
        raise ValidationError({"status": f"The delivery of order {delivery.order} is {how}."})
