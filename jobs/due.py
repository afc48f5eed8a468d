"""When a job is due, by its time of day and the days that are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Min

from jobs.models import FINAL, Job, JobRun
from notifications.clock import day_of, moment

LOOKS_BACK = timedelta(days=31)  # what was missed before that stays missed
PATIENCE = 3  # failed tries of a job, after which what comes after it waits no longer


def due_days(job: Job, now: datetime) -> list[date]:
    """The days that are due and not done, the oldest first."""
    return [day for day in _open_days(job, now) if moment(day, job.at) <= now and _may_follow(job, day)]


def next_due(job: Job, now: datetime) -> datetime | None:
    """When it is done next: a moment that is over where a day waits to be made up; None where it is off."""
    if not job.active:
        return None
    waiting = next(_open_days(job, now), day_of(now) + timedelta(days=1))
    return moment(waiting, job.at)


def waiting_days(code: str, now: datetime) -> set[date]:
    """The days until today that this job is still going to be done for."""
    job = Job.objects.filter(pk=code).first()
    return set(_open_days(job, now)) if job else {day_of(now)}


def _open_days(job: Job, now: datetime) -> Iterator[date]:
    """Days until today that are not over. The first of all is the one it is first seen on."""
    today = day_of(now)
    day = max(job.runs.aggregate(first=Min("day"))["first"] or today, today - LOOKS_BACK)
    over = set(job.runs.filter(day__gte=day, state__in=FINAL).values_list("day", flat=True))
    while day <= today:
        if day not in over:
            yield day
        day += timedelta(days=1)


def _may_follow(job: Job, day: date) -> bool:
    """Whether the one it comes after is done for that day, or has failed too often to be waited for.

    One order that cannot be made keeps nobody else from their reminder. Done without waiting, it is done once more
    when the other is.
    """
    if is_last(job, day):
        return True
    before = JobRun.objects.filter(job=_after(job), day=day).first()
    has_failed = before is not None and before.state == JobRun.State.FAILED and before.tries >= PATIENCE
    # Staff who want it done again clear the moment it ended.
    waits_again = job.runs.filter(day=day, state=JobRun.State.WAITING, finished_at__isnull=False)
    return has_failed and not waits_again.exists()


def is_last(job: Job, day: date) -> bool:
    """Whether nothing more comes of the one it comes after, so that what is done now is all there is to do."""
    before = _after(job)
    return not before or JobRun.objects.filter(job=before, day=day, state__in=FINAL).exists()


def _after(job: Job) -> str:
    """The code of the job it comes after; empty where there is none."""
    return job.declared.after if job.declared else ""
