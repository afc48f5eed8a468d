"""Doing what is due. Beat ticks every five minutes and knows nothing; each job's rows say what is done.

django-celery-beat loads a crontab only near its hour: a nightly run that beat missed while it was dead is not
made up, and one loaded late may run early the next day. So the time of day is ours, and a day is done when its
row says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone

from jobs import registry
from jobs.lock import only_worker
from jobs.models import Job, JobRun
from notifications import clock

logger = logging.getLogger(__name__)

State = JobRun.State
LOOKS_BACK = timedelta(days=31)  # what was missed before that stays missed
FINAL = (State.DONE, State.OFF)


@dataclass
class Kept:
    """Progress that is kept with the run, where staff see it, and in the log."""

    run: JobRun

    def __call__(self, done: int, total: int | None = None) -> None:
        self.run.done, self.run.total = done, total if total is not None else self.run.total
        self.run.save(update_fields=("done", "total"))
        logger.info("%s for %s: %s of %s", self.run.job_id, self.run.day, done, self.run.total or "?")


def tick(now: datetime) -> int:
    """Do every job for each day that is due and not done. Returns how many days were done."""
    return sum(_do(job, now) for job in registry.jobs())


def due_at(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at), timezone.get_default_timezone())


def due_days(job: Job, now: datetime) -> list[date]:
    """The days that are due and not done, the oldest first. The first day of all is the one it is first seen on."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    first = job.runs.aggregate(first=Min("day"))["first"] or today
    over = set(job.runs.filter(state__in=FINAL).values_list("day", flat=True))
    return [
        day
        for day in _days(max(first, today - LOOKS_BACK), today)
        if day not in over and due_at(day, job.at) <= now and _may_follow(job, day)
    ]


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _may_follow(job: Job, day: date) -> bool:
    """Whether the one it comes after is done for that day."""
    before = job.declared.after if job.declared else ""
    return not before or JobRun.objects.filter(job=before, day=day, state__in=FINAL).exists()


def _do(declared: registry.DailyJob, now: datetime) -> int:
    job, _ = Job.objects.get_or_create(pk=declared.code, defaults={"at": declared.at})
    if not due_days(job, now):
        return 0
    with only_worker(declared.code) as is_ours:
        # Asked again: whoever had the lock until now may have done them.
        return sum(_do_day(job, day) for day in due_days(job, now)) if is_ours else 0


def _do_day(job: Job, day: date) -> int:
    run, _ = JobRun.objects.get_or_create(
        job=job, day=day, defaults={"state": State.RUNNING, "started_at": clock.now()}
    )
    if not job.active:
        return _end(run, State.OFF, "It was switched off.")
    run.state, run.tries, run.finished_at = State.RUNNING, run.tries + 1, None
    run.save(update_fields=("state", "tries", "finished_at"))
    try:
        said = job.declared.run(day, Kept(run))
    except Exception as error:
        # The next tick tries again; other days and other jobs do not wait for it.
        logger.exception("%s for %s failed", job.pk, day)
        return _end(run, State.FAILED, f"{type(error).__name__}: {error}"[:500])
    return _end(run, State.DONE, said)


def _end(run: JobRun, state: JobRun.State, said: str) -> int:
    run.state, run.said, run.finished_at = state, said, clock.now()
    run.save(update_fields=("state", "said", "finished_at"))
    logger.info("%s for %s is %s: %s", run.job_id, run.day, state, said)
    return int(state == State.DONE)
