"""Which days a subscription delivers."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orders.calendar import quantity_on
from orders.models import Subscription, SubscriptionOverride, SubscriptionPause
from orders.tests import shop

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def calendar(terms, pauses=(), overrides=None, status="active"):
    """Day → quantity, as orders.calendar says, of the first day and the two weeks from it."""
    row = Subscription(status=status, **terms)
    off = [SubscriptionPause(from_date=begins, resume_date=resumes) for begins, resumes in pauses]
    other = [SubscriptionOverride(date=day, quantity=many) for day, many in (overrides or {}).items()]
    days = [shop.FIRST + timedelta(days=number) for number in range(shop.DAYS + 1)]
    found = {day: quantity_on(day, row, off, other) for day in days}
    return {day: many for day, many in found.items() if many}


def days_of(pattern, **terms):
    """The days (Monday is 0) of the first two weeks that a subscription from that Monday delivers."""
    found = calendar({"pattern": pattern, "start": MONDAY, **terms})
    return [(day - MONDAY).days for day in found]


@given(shop.terms(), shop.pauses(), shop.overrides)
@example({"quantity": 1, "pattern": "weekly", "weekdays": [], "start": MONDAY, "end": None}, [], {MONDAY: 0})
def test_the_days_of_any_subscription_are_those_of_a_plain_calendar(terms, pauses, overrides):
    assert calendar(terms, pauses, overrides) == shop.expected(terms, pauses, overrides)


@pytest.mark.parametrize(
    ("pattern", "weekdays", "expected"),
    [
        ("daily", [], list(range(15))),
        ("alternate_days", [], [0, 2, 4, 6, 8, 10, 12, 14]),
        ("weekly", [], [0, 7, 14]),
        ("weekly", [5], [5, 12]),
        ("custom_days", [0, 3], [0, 3, 7, 10, 14]),
    ],
)
def test_a_pattern_says_which_days(pattern, weekdays, expected):
    assert days_of(pattern, weekdays=weekdays) == expected


def test_every_other_day_is_counted_from_the_start_whatever_the_month():
    assert days_of("alternate_days", start=date(2026, 11, 20)) == [1, 3, 5, 7, 9, 11, 13]


def test_the_last_day_is_delivered_and_the_next_is_not():
    assert days_of("daily", end=MONDAY + 2 * DAY) == [0, 1, 2]


def test_the_day_it_resumes_is_delivered():
    found = calendar({"pattern": "daily", "start": MONDAY}, [(MONDAY + DAY, MONDAY + 14 * DAY)])
    assert list(found) == [MONDAY, MONDAY + 14 * DAY]


def test_a_pause_wins_over_a_days_own_quantity():
    assert calendar({"pattern": "daily", "start": MONDAY}, [(MONDAY, None)], {MONDAY: 5}) == {}


def test_a_day_that_the_pattern_leaves_out_may_have_a_quantity_of_its_own():
    found = calendar({"pattern": "weekly", "start": MONDAY, "end": MONDAY + 6 * DAY}, (), {MONDAY + DAY: 3})
    assert found == {MONDAY: 1, MONDAY + DAY: 3}


def test_what_is_cancelled_brings_nothing_and_what_is_called_paused_goes_by_its_pauses():
    terms = {"pattern": "daily", "start": MONDAY, "end": MONDAY}
    assert calendar(terms, status="cancelled") == {}
    assert calendar(terms, status="paused") == {MONDAY: 1}


@given(shop.terms(), st.lists(shop.some_day, max_size=3))
def test_nothing_is_delivered_outside_start_and_end(terms, extra):
    found = calendar(terms, (), dict.fromkeys(extra, 1))
    assert all(terms["start"] <= day <= (terms["end"] or day) for day in found)
