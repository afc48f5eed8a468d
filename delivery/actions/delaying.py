"""It comes later: one delivery, a route, an area."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from delivery import messages
from delivery.actions.rows import Outcome, Refused, Status, all_locked, is_so, locked, refuse
from delivery.models import Delivery
from notifications import clock
from orders import days

LATEST = timedelta(days=2)  # after the delivery's day: a later ETA is a slip of the finger


@dataclass(frozen=True)
class Delay:
    """By so many minutes after it is expected (or from now, where that is over), or to a moment: one of both."""

    minutes: int | None = None
    eta: datetime | None = None

    def of(self, delivery: Delivery) -> datetime:
        if self.minutes is None:
            return self.eta
        return max(delivery.expected_by, clock.now()) + timedelta(minutes=self.minutes)

    def __str__(self) -> str:
        """`by 30 minutes`, `to 8:15 AM`: for the audit trail."""
        if self.minutes is None:
            return f"to {date_format(timezone.localtime(self.eta), 'g:i A')}"
        return f"by {self.minutes} minute{'' if self.minutes == 1 else 's'}"


@dataclass
class Delayed(Outcome):
    """`told` are those of `done` whose customers are told; an ETA within the slot is none of their business."""

    told: list[Delivery] = field(default_factory=list)

    @property
    def customers(self) -> int:
        """How many people are told: one who is brought two things is one."""
        return len({delivery.order.customer_id for delivery in self.told})


@transaction.atomic
def delay(delivery: Delivery, eta: datetime) -> Delivery:
    """Move the ETA (aware). Later than known, and the customer is told; earlier, and they are not.

    Raises ValidationError where the delivery is over (delivered, not delivered or cancelled), and for an ETA
    that cannot be: past, before the slot, or more than two days after the delivery's.
    """
    delivery = locked(delivery)
    refuse(delivery, Status.DELIVERED, Status.NOT_DELIVERED, Status.CANCELLED)
    if delivery.eta != eta:
        if why := against(delivery, eta):
            raise ValidationError({"eta": why})
        delivery.eta = eta
        delivery.save(update_fields=("eta",))
    return delivery


@transaction.atomic
def delay_many(rows: QuerySet[Delivery], how: Delay) -> Delayed:
    """Delay these in one step and tell their customers. What is expected later already stays so."""
    outcome = _judge(all_locked(rows), how)
    Delivery.objects.bulk_update(outcome.done, ["eta"], batch_size=1000)
    messages.deliveries_delayed(outcome.told)
    return outcome


def latest_eta(rows: QuerySet[Delivery]) -> datetime | None:
    """The latest ETA among these, which are locked until the transaction ends."""
    return max((row.eta for row in all_locked(rows) if row.eta), default=None)


def foresee(rows: QuerySet[Delivery], how: Delay) -> Delayed:
    """What `delay_many` would do now. Nothing is changed."""
    return _judge(rows.select_related("order__customer").order_by("pk"), how)


def _judge(deliveries: Iterable[Delivery], how: Delay) -> Delayed:
    outcome = Delayed()
    for delivery in deliveries:
        eta, expected_by = how.of(delivery), delivery.expected_by
        if why := _against_many(delivery, eta):
            outcome.refused.append(Refused(delivery, why))
            continue
        delivery.eta = eta
        outcome.done.append(delivery)
        if eta > expected_by:
            outcome.told.append(delivery)
    return outcome


def _against_many(delivery: Delivery, eta: datetime) -> str:
    if delivery.status not in Delivery.AHEAD:
        return is_so(delivery)
    if delivery.eta and eta <= delivery.eta:
        known = timezone.localtime(delivery.eta)
        return (
            f"The delivery of order {delivery.order} is expected at {known:%H:%M} on {known:%d %B} already."
        )
    return against(delivery, eta)


def against(delivery: Delivery, eta: datetime) -> str:
    """What speaks against this ETA; empty where nothing does."""
    if eta < clock.now():
        return "This moment is over. Give one to come."
    if eta < delivery.slot_starts_at:
        return f"This is before the slot, which begins at {delivery.slot_start:%H:%M} on {delivery.date}."
    if eta > days.end_of(delivery.date + LATEST):
        return f"This is more than {LATEST.days} days after {delivery.date}, the day of the delivery."
    return ""
