"""Which days a subscription is paused: what is asked for, joined with what there is. Pauses never overlap.

A pause is the days from `from_date` until the day before `resume_date` (none: until the customer resumes).

| what is asked for                                                  | what becomes of it                          |
|--------------------------------------------------------------------|---------------------------------------------|
| meets no other pause                                               | a pause of its own                          |
| the same days as a pause, or days within it                        | nothing changes, nobody is told again       |
| begins before a pause, or goes on after it, and meets or touches it | that pause is made longer                   |
| bridges or covers several                                          | they become one, which keeps the first's id |
| touches a pause that is over                                       | a pause of its own: it was another absence  |
| begins with a pause and ends sooner                                | refused: resuming makes a pause shorter     |
| names an end within a pause that has none                          | refused, likewise                           |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q

from notifications import outbox
from orders import days
from orders.leaving_out import leave_out
from orders.models import Order, Subscription, SubscriptionPause

FOREVER = date.max


@dataclass(frozen=True)
class Span:
    """Days from `start` until the day before `until`."""

    start: date
    until: date = FOREVER

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.until and other.start < self.until

    def touches(self, other: "Span") -> bool:
        return self.start == other.until or other.start == self.until

    def __str__(self) -> str:
        end = "until resumed" if self.until == FOREVER else f"until {written(self.until)}"
        return f"from {written(self.start)} {end}"


def written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def span(row: SubscriptionPause) -> Span:
    return Span(row.from_date, row.resume_date or FOREVER)


def covers(subscription: Subscription, day: date) -> bool:
    ahead = Q(resume_date__gt=day) | Q(resume_date__isnull=True)
    return subscription.pauses.filter(ahead, from_date__lte=day).exists()


def follow_status(subscription: Subscription) -> None:
    """Give one that a program saved as paused a pause: what is brought goes by those, not by the status."""
    today = days.today()
    is_over = subscription.end is not None and subscription.end < today
    if is_over or subscription.status != Subscription.Status.PAUSED or covers(subscription, today):
        return
    record(subscription, Span(today))
    for order in leave_out(subscription, today).emptied:
        order.status = Order.Status.CANCELLED
        order.save(update_fields=("status",))


def asked_for(subscription: Subscription, from_date: date, resume_date: date | None) -> Span:
    """Raises ValidationError where it would end before it began, or begin after the subscription's end."""
    if resume_date and resume_date <= from_date:
        raise ValidationError({"resume_date": "The day to resume must come after the day the pause begins."})
    if subscription.end and from_date > subscription.end:
        raise ValidationError({"from_date": f"The subscription ends before, on {written(subscription.end)}."})
    return Span(from_date, resume_date or FOREVER)


def join(asked: Span, there: Sequence[Span], today: date) -> tuple[Span, list[Span]]:
    """The pause to keep, and those of `there` that become part of it. Raises ValidationError, see the table."""
    met = [one for one in there if asked.overlaps(one) or (asked.touches(one) and one.until > today)]
    for one in met:
        if _cuts_short(asked, one):
            raise ValidationError({"resume_date": f"It is paused {one} already. To end that sooner, resume."})
    return Span(min(s.start for s in (asked, *met)), max(s.until for s in (asked, *met))), met


def _cuts_short(asked: Span, one: Span) -> bool:
    is_sooner = asked.overlaps(one) and asked.until < one.until
    return is_sooner and (one.until == FOREVER or one.start == asked.start)


def record(subscription: Subscription, asked: Span, reason: str = "") -> tuple[SubscriptionPause, bool]:
    """The pause that has the asked days, and whether it is new or changed. The subscription is locked."""
    rows = {span(row): row for row in subscription.pauses.all()}
    whole, met = join(asked, list(rows), days.today())
    if met == [whole]:
        return rows[whole], False
    first, *others = sorted((rows[one] for one in met), key=lambda row: row.from_date) or [
        SubscriptionPause(subscription=subscription)
    ]
    _forget(subscription, met, others)
    first.from_date, first.resume_date = whole.start, None if whole.until == FOREVER else whole.until
    first.reason = reason or first.reason
    first.save()
    return first, True


def _forget(subscription: Subscription, met: list[Span], others: list[SubscriptionPause]) -> None:
    """Take back what was to be said of the pauses that become part of a longer one."""
    if met:
        why = "the pause was made longer"
        outbox.withdraw(f"subscription_{subscription.pk}", ("pause_confirmation",), why)
    for row in others:
        row.delete()
