"""The status of subscriptions follows their pauses, from day to day."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from jobs.registry import Progress
from orders import days, offers
from orders.models import Subscription, SubscriptionPause

CHUNK = 1000  # subscriptions in one transaction
Status = Subscription.Status


def follow_pauses(_: date, progress: Progress) -> str:
    """The job `follow_pauses`: for whatever day it is done, the status says how a subscription stands today."""
    waiting = _astray().order_by("pk").values_list("pk", flat=True)
    paused, active, last = 0, 0, 0
    progress(0, waiting.count())
    while chunk := list(waiting.filter(pk__gt=last)[:CHUNK]):
        became = _put_right(chunk)
        paused, active, last = (
            paused + became.count(Status.PAUSED),
            active + became.count(Status.ACTIVE),
            chunk[-1],
        )
        progress(paused + active)
    return f"{paused:,} paused, {active:,} active again"


def _of_today() -> QuerySet[SubscriptionPause]:
    today = days.today()
    return SubscriptionPause.objects.filter(
        Q(resume_date=None) | Q(resume_date__gt=today), from_date__lte=today
    )


def _astray() -> QuerySet[Subscription]:
    """Subscriptions, cancelled and ended ones aside, whose status is not what their pauses say of today."""
    is_paused = Exists(_of_today().filter(subscription=OuterRef("pk")))
    says_other = Q(is_paused, status=Status.ACTIVE) | Q(~is_paused, status=Status.PAUSED)
    return Subscription.objects.filter(says_other, Q(end=None) | Q(end__gte=days.today()))


@transaction.atomic
def _put_right(chunk: list[int]) -> list[Status]:
    """What those became that were wrong. Through `save`: who becomes active for the first time is told."""
    locked = Subscription.objects.select_for_update(of=("self",)).select_related("customer", "product")
    rows = list(locked.filter(pk__in=chunk).exclude(status=Status.CANCELLED).order_by("pk"))
    # Asked once they are locked: who paused or resumed one until now has committed.
    pauses = set(_of_today().filter(subscription__in=chunk).values_list("subscription", flat=True))
    offers.earn_all({row.customer_id for row in rows if row.pk not in pauses})
    became = []
    for row in rows:
        status = Status.PAUSED if row.pk in pauses else Status.ACTIVE
        if row.status != status:
            row.status = status
            row.save(update_fields=("status",))
            became.append(status)
    return became
