"""Until when a day's deliveries can be changed: the evening before, when its orders are made."""

from datetime import date, datetime, timedelta

from jobs.models import time_of
from notifications import clock
from orders import days

NIGHTLY_ORDERS = "nightly_orders"  # the job whose time of day is the cut-off


def cut_off(day: date) -> datetime:
    """The moment from which this day's orders are made: what is changed later comes too late for the day."""
    return days.moment(day - timedelta(days=1), time_of(NIGHTLY_ORDERS))


def is_closed(day: date) -> bool:
    """Whether the cut-off of this day is over."""
    return clock.now() >= cut_off(day)
