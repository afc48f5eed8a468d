"""Days and hours as the shop counts them: India's, on the one clock."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from notifications import clock


def today() -> date:
    return day_of(clock.now())


def day_of(at: datetime) -> date:
    """The Indian day of a moment."""
    return timezone.localdate(at, timezone.get_default_timezone())


def moment(day: date, at: time) -> datetime:
    """A wall-clock time of a day in India, aware."""
    return timezone.make_aware(datetime.combine(day, at), timezone.get_default_timezone())


def end_of(day: date) -> datetime:
    """The midnight that ends a day in India."""
    return moment(day + timedelta(days=1), time.min)
