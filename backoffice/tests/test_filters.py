"""Filters by day and by month, read at a fixed day."""

from datetime import date, timedelta

import pytest
from django.contrib import admin
from hypothesis import given
from hypothesis import strategies as st

from backoffice.filters import SPANS, _month_before, days_of, months_of
from notifications import clock

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("yesterday", date(2026, 11, 25), date(2026, 11, 25)),
        ("today", TODAY, TODAY),
        ("tomorrow", date(2026, 11, 27), date(2026, 11, 27)),
        ("last", date(2026, 11, 19), date(2026, 11, 25)),
        ("next", date(2026, 11, 27), date(2026, 12, 3)),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
def test_each_span_has_its_first_and_last_day(value, first, last):
    assert SPANS[value][1](TODAY) == (first, last)


def test_the_month_of_december_ends_with_the_year():
    assert SPANS["month"][1](date(2026, 12, 5)) == (date(2026, 12, 1), date(2026, 12, 31))


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.integers(0, 60))
def test_a_month_before_is_a_first_and_so_many_months_back(day, months):
    before = _month_before(day, months)

    assert before.day == 1
    assert (day.year - before.year) * 12 + day.month - before.month == months


class Rows:
    """What a filter does to a queryset."""

    def filter(self, **asked):
        self.asked = asked
        return self


def chosen(kind, **given):
    """The filter `kind`, with these values in the address, asked of `Rows`."""
    params = {name: [value] for name, value in given.items()}
    rows = Rows()
    kind(None, params, None, admin.ModelAdmin).queryset(None, rows)
    return getattr(rows, "asked", None)


def test_a_day_filter_asks_for_the_days_in_india():
    tomorrow = clock.day_of(clock.now()) + timedelta(days=1)

    asked = chosen(days_of("delivery_date", "delivery day"), delivery_date_in="tomorrow")

    assert asked == {"delivery_date__range": (tomorrow, tomorrow)}


def test_a_day_that_is_no_choice_filters_nothing():
    assert chosen(days_of("date", "day"), date_in="doomsday") is None


def test_a_month_filter_asks_for_the_first_of_it():
    first = clock.day_of(clock.now()).replace(day=1).isoformat()

    assert chosen(months_of("month"), month_is=first) == {"month": first}


def test_a_month_that_is_no_choice_filters_nothing():
    assert chosen(months_of("month"), month_is="1066-10-01") is None
