"""Asking customers back who are away: their subscription is paused, or it has ended.

One that was cancelled for good is neither: whoever says goodbye is left in peace. Nor is anybody asked who has
another subscription running, or who was asked already since they went away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from jobs.registry import Progress
from notifications import clock
from orders import days, messages, offers
from orders.models import Offer, Subscription, SubscriptionPause

CHUNK = 1000
LOOKS_BACK = timedelta(days=31)  # who has been away longer than that when we first look is not woken up


@dataclass(frozen=True)
class _Looked:
    """What is looked for: who has been away long enough on `day`, and still is `today`; of one customer only, or of
    those after one, by id.
    """

    day: date
    today: date
    after: int = 0
    only: int | None = None

    def of(self, customer: str) -> dict[str, int]:
        return {f"{customer}_id": self.only} if self.only else {f"{customer}_id__gt": self.after}


@dataclass(frozen=True)
class Absence:
    """Who is away, and the cause that they are asked back for once."""

    subscription: Subscription
    cause: str


def ask_back(day: date, progress: Progress) -> str:
    """The daily job: ask who has been away long enough on `day`, and still is."""
    looked_at, asked = 0, 0
    for find in (_paused, _lapsed):
        last = 0
        while absences := find(_Looked(day, days.today(), after=last)):
            last = absences[-1].subscription.customer_id
            looked_at, asked = looked_at + len(absences), asked + ask(absences, clock.now())
            progress(looked_at)
    return f"{asked:,} asked back and offered 25 %."


def would_ask(customer_id: int, day: date) -> Absence | None:
    """The absence this customer would be asked back for on `day`, as all stands now; None where they would not be."""
    looked = _Looked(day, day, only=customer_id)
    return next((found[0] for find in (_paused, _lapsed) if (found := find(looked))), None)


@transaction.atomic
def ask(absences: Sequence[Absence], now: datetime) -> int:
    """Ask these (at most 1,000) back. Who is really told has an offer. Returns how many."""
    caused = [(absence.subscription, absence.cause) for absence in absences]
    told = messages.churn_risk(caused, now)
    is_promised = [message is not None and message.status == "queued" for message in told]
    return offers.make((one for one, promised in zip(caused, is_promised, strict=True) if promised), now)


def absence_of(subscription: Subscription) -> Absence:
    """The one pause or end that this subscription is away for today, however short."""
    today = days.today()
    pause = subscription.pauses.filter(_still_paused(today), from_date__lte=today).first()
    return _by_pause(pause) if pause else _by_end(subscription)


def _by_pause(pause: SubscriptionPause) -> Absence:
    return Absence(pause.subscription, f"pause-{pause.pk}")


def _by_end(subscription: Subscription) -> Absence:
    # One that was made longer, and ended again, is another absence.
    return Absence(subscription, f"end-{subscription.pk}-{subscription.end}")


def _still_paused(today: date) -> Q:
    return Q(resume_date__isnull=True) | Q(resume_date__gt=today)


def _paused(looked: _Looked) -> list[Absence]:
    """The next chunk of customers, by id, with a subscription that has been paused so long."""
    today, since = looked.today, looked.day - timedelta(days=settings.CHURN_DAYS)
    rows = (
        SubscriptionPause.objects.filter(
            _still_paused(today), from_date__lte=since, from_date__gt=since - LOOKS_BACK
        )
        .filter(Q(subscription__end__isnull=True) | Q(subscription__end__gte=today))
        .exclude(subscription__status=Subscription.Status.CANCELLED)
        .select_related("subscription__customer")
    )
    return _chunk(rows, "subscription__", Q(made_at__date__gte=OuterRef("from_date")), looked, _by_pause)


def _lapsed(looked: _Looked) -> list[Absence]:
    """The same with a subscription that ended so long ago."""
    last_day = min(looked.day, looked.today) - timedelta(days=settings.CHURN_DAYS + 1)
    rows = (
        Subscription.objects.filter(end__lte=last_day, end__gt=last_day - LOOKS_BACK)
        .exclude(status=Subscription.Status.CANCELLED)
        .select_related("customer")
    )
    return _chunk(rows, "", Q(made_at__date__gt=OuterRef("end")), looked, _by_end)


def _chunk(rows: QuerySet, way: str, since: Q, looked: _Looked, absence: Callable) -> list[Absence]:
    """`way` leads from a row to its subscription, `since` says of an offer that it was made in this absence."""
    customer = f"{way}customer"
    found = (
        rows.filter(
            ~_has_another(way, looked.today),
            ~Exists(Offer.objects.filter(since, customer=OuterRef(customer))),
        )
        .filter(**looked.of(customer))
        .order_by(f"{customer}_id", "pk")
        .distinct(f"{customer}_id")
    )
    return [absence(row) for row in found[:CHUNK]]


def _has_another(way: str, today: date) -> Exists:
    running = Subscription.objects.filter(
        Q(end__isnull=True) | Q(end__gte=today),
        customer=OuterRef(f"{way}customer"),
        status=Subscription.Status.ACTIVE,
    )
    return Exists(running.exclude(pk=OuterRef(f"{way}pk")))
