"""How the shop's day stands: deliveries, tomorrow's orders, bills that are late, announcements, the daily jobs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse

from billing.models import Bill
from billing.sums import owed_together
from delivery.models import Delivery
from jobs.models import Job, JobRun
from notifications import clock
from orders import cutoff, days
from orders.models import Announcement, Order

PATIENCE = timedelta(minutes=15)  # a job is done within five minutes of its time
SEEN = timedelta(days=3)  # days of jobs that are looked at
MOST_NAMED = 5


@dataclass(frozen=True)
class Deliveries:
    delivered: int
    ahead: int
    not_delivered: int
    sheet: str

    @property
    def total(self) -> int:
        return self.delivered + self.ahead + self.not_delivered


def deliveries_today() -> Deliveries:
    today, status = days.today(), Delivery.Status
    rows = Delivery.objects.filter(date=today).order_by().values_list("status").annotate(Count("pk"))
    counts = dict(rows)
    return Deliveries(
        delivered=counts.get(status.DELIVERED, 0),
        ahead=sum(counts.get(one, 0) for one in Delivery.AHEAD),
        not_delivered=counts.get(status.NOT_DELIVERED, 0),
        sheet=reverse("admin:delivery_delivery_route_sheet"),
    )


@dataclass(frozen=True)
class Tomorrow:
    """Orders that stand for tomorrow. `made_at`: when those of subscriptions are made, None where they are."""

    orders: int
    from_subscriptions: int
    made_at: datetime | None
    address: str


def orders_tomorrow() -> Tomorrow:
    day = days.today() + cutoff.DAY
    rows = Order.objects.filter(delivery_date=day, status=Order.Status.CONFIRMED)
    nightly = Count("pk", filter=Q(kind=Order.Kind.SUBSCRIPTION))
    found = rows.aggregate(all=Count("pk"), nightly=nightly)
    made_at = cutoff.cut_off(day) if day in cutoff.days_to_make() else None
    page = reverse("admin:orders_order_changelist")
    return Tomorrow(found["all"], found["nightly"], made_at, f"{page}?delivery_date__exact={day}")


@dataclass(frozen=True)
class Overdue:
    bills: int
    owed: Decimal
    address: str


def bills_overdue() -> Overdue:
    """Bills whose day is over and on which something is still to pay, also where a part was paid."""
    late = Bill.objects.filter(due_date__lt=days.today(), carried_to=None).exclude(status=Bill.Status.PAID)
    bills = late.order_by().count()
    page = reverse("admin:billing_bill_changelist")
    owed = owed_together(late.order_by()) if bills else Decimal(0)
    return Overdue(bills, owed, f"{page}?status__in=overdue,partially_paid")


def announcements() -> list[Announcement]:
    """Those under way or planned, the next first."""
    going = Announcement.objects.filter(
        status__in=(Announcement.Status.SCHEDULED, Announcement.Status.RUNNING)
    )
    return list(going.select_related("product").order_by("at", "pk")[:MOST_NAMED])


@dataclass(frozen=True)
class JobTrouble:
    label: str
    sentence: str


def jobs_in_trouble(now: datetime) -> list[JobTrouble]:
    """Daily jobs that failed, or that should have begun by now."""
    runs = list(JobRun.objects.filter(day__gte=clock.day_of(now) - SEEN).select_related("job"))
    failed = [JobTrouble(run.job.label, _failed(run)) for run in runs if run.state == JobRun.State.FAILED]
    return failed + [JobTrouble(job.label, _late(job)) for job in _late_jobs(runs, now)]


def _late_jobs(runs: list[JobRun], now: datetime) -> Iterator[Job]:
    """What has run in these days, and not today though its time is over. What never ran is only being set up."""
    today = clock.day_of(now)
    known, done = {run.job_id for run in runs}, {run.job_id for run in runs if run.day == today}
    for job in Job.objects.filter(active=True).order_by("at", "pk"):
        is_due = clock.moment(today, job.at) + PATIENCE <= now
        if job.declared and is_due and job.pk in known and job.pk not in done:
            yield job


def _failed(run: JobRun) -> str:
    said = f" It said: {run.said.strip()[:160]}" if run.said.strip() else ""
    return f"Failed {run.tries}× for {run.day:%-d %B}, and is tried again.{said}"


def _late(job: Job) -> str:
    return f"Should have begun at {job.at:%-I:%M %p}. It waits for the job before it, or no worker runs."
