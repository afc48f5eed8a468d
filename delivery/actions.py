"""What happens to deliveries. Every action may be repeated: the second time changes nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from delivery.models import Agent, Delivery
from notifications import clock, outbox
from orders import days
from orders.models import Order

Status = Delivery.Status
ABOUT_ITS_COMING = ("delivery_reminder", "delivery_delayed")
LATEST = timedelta(days=2)  # after the delivery's day: a later ETA is a slip of the finger


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
    # The order first, as `orders.actions.cancel` does: the other way round, the two wait for each other.
    Order.objects.select_for_update().get(pk=delivery.order_id)
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

    Raises ValidationError where the delivery is over (delivered, not delivered or cancelled), and for an ETA
    that cannot be: past, before the slot, or more than two days after the delivery's.
    """
    delivery = _locked(delivery)
    _refuse(delivery, Status.DELIVERED, Status.NOT_DELIVERED, Status.CANCELLED)
    if delivery.eta != eta:
        if why := _against(delivery, eta):
            raise ValidationError({"eta": why})
        delivery.eta = eta
        delivery.save(update_fields=("eta",))
    return delivery


@transaction.atomic
def assign(delivery: Delivery, agent: Agent | None) -> Delivery:
    """Give a delivery to an agent; None takes it back. Raises ValidationError where it was brought or cancelled."""
    delivery = _locked(delivery)
    if delivery.agent != agent:
        _refuse(delivery, Status.DELIVERED, Status.CANCELLED)
        delivery.agent = agent
        delivery.save(update_fields=("agent",))
    return delivery


def _locked(delivery: Delivery) -> Delivery:
    return (
        Delivery.objects.select_for_update(of=("self",)).select_related("order__customer").get(pk=delivery.pk)
    )


def _refuse(delivery: Delivery, *statuses: Status) -> None:
    if delivery.status in statuses:
        how = delivery.get_status_display().lower()
        why = ValidationError(f"The delivery of order {delivery.order} is {how}.", code="state")
        raise ValidationError({"status": why})


def _against(delivery: Delivery, eta: datetime) -> str:
    """What speaks against this ETA; empty where nothing does."""
    if eta < clock.now():
        return "This moment is over. Give one to come."
    if eta < delivery.slot_starts_at:
        return f"This is before the slot, which begins at {delivery.slot_start:%H:%M} on {delivery.date}."
    if eta > days.end_of(delivery.date + LATEST):
        return f"This is more than {LATEST.days} days after {delivery.date}, the day of the delivery."
    return ""
