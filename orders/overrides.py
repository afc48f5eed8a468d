"""One day of a subscription that differs from its pattern: another quantity, or none."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from orders import days
from orders.calendar import covers
from orders.cutoff import cut_off, is_closed
from orders.models import Subscription, SubscriptionOverride
from orders.pauses import span, written


@transaction.atomic
def bring(subscription: Subscription, day: date, quantity: int | None) -> Subscription:
    """Bring this quantity on that day; 0 skips it, None is what the pattern says. Again, nothing changes.

    Raises ValidationError naming the field; code "state" where the subscription is cancelled.
    """
    subscription = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if subscription.status == Subscription.Status.CANCELLED:
        why = ValidationError("This subscription is cancelled. Start a new one.", code="state")
        raise ValidationError({"status": why})
    if refused := refusal(subscription, day, quantity):
        raise ValidationError({"date": refused})
    if quantity is None:
        subscription.overrides.filter(date=day).delete()
    else:
        SubscriptionOverride.objects.update_or_create(
            subscription=subscription, date=day, defaults={"quantity": quantity}
        )
    return subscription


def refusal(subscription: Subscription, day: date, quantity: int | None) -> str:
    """Why this day cannot have that quantity; empty where it can. The subscription may not be saved yet."""
    if why := days.refusal(day):
        return why
    if day < subscription.start:
        return f"The subscription starts only on {written(subscription.start)}."
    if subscription.end and day > subscription.end:
        return f"The subscription ends before, on {written(subscription.end)}."
    if is_closed(day):
        until = cut_off(day)
        return f"This day could be changed until {until:%H:%M} on {written(days.day_of(until))}."
    pauses = subscription.pauses.all() if subscription.pk and quantity else ()
    if paused := next((pause for pause in pauses if covers(pause, day)), None):
        return f"The subscription is paused {span(paused)}, and brings nothing then. Resume it first."
    return ""
