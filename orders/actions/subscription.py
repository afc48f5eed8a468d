"""Subscriptions: begun, changed, paused, resumed, ended."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from notifications import outbox
from orders import days, offers, pauses
from orders.actions.order import cancel
from orders.actions.refusals import check_not_erased, check_open, check_sold, stands
from orders.leaving_out import leave_out
from orders.models import Customer, Order, Product, Subscription, SubscriptionPause


@transaction.atomic
def subscribe(customer: Customer, product: Product, start: date, **how) -> Subscription:
    """Bring a product again and again, from `start`. `how`: `quantity`, `pattern`, `weekdays`, `end`."""
    check_open("start", start)
    check_sold("start", product, start)
    subscription = Subscription.objects.create(customer=customer, product=product, start=start, **how)
    check_not_erased(customer)
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
    paused = pauses.covers(subscription, days.today())
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
        raise stands("This subscription is cancelled. Start a new one.")
    return subscription
