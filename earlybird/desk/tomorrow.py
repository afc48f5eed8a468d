"""“What would they get tomorrow?”: the order that tonight will make, and every message until tomorrow's end.

Told by the code that will do it: the night's baskets, the writers of the messages, the hours and the wishes. Nothing
is recorded. What nobody can know yet (what they order, pay or pause until then) is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from billing.daily import BILLS, PAYMENT_REMINDERS
from billing.making import will_carry
from billing.messages import PAYMENT_REMINDER, reminder_of
from billing.models import Bill
from billing.reminding import asks
from delivery import messages as of_delivery
from delivery.models import Delivery
from earlybird.desk import jobs_ahead
from earlybird.desk.promise import Promise, promised, waiting
from notifications.admin import channel
from notifications.clock import now as clock_now
from notifications.models import Channel
from notifications.outbox import Item
from orders import announcements, churn, days, foreseen
from orders import messages as of_orders
from orders.cutoff import NIGHTLY_ORDERS
from orders.models import Announcement, Customer, Order, OrderItem

REMINDERS, ASK_BACK = "delivery_reminders", "churn_risk"
NUMBER_LATER = "(its number is given tonight)"


@dataclass(frozen=True)
class Brought:
    """An order that is, or will be, brought tomorrow. `order` is None where tonight makes it, at `made_at`."""

    items: list[OrderItem]
    total: Decimal
    discount: Decimal
    delivery: Delivery
    order: Order | None = None
    made_at: datetime | None = None


@dataclass(frozen=True)
class Tomorrow:
    day: date
    brought: list[Brought]
    messages: list[Promise]
    waiting: list[Promise] = field(default_factory=list)
    why_nothing: str = ""
    shut: str = ""  # why nothing goes to anybody


def foresee(customer: Customer) -> Tomorrow:
    """What this customer is brought tomorrow, and told until its end, as all stands now."""
    now = clock_now()
    day = days.day_of(now) + timedelta(days=1)
    brought = [*_ordered(customer, day), *_of_tonight(customer, day, now)]
    found = [
        *_reminders(brought, day, now),
        *_confirmations(brought, day),
        *_bills(customer, now),
        *_asked_back(customer, now),
        *_announced(customer, days.end_of(day)),
    ]
    return Tomorrow(
        day=day,
        brought=brought,
        messages=sorted(found, key=lambda one: one.at),
        waiting=waiting(customer.phone),
        why_nothing="" if brought else _why_nothing(day),
        shut="" if (row := channel.ours()).state == Channel.State.OPEN else channel.sentence(row),
    )


def _ordered(customer: Customer, day: date) -> Iterator[Brought]:
    """What is ordered for that day already, by whomever."""
    rows = Order.objects.filter(customer=customer, delivery_date=day, status=Order.Status.CONFIRMED)
    for order in rows.order_by("pk").prefetch_related("items__product").select_related("delivery"):
        order.customer = customer
        delivery = getattr(order, "delivery", None) or _planned(order)
        delivery.order = order
        yield Brought(list(order.items.all()), order.total, order.discount, delivery, order)


def _of_tonight(customer: Customer, day: date, now: datetime) -> Iterator[Brought]:
    """What the night will order."""
    made_at = jobs_ahead.when(NIGHTLY_ORDERS, day - timedelta(days=1), now)
    basket = foreseen.basket(customer, day) if made_at else None
    if basket is None:
        return
    order = Order(customer=customer, delivery_date=day, kind=Order.Kind.SUBSCRIPTION, number=NUMBER_LATER)
    total = basket.cost - basket.discount
    yield Brought(basket.items, total, basket.discount, _planned(order), made_at=made_at)


def _planned(order: Order) -> Delivery:
    """The delivery that planning will make of an order; unsaved."""
    return Delivery(order=order, date=order.delivery_date, area=order.customer.area)


def _why_nothing(day: date) -> str:
    if foreseen.is_made(day):
        return "Tomorrow's orders are made already, and none is theirs."
    return "No order is placed, and no subscription brings anything that day."


def _reminders(brought: list[Brought], day: date, now: datetime) -> Iterator[Promise]:
    """This evening's. What is ordered after they were made is not reminded of: it is confirmed at once."""
    made_at = jobs_ahead.when(REMINDERS, day - timedelta(days=1), now)
    for one in brought:
        item = Item(**of_delivery.reminder_of(one.delivery))
        is_pending = one.delivery.status == Delivery.Status.PENDING
        if made_at and is_pending and made_at < one.delivery.slot_starts_at:
            at = max(made_at, one.made_at or made_at)
            yield from promised(of_delivery.DELIVERY_REMINDER, item, at, known=bool(one.order))


def _confirmations(brought: list[Brought], day: date) -> Iterator[Promise]:
    """Once for the day, by the first that is brought."""
    ahead = [one for one in brought if one.delivery.status in Delivery.AHEAD]
    for one in ahead[:1]:
        item = Item(**of_delivery.confirmation_of(one.delivery))
        yield from promised(
            of_delivery.DELIVERY_CONFIRMED,
            item,
            one.delivery.expected_by,
            bool(one.order),
            condition="Only if it is delivered.",
            instead="Goes when the delivery is marked delivered.",
        )


def _bills(customer: Customer, now: datetime) -> Iterator[Promise]:
    """Today's, where that job is still to come, and tomorrow's."""
    rows = Bill.objects.filter(customer=customer, carried_to=None).exclude(status=Bill.Status.PAID)
    bills = list(rows.select_related("customer").order_by("pk")) if not customer.erased_at else []
    for day, at in jobs_ahead.until_tomorrow(PAYMENT_REMINDERS.code, now):
        made_at = jobs_ahead.when(BILLS.code, day, now)
        is_before = made_at is not None and made_at < at
        there = [bill for bill in bills if not (is_before and will_carry(bill, day))]
        for bill, step, owed in asks(there, day):
            bill.reminded_for = step
            item = reminder_of(bill, step, owed)
            yield from promised(PAYMENT_REMINDER, item, at, condition="Unless it is paid before.")


def _asked_back(customer: Customer, now: datetime) -> Iterator[Promise]:
    for day, at in jobs_ahead.until_tomorrow(ASK_BACK, now):
        absence = churn.would_ask(customer.pk, day)
        if absence and not customer.erased_at:
            item = of_orders.asking_back(absence.subscription, absence.cause, at)
            yield from promised(of_orders.CHURN_RISK, item, at, condition="Unless they resume before.")
            return


def _announced(customer: Customer, until: datetime) -> Iterator[Promise]:
    """Of announcements that are under way, or planned to begin by then, and have not come to this customer yet."""
    status = Announcement.Status
    going = Announcement.objects.filter(
        status__in=(status.SCHEDULED, status.RUNNING), at__lt=until, last_customer__lt=customer.pk
    )
    for one in going.select_related("product", "bought", "not_bought").order_by("at", "pk"):
        if announcements.audience(one).filter(pk=customer.pk).exists():
            item = of_orders.announcing(one, [customer])[0]
            yield from promised(of_orders.NEW_PRODUCT, item, max(one.at or until, clock_now()))
