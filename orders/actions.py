"""What happens to orders and subscriptions. Every action may be repeated: the second time changes nothing.

All of them raise ValidationError, naming the field, where they cannot be done. Where that is because of how the
row stands (cancelled, delivered), its code is "state": no other request would do.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from notifications import outbox
from orders import days, offers, pauses
from orders.leaving_out import leave_out
from orders.models import Customer, Offer, Order, OrderItem, Product, Subscription, SubscriptionPause
from orders.signals import orders_made

ERASED = "This customer was erased at their own wish. Add them anew, if they are back."


@transaction.atomic
def place_order(
    customer: Customer, delivery_date: date, items: Iterable[tuple[Product, int]], *, placed_by=None
) -> Order:
    """A customer's or staff's order: pending, given its items, confirmed. `items`: (product, quantity)."""
    items = list(items)
    _open("delivery_date", delivery_date)
    for product, _ in items:
        _there("items", product, delivery_date)
    order = Order.objects.create(customer=customer, delivery_date=delivery_date, placed_by=placed_by)
    OrderItem.objects.bulk_create(
        OrderItem(order=order, product=product, quantity=quantity, price=product.price)
        for product, quantity in items
    )
    return confirm(order)


@transaction.atomic
def bring_again(order: Order, delivery_date: date, *, placed_by=None) -> Order:
    """The same items on another day, for what they cost then: the offer that made it cheaper goes with them.

    One that was not delivered is cancelled: brought late all the same, it would be charged for twice.
    """
    _open("delivery_date", delivery_date)
    order = Order.objects.select_for_update(of=("self",)).select_related("customer").get(pk=order.pk)
    items = list(order.items.select_related("product"))
    for item in items:
        _there("items", item.product, delivery_date)
    again = Order.objects.create(customer=order.customer, delivery_date=delivery_date, placed_by=placed_by)
    OrderItem.objects.bulk_create(
        OrderItem(order=again, product=item.product, quantity=item.quantity, price=item.price)
        for item in items
    )
    _confirmed(again, offers.used_by(order))
    if not order.delivered_at:
        cancel(order)
    return again


@transaction.atomic
def confirm(order: Order) -> Order:
    """Give a pending order its number and total, and confirm it: it is brought, and the customer told."""
    order = Order.objects.select_for_update(of=("self",)).select_related("customer").get(pk=order.pk)
    if order.status == Order.Status.CONFIRMED:
        return order
    if order.status == Order.Status.CANCELLED:
        raise _stands(f"Order {order} is cancelled. Place a new one.")
    return _confirmed(order, offers.open_for([order.customer_id]).get(order.customer_id))


def _confirmed(order: Order, offer: Offer | None) -> Order:
    _not_erased(order.customer)
    offers.reckon(order, offer)
    if not order.total:
        raise ValidationError({"items": "An order needs at least one item."})
    if offer:
        offers.use(offer, order)
    order.status = Order.Status.CONFIRMED
    order.save(update_fields=("number", "total", "discount", "status"))
    orders_made.send(sender=Order, orders=[order])
    return order


@transaction.atomic
def cancel(order: Order) -> Order:
    """Call off an order that is not delivered: its delivery goes with it, and what was to be said of it."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.delivered_at:
        raise _stands(f"Order {order} is delivered already.")
    if order.status != Order.Status.CANCELLED:
        order.status = Order.Status.CANCELLED
        order.save(update_fields=("status",))  # what goes with it: see `signals.call_off`
    return order


@transaction.atomic
def subscribe(customer: Customer, product: Product, start: date, **how) -> Subscription:
    """Bring a product again and again, from `start`. `how`: `quantity`, `pattern`, `weekdays`, `end`."""
    _open("start", start)
    _there("start", product, start)
    subscription = Subscription.objects.create(customer=customer, product=product, start=start, **how)
    _not_erased(customer)
    offers.earn(subscription)
    return subscription


@transaction.atomic
def change(subscription: Subscription, **how) -> Subscription:
    """Change `quantity`, `pattern`, `weekdays` or `end` of a subscription that is not cancelled."""
    subscription = _running(subscription)
    for field, value in how.items():
        setattr(subscription, field, value)
    subscription.save(update_fields=tuple(how))
    if "end" not in how:
        return subscription
    # Nothing is ordered further ahead; and the day after the last of all days is none.
    if subscription.end and subscription.end <= days.today() + days.AHEAD:
        _call_off(subscription, subscription.end + timedelta(days=1))
    return follow_pauses(subscription)


