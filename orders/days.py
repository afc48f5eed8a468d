"""Days and hours as the shop counts them: India's, on the one clock."""

from datetime import date, datetime, time, timedelta

from notifications import clock
from notifications.clock import day_of, moment

__all__ = ["AHEAD", "day_of", "end_of", "moment", "refusal", "today"]

AHEAD = timedelta(days=365)  # further than that it is a slip of the finger


def today() -> date:
    return day_of(clock.now())


def end_of(day: date) -> datetime:
    """The midnight that ends a day in India."""
    return moment(day + timedelta(days=1), time.min)


def refusal(day: date) -> str:
    """Why nothing can be ordered for this day; empty where it can."""
    if day < today():
        return "This day is over. Choose today or a later one."
    if day > today() + AHEAD:
        return "This day is more than a year ahead. Choose an earlier one."
    return ""
