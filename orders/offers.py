"""The promised 25 %: made when a customer is asked back, earned by coming back in time, used by their next order."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import F, Sum

from notifications import clock
from orders import days
from orders.models import Offer, Order, Subscription

PAISE = Decimal("0.01")
STANDS = timedelta(days=7)


def make(promised: Iterable[tuple[Subscription, str]], now: datetime) -> int:
    """Offers for who was just promised one, each with its cause; one for each cause. Returns how many."""
    rows = [
        Offer(
            customer_id=subscription.customer_id,
            subscription=subscription,
            cause=cause,
            made_at=now,
            until=now + STANDS,
        )
        for subscription, cause in promised
    ]
    Offer.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def told(subscription_id: int) -> None:
    """The promise has just gone out: it stands from now on, where hours or an outage held it till then."""
    waiting = Offer.objects.filter(subscription=subscription_id, earned_at=None)
    last = waiting.order_by("-pk").values("pk")[:1]
    waiting.filter(pk__in=last).update(until=clock.now() + STANDS)


def earn(subscription: Subscription) -> int:
    """The customer has come back with this subscription: their offers that still stand are earned.

    The caller knows that it is not paused today. One that has ended brings nothing, and earns nothing.
    """
    if subscription.end and subscription.end < days.today():
        return 0
    return earn_all([subscription.customer_id])


def earn_all(customer_ids: Collection[int]) -> int:
    """The same for many customers at once, each of whom is back. Returns how many offers were earned."""
    now = clock.now()
    standing = Offer.objects.filter(customer__in=customer_ids, earned_at=None, until__gt=now)
    return standing.update(earned_at=now)


def open_for(customer_ids: Collection[int]) -> dict[int, Offer]:
    """By customer, the offer that their next order uses: earned, unused, the oldest. Locked."""
    # A second order of the same customer waits here, and then finds it used.
    rows = (
        Offer.objects.select_for_update()
        .filter(customer__in=customer_ids, earned_at__isnull=False, order=None)
        .order_by("customer_id", "-pk")
    )
    return {offer.customer_id: offer for offer in rows}


def foreseen(customer_id: int) -> Offer | None:
    """The offer that the customer's next order would use, looked at only."""
    rows = Offer.objects.filter(customer=customer_id, earned_at__isnull=False, order=None)
    return rows.order_by("pk").first()


def used_by(order: Order) -> Offer | None:
    return Offer.objects.filter(order=order).first()


def reduce(amount: Decimal, offer: Offer) -> Decimal:
    """What the offer takes off `amount` rupees, half a paisa rounded up."""
    return (amount * offer.percent / 100).quantize(PAISE, ROUND_HALF_UP)


def reckon(order: Order, offer: Offer | None) -> None:
    """Set the order's `total` and `discount` by its items and this offer. The order is not saved."""
    amount = order.items.aggregate(sum=Sum(F("quantity") * F("price")))["sum"] or Decimal(0)
    order.discount = reduce(amount, offer) if offer else Decimal(0)
    order.total = amount - order.discount


def use(offer: Offer, order: Order) -> None:
    """The order has it: no other one can."""
    offer.order = order
    offer.save(update_fields=("order",))


def give_back(order: Order) -> None:
    """The order is cancelled: the next one may use its offer."""
    Offer.objects.filter(order=order).update(order=None)
