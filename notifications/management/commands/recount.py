"""`manage.py recount 2026-11-20 --until 2026-11-22`: the statistics of days, counted anew from the log."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import statistics
from notifications.clock import now as clock_now
from notifications.models.statistics import BUCKETS
from notifications.schedule import IST


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day: write it like 2026-11-20") from error


class Command(BaseCommand):
    help = "Count the statistics of days (IST, by when messages were queued) anew from the log; say what was wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("first", type=_day, help="the day, or the first of them: YYYY-MM-DD")
        parser.add_argument("--until", type=_day, help="the last day; without it, only the first")

    def handle(self, *args: Any, first: date, until: date | None, **options: Any) -> None:
        wrong = 0
        for day in _days(first, until or first):
            for mended in statistics.recount(day):
                wrong += 1
                self.stdout.write(_told(mended))
        self.stdout.write(f"{wrong} counts were wrong and are mended." if wrong else "Every count was right.")


def _days(first: date, last: date) -> Iterator[date]:
    """One at a time: each is a transaction of its own. Raises CommandError for days that are none."""
    today = clock_now().astimezone(IST).date()
    if not first <= last <= today:
        raise CommandError(
            f"Nothing lies from {first} to {last}: give days in their order, up to today ({today})."
        )
    while first <= last:
        yield first
        first += timedelta(days=1)


def _told(mended: statistics.Mended) -> str:
    what = mended.status if mended.bucket < 0 else f"{mended.status} {_bucket(mended.bucket)}"
    was, now = f"{mended.was or 0}", f"{mended.now or 0}"
    if mended.bucket >= 0:
        was += f" ({mended.was_milliseconds or 0} ms, ₹{mended.was_cost or 0:.4f})"
        now += f" ({mended.now_milliseconds or 0} ms, ₹{mended.now_cost or 0:.4f})"
    return f"{mended.day} {mended.kind} {what}: {was}, is {now}"


def _bucket(number: int) -> str:
    return f"under {BUCKETS[number]:g} s" if number < len(BUCKETS) else f"{BUCKETS[-1]:g} s or more"
