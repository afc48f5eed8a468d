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
GROUP BY GROUPING SETS ((status, {bucket}), (kind, status, {bucket}), (day, status, {bucket}))
"""
_OF_ALL = _SQL.format(rows=ROLL_UP, bucket="bucket", p95="NULL")
# Few enough to sort: no buckets, and the exact p95.
_OF_PHONES = _SQL.format(
    rows=LOG_OF_PHONES, bucket="NULL::smallint", p95="percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)"
)


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
    found = tallies(span, kind, phones)
    kinds = sorted(key for key in found if isinstance(key, str))
    return {
        **found[None].figures(),
        "by_kind": [{"message_type": code, **found[code].figures()} for code in kinds],
        "by_day": [{"date": day, **found[day].figures()} for day in span.days()],
    }


def tallies(
    span: Span, kind: str | None = None, phones: Collection[str] | None = None
) -> defaultdict[date | str | None, Tally]:
    """What `report` is made of: by kind, by day, and (None) of all."""
    found: defaultdict[date | str | None, Tally] = defaultdict(Tally)
    for day, of_kind, *counted in _rows(span, kind, phones):
        found[day or of_kind].add(*counted)
    return found


def _rows(span: Span, kind: str | None, phones: Collection[str] | None) -> list[tuple[Any, ...]]:
    wanted = {"first": span.first, "last": span.last, "kind": kind, "phones": list(phones or ())}
    with connection.cursor() as cursor:
        cursor.execute(_OF_ALL if phones is None else _OF_PHONES, wanted)
        return cursor.fetchall()
