"""The jobs the shop does once a day. Every app declares its own, in its `daily.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Protocol


class Progress(Protocol):
    """Told between the chunks of a long job; staff see it. Not inside a transaction that stays open."""

    def __call__(self, done: int, total: int | None = None) -> None: ...


@dataclass(frozen=True)
class DailyJob:
    """A job that is done once for each day.

    code      the name everywhere, for example `nightly_orders`
    label     what it does, in words: "Make tomorrow's orders"
    explains  a sentence or two for staff
    at        the time of day (IST) it is due at, until staff choose another
    run       does it for a day (the evening of the 21st is the 21st's, however late it comes) and returns a sentence
              for staff: "1,204 orders for 22 November". It may be called again for the same day, by two workers at
              once and after half of it was done: the second time changes nothing. A day that is too late it leaves,
              and says so
    after     the code of a job that has to be done for that day first
    """

    code: str
    label: str
    explains: str
    at: time
    run: Callable[[date, Progress], str]
    after: str = ""


_jobs: dict[str, DailyJob] = {}


def register(*jobs: DailyJob) -> None:
    """Declare jobs. Raises ValueError where two claim one code."""
    for job in jobs:
        if _jobs.get(job.code, job) != job:
            raise ValueError(f"The job {job.code} is declared twice.")
        _jobs[job.code] = job


def get(code: str) -> DailyJob | None:
    return _jobs.get(code)


def jobs() -> list[DailyJob]:
    """All there are, each behind the one it comes after."""
    ordered: dict[str, DailyJob] = {}
    for job in sorted(_jobs.values(), key=lambda job: (job.at, job.code)):
        _place(job, ordered)
    return list(ordered.values())


def _place(job: DailyJob, ordered: dict[str, DailyJob]) -> None:
    if (before := _jobs.get(job.after)) and before.code not in ordered:
        _place(before, ordered)
    ordered[job.code] = job
