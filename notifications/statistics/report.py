"""The statistics of some days: all together, by kind and by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from notifications.schedule import IST
from notifications.statistics.figures import Tally
from notifications.statistics.sources import LOG_OF_PHONES, ROLL_UP

_SQL = """
SELECT day, kind, status, {bucket}, sum(count)::bigint, sum(milliseconds)::bigint, sum(cost), {p95}
FROM ({rows}) AS rows WHERE %(kind)s::text IS NULL OR kind = %(kind)s
GROUP BY GROUPING SETS ({sets})
"""
# What all of them come to is summed up of the kinds: a third of the database's work less.
_OF_ALL = _SQL.format(
    rows=ROLL_UP, bucket="bucket", p95="NULL", sets="(kind, status, bucket), (day, status, bucket)"
)
# By day only how many: of a month's rows nine in ten are buckets.
_COUNTED_BY_DAY = _SQL.format(
    rows=ROLL_UP, bucket="bucket", p95="NULL", sets="(kind, status, bucket), (day, status)"
)
# Few enough to sort: no buckets, and the exact p95, which cannot be summed up.
_OF_PHONES = _SQL.format(
    rows=LOG_OF_PHONES,
    bucket="NULL::smallint",
    p95="percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)",
    sets="(status), (kind, status), (day, status)",
)


Tallies = defaultdict[date | str | None, Tally]


class Span(NamedTuple):
    """Days in India, both included: a message belongs to the day it was queued."""

    first: date
    last: date

    @classmethod
    def until(cls, now: datetime, days: int) -> Span:
        """Today and the days before, so many in all."""
        last = now.astimezone(IST).date()
        return cls(last - timedelta(days=days - 1), last)

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def report(span: Span, kind: str | None = None, phones: Collection[str] | None = None) -> dict[str, Any]:
    """`Tally.figures` of all, with `by_kind` (sorted by kind) and `by_day` (oldest first, empty ones too).

    `phones` None: everybody's messages, from the roll-up. Otherwise those of these numbers, from the log: then the
    p95 is exact.
    """
    found = _tallies(_OF_ALL if phones is None else _OF_PHONES, span, kind, phones)
    kinds = sorted(key for key in found if isinstance(key, str))
    return {
        **found[None].figures(),
        "by_kind": [{"message_type": code, **found[code].figures()} for code in kinds],
        "by_day": [{"date": day, **found[day].figures()} for day in span.days()],
    }


def tallies(span: Span) -> Tallies:
    """What everybody's report is made of: by kind, by day (without how long it took), and (None) of all."""
    return _tallies(_COUNTED_BY_DAY, span)


def _tallies(sql: str, span: Span, kind: str | None = None, phones: Collection[str] | None = None) -> Tallies:
    found: Tallies = defaultdict(Tally)
    with connection.cursor() as cursor:
        cursor.execute(
            sql, {"first": span.first, "last": span.last, "kind": kind, "phones": list(phones or ())}
        )
        for day, of_kind, *counted in cursor.fetchall():
            found[day or of_kind].add(*counted)
            if of_kind and phones is None:
                found[None].add(*counted)
    return found
