"""Until when a day's deliveries may still be changed."""

from datetime import date, datetime, time, timedelta

from jobs.models import time_of
from orders import days

USUAL = time(21)  # where no app declares the nightly run


def cut_off(day: date) -> datetime:
    """The moment the orders of `day` are fixed: the time of the nightly run, on the day before."""
    return days.moment(day - timedelta(days=1), _nightly())


def _nightly() -> time:
    try:
        return time_of("nightly_orders")
    except KeyError:
        return USUAL
