"""Tomorrow's orders from all subscriptions, once: one for each customer and day, with all their products.

What makes it once is the database (`order_nightly_once`), not who runs it: an order that is there, cancelled or not,
is left as it is, and what belongs to an order is made only by whoever inserted it, in the same transaction.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from jobs.registry import Progress
from notifications import clock
from orders import calendar, days, numbers, offers
from orders.models import (
    Customer,
    Offer,
    Order,
    OrderItem,
    Product,
    Subscription,
    SubscriptionOverride,
    SubscriptionPause,
)
from orders.signals import orders_made

CHUNK = 1000  # customers in one transaction
APART = 20  # so many are told apart from the others of their chunk; where more break, it is not they who are wrong
NAMED = 5
INSERT = """
    INSERT INTO orders_order (customer_id, number, kind, delivery_date, status, discount, total, created_at)
    SELECT customer, number, 'subscription', %s, 'confirmed', discount, total, %s
    FROM unnest(%s::bigint[], %s::text[], %s::numeric[], %s::numeric[]) AS basket (customer, number, discount, total)
    ON CONFLICT (customer_id, delivery_date) WHERE kind = 'subscription' DO NOTHING
    RETURNING *
"""
logger = logging.getLogger(__name__)

Row = TypeVar("Row", SubscriptionPause, SubscriptionOverride)


class SomeLeftOut(Exception):
    """The orders of some customers could not be made."""


@dataclass
class Basket:
    """What a customer is brought on one day, an item for each subscription: a pause takes its own off again."""

    items: list[OrderItem] = field(default_factory=list)
    offer: Offer | None = None

    @property
    def cost(self) -> Decimal:
        return sum((item.price * item.quantity for item in self.items), Decimal(0))

    @property
    def discount(self) -> Decimal:
        return offers.reduce(self.cost, self.offer) if self.offer else Decimal(0)


def make_orders(evening: date, progress: Progress) -> str:
    """The job `nightly_orders`: the orders of the day after `evening`, at the prices of now.

    Raises SomeLeftOut where some could not be made, when all others are.
    """
    day = evening + timedelta(days=1)
    if day < days.today():
        return f"{day:%-d %B} is over: no orders were made for it."
    waiting, night = _waiting(day), Night(day)
    done, total = 0, waiting.count()
    progress(done, total)
    for customers in _chunks(waiting):
        night.make(customers)
        done += len(customers)
        progress(done, total)
    if night.left_out:
        raise SomeLeftOut(night.said())
    return night.said()


@dataclass
class Night:
    """What came of one run: how many orders, and the ids of the customers who were left out by an error."""

    day: date
    made: int = 0
    left_out: list[int] = field(default_factory=list)

    def make(self, customers: list[int]) -> None:
        """Make the orders of these. Where it breaks, of each half, until who breaks it stands alone."""
        try:
            self.made += _make(self.day, customers)
        except Exception:
            # Nobody else goes without milk for it. The job has failed, and the next tick tries these again.
            if len(customers) == 1 or len(self.left_out) >= APART:
                logger.exception(
                    "no orders for %s: customers %s to %s", self.day, customers[0], customers[-1]
                )
                self.left_out += customers
                return
            half = len(customers) // 2
            self.make(customers[:half])
            self.make(customers[half:])

    def said(self) -> str:
        said = f"{self.made:,} {'order' if self.made == 1 else 'orders'} for {self.day:%-d %B}"
        there = Order.objects.filter(delivery_date=self.day, kind=Order.Kind.SUBSCRIPTION).count()
        if there != self.made:
            said = f"{said}, {there:,} in all"  # a run before made the others
        if not self.left_out:
            return said
        who = ", ".join(map(str, self.left_out[:NAMED])) + (" …" if len(self.left_out) > NAMED else "")
        return f"{said}, but {len(self.left_out):,} left out by an error that the log tells: customer {who}"


def _waiting(day: date) -> QuerySet[Customer]:
    """Customers whose subscriptions may deliver this day, and who have no nightly order for it."""
    theirs = running(day).filter(customer=OuterRef("pk"))
    nightly = Order.objects.filter(customer=OuterRef("pk"), delivery_date=day, kind=Order.Kind.SUBSCRIPTION)
    return Customer.objects.filter(Exists(theirs), ~Exists(nightly), erased_at=None)


def running(day: date) -> QuerySet[Subscription]:
    """Subscriptions that a day may belong to; whether it does, the calendar says."""
    not_over = Q(end=None) | Q(end__gte=day)
    is_there = Q(product__available_from=None) | Q(product__available_from__lte=day)
    return Subscription.objects.exclude(status=Subscription.Status.CANCELLED).filter(
        not_over, is_there, start__lte=day
    )


def _chunks(customers: QuerySet[Customer]) -> Iterator[list[int]]:
    """The ids of customers, so many at a time, each chunk read when the one before is done."""
    ids, last = customers.order_by("pk").values_list("pk", flat=True), 0
    while chunk := list(ids.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1]


def _make(day: date, customers: list[int]) -> int:
    """Make the orders of one chunk. Returns how many.

    Read twice: numbers are taken outside the transaction, so that no other order waits for them until it ends; and
    subscriptions count as they stand once they are held, so that who pauses one meanwhile is told of its order.
    """
    foreseen = baskets_of(day, running(day).filter(customer__in=customers))
    of_day = numbers.following(numbers.orders_of(days.today()), len(foreseen))
    number_of = dict(zip(sorted(foreseen), of_day, strict=True))
    with transaction.atomic():
        held = _held(number_of)
        of_theirs = running(day).filter(customer__in=held).select_for_update(of=("self",), no_key=True)
        baskets = baskets_of(day, of_theirs)
        for customer, offer in offers.open_for(baskets.keys()).items():
            baskets[customer].offer = offer
        return len(_ordered(day, held, baskets, number_of))


def _held(customers: object) -> dict[int, Customer]:
    """Customers by id, locked as `erasure` locks them: before their subscriptions. Who is erased is not held."""
    locked = Customer.objects.select_for_update(no_key=True).order_by("pk")
    return {customer.pk: customer for customer in locked.filter(pk__in=customers, erased_at=None)}


def baskets_of(day: date, subscriptions: QuerySet[Subscription]) -> dict[int, Basket]:
    """What each customer (by id) is brought that day; who is brought nothing is not in it."""
    rows = list(subscriptions.order_by("pk"))  # as whoever locks several does
    products = Product.objects.in_bulk({row.product_id for row in rows})
    not_over = Q(resume_date=None) | Q(resume_date__gt=day)
    pauses = _of(rows, SubscriptionPause.objects.filter(not_over, from_date__lte=day))
    overrides = _of(rows, SubscriptionOverride.objects.filter(date=day))
    baskets: dict[int, Basket] = {}
    for row in rows:
        if quantity := calendar.quantity_on(day, row, pauses.get(row.pk, ()), overrides.get(row.pk, ())):
            product = products[row.product_id]
            item = OrderItem(product=product, quantity=quantity, price=product.price, subscription=row)
            baskets.setdefault(row.customer_id, Basket()).items.append(item)
    return baskets


def _of(subscriptions: list[Subscription], rows: QuerySet[Row]) -> dict[int, list[Row]]:
    """Rows by the id of their subscription. Its ids go as one array: read four times as fast as `__in` a thousand."""
    ids = [subscription.pk for subscription in subscriptions]
    found: dict[int, list[Row]] = {}
    for row in rows.extra(where=["subscription_id = ANY(%s)"], params=[ids]):
        found.setdefault(row.subscription_id, []).append(row)
    return found


def _ordered(
    day: date, customers: dict[int, Customer], baskets: dict[int, Basket], number_of: dict[int, str]
) -> list[Order]:
    """The orders of those who had none yet, with items, told to the other apps. `number_of`: by customer's id."""
    rows = [
        (customer, number_of[customer], basket.discount, basket.cost - basket.discount)
        for customer, basket in sorted(baskets.items())
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 4
    orders = list(Order.objects.raw(INSERT, [day, clock.now(), *columns]))
    items = [item for order in orders for item in _filled(order, customers, baskets)]
    OrderItem.objects.bulk_create(items)
    orders_made.send(sender=Order, orders=orders)
    return orders


def _filled(order: Order, customers: dict[int, Customer], baskets: dict[int, Basket]) -> list[OrderItem]:
    """Its items. The offer that made it cheaper is used."""
    basket, order.customer = baskets[order.customer_id], customers[order.customer_id]
    if basket.offer:
        offers.use(basket.offer, order)
    for item in basket.items:
        item.order = order
    return basket.items