class Paused(NamedTuple):
    """What came of a pause: the days that are recorded, and the orders there were for them.

    cancelled  nothing else was in them;  changed: only this subscription was taken off
    kept       the cut-off of their day was over: they are brought
    """

    pause: SubscriptionPause
    cancelled: list[Order]
    changed: list[Order]
    kept: list[Order]


@transaction.atomic
def pause(
    subscription: Subscription, from_date: date, resume_date: date | None = None, reason: str = ""
) -> Paused:
    """Bring nothing from `from_date` until the day before `resume_date` (None: until resumed). See `pauses`."""
    subscription = _running(subscription)
    asked = pauses.asked_for(subscription, from_date, resume_date)
    pause, is_changed = pauses.record(subscription, asked, reason)
    if is_changed:
        follow_pauses(subscription)
    left_out = leave_out(subscription, pause.from_date, pause.resume_date)
    return Paused(pause, [cancel(order) for order in left_out.emptied], left_out.lessened, left_out.kept)


@transaction.atomic
def resume(subscription: Subscription) -> Subscription:
    """Bring again from today: its pauses are lifted, and what was to be said of them is withdrawn."""
    subscription, today = _running(subscription), days.today()
    ahead = Q(resume_date__gt=today) | Q(resume_date__isnull=True)
    subscription.pauses.filter(ahead, from_date__lt=today).update(resume_date=today)
    subscription.pauses.filter(from_date__gte=today).delete()  # not begun: no day was left out
    kinds = ("pause_confirmation", "churn_risk")
    outbox.withdraw(f"subscription_{subscription.pk}", kinds, "the subscription was resumed")
    return follow_pauses(subscription)


@transaction.atomic
def activate(subscription: Subscription) -> Subscription:
    """Let a subscription run, whatever its pauses say; the first time, the customer is told."""
    subscription = _running(subscription)
    return _become(subscription, Subscription.Status.ACTIVE)


@transaction.atomic
def end(subscription: Subscription) -> Subscription:
    """Cancel a subscription for good. What is ordered for a day is brought where its cut-off is over."""
    subscription = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if subscription.status != Subscription.Status.CANCELLED:
        _call_off(subscription, days.today())
        kinds = ("subscription_confirmation", "pause_confirmation", "churn_risk")
        outbox.withdraw(f"subscription_{subscription.pk}", kinds, "the subscription was cancelled")
    return _become(subscription, Subscription.Status.CANCELLED)


def follow_pauses(subscription: Subscription) -> Subscription:
    """Let the status say what the pauses say of today. A cancelled subscription stays cancelled."""
    if subscription.status == Subscription.Status.CANCELLED:
        return subscription
    today = days.today()
    covers_today = Q(resume_date__gt=today) | Q(resume_date__isnull=True)
    paused = subscription.pauses.filter(covers_today, from_date__lte=today).exists()
    if not paused:
        offers.earn(subscription)
    return _become(subscription, Subscription.Status.PAUSED if paused else Subscription.Status.ACTIVE)


def _call_off(subscription: Subscription, since: date) -> None:
    """Take it off the orders from that day on whose cut-off is not over."""
    for order in leave_out(subscription, since).emptied:
        cancel(order)


def _become(subscription: Subscription, status: Subscription.Status) -> Subscription:
    if subscription.status != status:
        subscription.status = status
        subscription.save(update_fields=("status",))
    return subscription


def _running(subscription: Subscription) -> Subscription:
    subscription = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if subscription.status == Subscription.Status.CANCELLED:
        raise _stands("This subscription is cancelled. Start a new one.")
    return subscription


def _open(field: str, day: date) -> None:
    if why := days.refusal(day):
        raise ValidationError({field: why})


def _there(field: str, product: Product, day: date) -> None:
    if why := product.refusal(day):
        raise ValidationError({field: why})


def _not_erased(customer: Customer) -> None:
    """Asked when the row that refers to the customer is there: whoever erases them meanwhile was waited for."""
    if Customer.objects.filter(pk=customer.pk).exclude(erased_at=None).exists():
        raise ValidationError({"customer": ERASED})


def _stands(why: str) -> ValidationError:
    return ValidationError({"status": ValidationError(why, code="state")})
