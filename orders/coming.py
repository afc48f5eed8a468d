"""When a subscription is brought next: what the customer is told, by the calendar, the cut-off and what is ordered."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from orders import calendar, cutoff, days
from orders.models import Order, OrderItem, Product, Subscription, SubscriptionOverride


def next_delivery(subscription: Subscription) -> date | None:
    """The day that is brought next; None where none is within a year. Today's counts until it is delivered."""
    return next_deliveries([subscription]).get(subscription.pk)


def next_deliveries(subscriptions: Sequence[Subscription]) -> dict[int, date]:
    """The same by the ids of many, in few queries. Whose day is not in it is brought nothing within a year.

    Of a day whose orders are made, the orders say it: who subscribes or resumes later comes too late for it. Of
    later days the calendar does. Nobody is given a second nightly order, also where the first was cancelled.
    """
    if not subscriptions:
        return {}
    orders = _nightly(subscriptions)
    found = _ordered(subscriptions, orders)
    taken = {(order.customer_id, order.delivery_date) for order in orders}
    planned = _planned(subscriptions, taken)
    for row in subscriptions:
        if day := planned(row):
            found.setdefault(row.pk, set()).add(day)
    return {pk: min(of_it) for pk, of_it in found.items()}


def _nightly(subscriptions: Sequence[Subscription]) -> list[Order]:
    """The nightly orders of their customers from today on."""
    orders = Order.objects.filter(
        customer__in={row.customer_id for row in subscriptions},
        kind=Order.Kind.SUBSCRIPTION,
        delivery_date__gte=days.today(),
    )
    return list(orders.only("customer_id", "delivery_date", "status", "delivered_at"))


def _ordered(subscriptions: Sequence[Subscription], orders: list[Order]) -> dict[int, set[date]]:
    """By subscription, the days on which it is in an order that is still to be brought."""
    day_of = {
        order.pk: order.delivery_date
        for order in orders
        if order.status == Order.Status.CONFIRMED and not order.delivered_at
    }
    items = OrderItem.objects.filter(order__in=day_of, subscription__in=[row.pk for row in subscriptions])
    found: dict[int, set[date]] = {}
    for subscription, order in items.values_list("subscription", "order"):
        found.setdefault(subscription, set()).add(day_of[order])
    return found


def _planned(
    subscriptions: Sequence[Subscription], taken: Collection[tuple[int, date]]
) -> Callable[[Subscription], date | None]:
    """Tells of one of these subscriptions the first day whose orders are still to be made and will have it."""
    today = days.today()
    made = {today, today + cutoff.DAY} - cutoff.days_to_make()
    products = Product.objects.in_bulk({row.product_id for row in subscriptions})
    overrides: dict[int, list[SubscriptionOverride]] = {}
    for one in SubscriptionOverride.objects.filter(subscription__in=subscriptions, date__gte=today):
        overrides.setdefault(one.subscription_id, []).append(one)

    def first(row: Subscription) -> date | None:
        since = max(today, products[row.product_id].available_from or today)
        differs = overrides.get(row.pk, ())
        coming = calendar.brought_on(row, row.pauses.all(), differs, since, today + days.AHEAD)
        return next((day for day in coming if day not in made and (row.customer_id, day) not in taken), None)

    return first
