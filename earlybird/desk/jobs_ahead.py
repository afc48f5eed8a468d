"""When the daily jobs are done next: today's, where it is still to come, and tomorrow's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from jobs import registry
from jobs.models import FINAL, Job, JobRun
from notifications.clock import day_of, moment


def when(code: str, day: date, now: datetime) -> datetime | None:
    """When this job is done for a day; None where it is done, or switched off."""
    job = Job.objects.filter(pk=code).first()
    declared = registry.get(code)
    if (job and not job.active) or (job is None and declared is None):
        return None
    if JobRun.objects.filter(job=code, day=day, state__in=FINAL).exists():
        return None
    at = job.at if job else declared.at if declared else None
    return max(moment(day, at), now) if at else None


def until_tomorrow(code: str, now: datetime) -> Iterator[tuple[date, datetime]]:
    """(day, moment) of each time it is done from now until tomorrow's end."""
    today = day_of(now)
    for day in (today, today + timedelta(days=1)):
        if at := when(code, day, now):
            yield day, at
