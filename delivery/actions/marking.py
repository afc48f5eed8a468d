"""At the door: it is there, or it is not."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from delivery import messages
from delivery.actions.rows import (
    ABOUT_ITS_COMING,
    Outcome,
    Refused,
    Status,
    all_locked,
    is_so,
    locked,
    references,
    refuse,
    stands,
)
from delivery.models import CLOSING, Delivery
from notifications import clock, outbox
from orders import days
from orders.models import Order

CLOSED = ("status", *CLOSING)
DELIVERED = "it was delivered"


@transaction.atomic
def mark_delivered(delivery: Delivery, at: datetime | None = None) -> Delivery:
    """It is there, `at` (default: now): the order may be billed, the customer is told, once for all of their day.

    Raises ValidationError where the delivery was cancelled, or marked not delivered on an earlier day: on the same
    day that was a slip of the finger, later the customer has been told something else, or has an order of another.
    """
    # The order first, as `orders.actions.cancel` does: the other way round, the two wait for each other.
    Order.objects.select_for_update().get(pk=delivery.order_id)
    delivery = locked(delivery)
    if delivery.status == Status.DELIVERED:
        return delivery
    if why := _against(delivery):
        raise stands(why)
    _deliver(delivery, at or clock.now())
    delivery.save(update_fields=CLOSED)
    outbox.withdraw(f"order_{delivery.order_id}", ABOUT_ITS_COMING, DELIVERED)
    return delivery


@transaction.atomic
def mark_many(rows: QuerySet[Delivery], at: datetime | None = None) -> Outcome:
    """Mark these delivered in one step, with as many statements for 500 as for one. One transaction: should it break,
    none is marked and it can be done again.
    """
    at, ids = at or clock.now(), list(rows.values_list("pk", flat=True))
    list(Order.objects.select_for_update(of=("self",)).filter(delivery__in=ids).order_by("pk").only("pk"))
    outcome, new = Outcome(), []
    for delivery in all_locked(Delivery.objects.filter(pk__in=ids)):
        if why := _against(delivery):
            outcome.refused.append(Refused(delivery, why))
            continue
        outcome.done.append(delivery)
        if delivery.status != Status.DELIVERED:
            new.append(_deliver(delivery, at))
    _keep_delivered(new, at)
    return outcome


@transaction.atomic
def mark_not_delivered(delivery: Delivery, reason: str, note: str = "") -> Delivery:
    """It could not be brought, for one of `Delivery.Reason`; `other` needs a note. It is not billed.

    Another reason may be given later. Raises ValidationError where it was delivered or cancelled.
    """
    if reason not in Delivery.Reason.values:
        raise ValidationError({"reason": f"Use one of: {', '.join(Delivery.Reason.values)}."})
    if reason == Delivery.Reason.OTHER and not note.strip():
        raise ValidationError({"note": "Say in a few words what happened."})
    delivery = locked(delivery)
    refuse(delivery, Status.DELIVERED, Status.CANCELLED)
    delivery.not_delivered_at = delivery.not_delivered_at or clock.now()
    delivery.status, delivery.reason = Status.NOT_DELIVERED, reason
    delivery.note = note.strip() or delivery.note
    delivery.save(update_fields=(*CLOSED, "note"))
    outbox.withdraw(f"order_{delivery.order_id}", ABOUT_ITS_COMING, "it was not delivered")
    return delivery


def _against(delivery: Delivery) -> str:
    """What speaks against marking it delivered; empty where nothing does."""
    if delivery.status == Status.CANCELLED:
        return is_so(delivery)
    if delivery.not_delivered_at and days.day_of(delivery.not_delivered_at) < days.today():
        day = days.day_of(delivery.not_delivered_at)
        return (
            f"The delivery of order {delivery.order} was marked not delivered on {day}, and can be marked delivered "
            "only on that day. Place a new order for what was brought since."
        )
    return ""


def _deliver(delivery: Delivery, at: datetime) -> Delivery:
    delivery.status, delivery.delivered_at = Status.DELIVERED, at
    delivery.not_delivered_at, delivery.reason = None, ""
    return delivery


def _keep_delivered(deliveries: list[Delivery], at: datetime) -> None:
    closed = {name: getattr(_deliver(Delivery(), at), name) for name in CLOSED}
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(**closed)
    Order.objects.filter(pk__in=[delivery.order_id for delivery in deliveries]).update(delivered_at=at)
    outbox.withdraw(list(references(deliveries)), ABOUT_ITS_COMING, DELIVERED)
    messages.deliveries_confirmed(deliveries)
