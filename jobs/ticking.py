"""Doing what is due. Beat ticks every five minutes and knows nothing; each job's rows say what is done.

django-celery-beat loads a crontab only near its hour: a nightly run that beat missed while it was dead is not
made up, and one loaded late may run early the next day. So the time of day is ours, and a day is done when its
row says so.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from jobs import registry
from jobs.due import due_days, is_last
from jobs.lock import only_worker
from jobs.models import Job, JobRun
from notifications import clock

logger = logging.getLogger(__name__)

State = JobRun.State


@dataclass
class Kept:
    """Progress that is kept with the run, where staff see it, and in the log."""

    run: JobRun

    def __call__(self, done: int, total: int | None = None) -> None:
        self.run.done, self.run.total = done, total if total is not None else self.run.total
        self.run.save(update_fields=("done", "total"))
        of = "?" if self.run.total is None else self.run.total
        logger.info("%s for %s: %s of %s", self.run.job_id, self.run.day, done, of)


def tick(now: datetime) -> int:
    """Do every job for each day that is due and not done. Returns how many days were done."""
    return sum(_do(job, now) for job in registry.jobs())


def _do(declared: registry.DailyJob, now: datetime) -> int:
    job, _ = Job.objects.get_or_create(pk=declared.code, defaults={"at": declared.at})
    if not due_days(job, now):
        return 0
    with only_worker(declared.code) as is_ours:
        if not is_ours:
            return 0
        # Asked again: whoever had the lock until now may have done them, and staff may have switched it off.
        job.refresh_from_db()
        return sum(_do_day(job, declared, day) for day in due_days(job, now))


def _do_day(job: Job, declared: registry.DailyJob, day: date) -> int:
    run, _ = JobRun.objects.get_or_create(
        job=job, day=day, defaults={"state": State.RUNNING, "started_at": clock.now()}
    )
    if not job.active:
        return _end(run, State.OFF, "It was switched off.")
    _begin(run)
    ended = State.DONE if is_last(job, day) else State.WAITING  # as it stood before it began
    try:
        said = declared.run(day, Kept(run))
    except Exception as error:
        # The next tick tries again; other days and other jobs do not wait for it.
        logger.exception("%s for %s failed", job.pk, day)
        _reconnect()
        return _end(run, State.FAILED, f"{type(error).__name__}: {error}"[:500])
    return _end(run, ended, said)


def _begin(run: JobRun) -> None:
    run.state, run.tries = State.RUNNING, run.tries + 1
    run.started_at, run.finished_at, run.done, run.total = clock.now(), None, 0, None
    run.save(update_fields=("state", "tries", "started_at", "finished_at", "done", "total"))


def _reconnect() -> None:
    """Drop a connection that broke under the job, and with it the lock: what follows must be done, and may be twice."""
    if not connection.in_atomic_block and not connection.is_usable():
        connection.close()


def _end(run: JobRun, state: JobRun.State, said: str) -> int:
    run.state, run.said, run.finished_at = state, said, clock.now()
    run.save(update_fields=("state", "said", "finished_at"))
    logger.info("%s for %s is %s: %s", run.job_id, run.day, state, said)
    return int(state == State.DONE)
