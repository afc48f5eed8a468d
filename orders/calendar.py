"""Which days a subscription delivers, and how many: the one place that says so.

Start and end bound everything. Within them a pause wins over all else, then a day's override, then the pattern.
The status says nothing here but that a cancelled subscription brings no more.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from orders.models import Subscription, SubscriptionOverride, SubscriptionPause

Pattern = Subscription.Pattern


def quantity_on(
    day: date,
    subscription: Subscription,
    pauses: Iterable[SubscriptionPause],
    overrides: Iterable[SubscriptionOverride],
) -> int:
    """How many are brought on a day; 0 is none. `pauses`, `overrides`: the subscription's, or those of that day."""
    if subscription.status == Subscription.Status.CANCELLED or not _runs(subscription, day):
        return 0
    if any(covers(pause, day) for pause in pauses):
        return 0
    differs = [override.quantity for override in overrides if override.date == day]
    if differs:
        return differs[0]
    return subscription.quantity if _in_pattern(subscription, day) else 0


def brought_on(
    subscription: Subscription,
    pauses: Collection[SubscriptionPause],
    overrides: Collection[SubscriptionOverride],
    since: date,
    until: date,
) -> Iterator[date]:
    """The days from `since` until and with `until` on which anything is brought, the next first."""
    day, last = max(since, subscription.start), min(until, subscription.end or until)
    while day <= last:
        if quantity_on(day, subscription, pauses, overrides):
            yield day
        day += timedelta(days=1)


def covers(pause: SubscriptionPause, day: date) -> bool:
    """Whether nothing is brought on this day because of this pause."""
    return pause.from_date <= day and (pause.resume_date is None or day < pause.resume_date)


def _runs(subscription: Subscription, day: date) -> bool:
    return subscription.start <= day and (subscription.end is None or day <= subscription.end)


def _in_pattern(subscription: Subscription, day: date) -> bool:
    if subscription.pattern == Pattern.ALTERNATE_DAYS:
        return (day - subscription.start).days % 2 == 0
    if subscription.pattern == Pattern.WEEKLY:
        return day.weekday() in (subscription.weekdays or [subscription.start.weekday()])
    return subscription.pattern == Pattern.DAILY or day.weekday() in subscription.weekdays
