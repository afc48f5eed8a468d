"""Filters by day. Django's own know no tomorrow, and its row of months reads the whole table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from notifications import clock

DAY = timedelta(days=1)
WEEK = timedelta(days=7)

# (value, words, from `today` to the first and the last day)
_Span = Callable[[date], tuple[date, date]]
SPANS: dict[str, tuple[str, _Span]] = {
    "yesterday": ("Yesterday", lambda today: (today - DAY, today - DAY)),
    "today": ("Today", lambda today: (today, today)),
    "tomorrow": ("Tomorrow", lambda today: (today + DAY, today + DAY)),
    "last": ("The last 7 days", lambda today: (today - WEEK, today - DAY)),
    "next": ("The next 7 days", lambda today: (today + DAY, today + WEEK)),
    "month": ("This month", lambda today: (today.replace(day=1), _month_before(today, -1) - DAY)),
}


class Days(SimpleListFilter):
    """Base of `days_of`."""

    field = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, words) for value, (words, _) in SPANS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in SPANS:
            return queryset
        span = SPANS[str(self.value())][1](clock.day_of(clock.now()))
        return queryset.filter(**{f"{self.field}__range": span})


class Months(SimpleListFilter):
    """Base of `months_of`: a column that holds the first of each month."""

    field = ""
    so_many = 12

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        today = clock.day_of(clock.now())
        months = [_month_before(today, back) for back in range(self.so_many)]
        return [(month.isoformat(), f"{month:%B %Y}") for month in months]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(**{self.field: self.value()})


def days_of(field: str, title: str) -> type[Days]:
    """A filter over a column of days: `list_filter = (days_of("delivery_date", "delivery day"),)`."""
    return type("DaysOf", (Days,), {"field": field, "title": title, "parameter_name": f"{field}_in"})


def months_of(field: str, title: str = "month") -> type[Months]:
    return type("MonthsOf", (Months,), {"field": field, "title": title, "parameter_name": f"{field}_is"})


def _month_before(day: date, months: int) -> date:
    """The first of the month so many months before this day's."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)
