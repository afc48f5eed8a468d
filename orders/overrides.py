"""One day of a subscription that differs from its pattern: another quantity, or none."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from orders import days
from orders.cutoff import cut_off, is_closed
from orders.models import Subscription, SubscriptionOverride
from orders.pauses import written


@transaction.atomic
def bring(subscription: Subscription, day: date, quantity: int | None) -> Subscription:
    """Bring this quantity on that day; 0 skips it, None is what the pattern says. Again, nothing changes.

    Raises ValidationError naming the field; code "state" where the subscription is cancelled.
    """
    subscription = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if why := _against(subscription, day):
        raise ValidationError({"date": why})
    if subscription.status == Subscription.Status.CANCELLED:
        why = ValidationError("This subscription is cancelled. Start a new one.", code="state")
        raise ValidationError({"status": why})
    if quantity is None:
        subscription.overrides.filter(date=day).delete()
    else:
        SubscriptionOverride.objects.update_or_create(
            subscription=subscription, date=day, defaults={"quantity": quantity}
        )
    return subscription


def _against(subscription: Subscription, day: date) -> str:
    """What speaks against changing this day; empty where nothing does."""
    if why := days.refusal(day):
        return why
    if day < subscription.start:
        return f"The subscription starts only on {written(subscription.start)}."
    if subscription.end and day > subscription.end:
        return f"The subscription ends before, on {written(subscription.end)}."
    if is_closed(day):
        until = cut_off(day)
        return f"This day could be changed until {until:%H:%M} on {written(days.day_of(until))}."
    return ""
