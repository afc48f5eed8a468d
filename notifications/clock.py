"""The one clock for due times, expiry and hours. Leases go by the database's clock, never by this one.

`make faults` and the month simulation move time for every process of a running stack by writing a number of
seconds into `EARLYBIRD_CLOCK_FILE`. The setting is refused in production (check `notifications.E005`).
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, moved by what the clock file says (0 where there is none)."""
    present = timezone.now()
    return present + _offset(settings.EARLYBIRD_CLOCK_FILE) if settings.EARLYBIRD_CLOCK_FILE else present


def day_of(at: datetime) -> date:
    """The Indian day of a moment."""
    return timezone.localdate(at, timezone.get_default_timezone())


def moment(day: date, at: time) -> datetime:
    """A wall-clock time of a day in India, aware."""
    return timezone.make_aware(datetime.combine(day, at), timezone.get_default_timezone())


def _offset(path: str) -> timedelta:
    try:
        return timedelta(seconds=float(Path(path).read_text() or 0))
    except FileNotFoundError:
        return timedelta(0)
