"""Until when a day's deliveries can be changed: the evening before, when its orders are made."""

from datetime import date, datetime, timedelta

from jobs.due import waiting_days
from jobs.models import time_of
from notifications import clock
from orders import days

NIGHTLY_ORDERS = "nightly_orders"  # the job whose time of day is the cut-off
DAY = timedelta(days=1)


def cut_off(day: date) -> datetime:
    """The moment from which this day's orders are made: what is changed later comes too late for the day."""
    return days.moment(day - DAY, time_of(NIGHTLY_ORDERS))


def is_closed(day: date) -> bool:
    """Whether the cut-off of this day is over, or its orders are made: staff may move the cut-off after that."""
    return clock.now() >= cut_off(day) or (day <= days.today() + DAY and day not in days_to_make())


def days_to_make() -> set[date]:
    """Today and tomorrow, as far as their orders are still going to be made; later days' always are."""
    evenings = waiting_days(NIGHTLY_ORDERS, clock.now())
    return {evening + DAY for evening in evenings if evening + DAY >= days.today()}
