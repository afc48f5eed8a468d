"""What became of the messages of today and of the last 30 days: the front page's numbers, table and charts.

All of it from the roll-up that the statistics keep, so it costs the same with a thousand messages and ten million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backoffice.templatetags.counted import indian
from earlybird.desk import log
from notifications import backlog, registry, statistics
from notifications.models import LIVE, Status
from notifications.statistics import Span, Tally

DAYS = 30
SENT = (Status.SENT, Status.DELIVERED, Status.READ)
ARRIVED = (Status.DELIVERED, Status.READ)
ON_PURPOSE = (Status.SUPPRESSED, Status.CANCELLED)
WAITING = tuple(sorted(LIVE))

# Label, the statuses that are counted, the one it is a share of, how it looks.
_FIGURES: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str], ...] = (
    ("Sent", SENT, (), "good"),
    ("Delivered", ARRIVED, SENT, "good"),
    ("Read", (Status.READ,), SENT, "good"),
    ("Failed", (Status.FAILED,), (), "bad"),
    ("Too late", (Status.EXPIRED,), (), "bad"),
    ("Not sent on purpose", ON_PURPOSE, (), "quiet"),
)
# Of the table by kind; what was sent today stands behind what was sent at all.
COLUMNS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("Sent", SENT, False),
    ("Delivered", ARRIVED, False),
    ("Read", (Status.READ,), False),
    ("Failed", (Status.FAILED,), True),
    ("Too late", (Status.EXPIRED,), False),
    ("Not sent on purpose", ON_PURPOSE, False),
    ("Waiting", WAITING, False),
)
# The layers of the charts, from the axis up: each message is in one of them.
_LAYERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("read", "Read", (Status.READ,)),
    ("delivered", "Delivered, not read", (Status.DELIVERED,)),
    ("sent", "Sent, not confirmed", (Status.SENT,)),
    ("failed", "Failed or too late", (Status.FAILED, Status.EXPIRED)),
    ("other", "Not sent on purpose, or waiting", (*ON_PURPOSE, *WAITING)),
)


@dataclass(frozen=True)
class Figure:
    """One number of today, beside yesterday's (the whole day) and that of 30 days; each leads to its messages."""

    label: str
    today: int
    yesterday: int
    month: int
    share: int | None  # percent of what was sent in 30 days
    tone: str
    of_today: str
    of_month: str


@dataclass(frozen=True)
class Cell:
    """A count, and the messages that it counts."""

    count: int
    link: str
    is_bad: bool = False


@dataclass(frozen=True)
class Row:
    """One kind in 30 days: a cell for each of `COLUMNS`."""

    code: str
    label: str
    cells: list[Cell]
    median: float | None
    cost: Decimal
    total: int
    link: str


@dataclass(frozen=True)
class Figures:
    figures: list[Figure]
    rows: list[Row]
    waiting: int
    oldest: datetime | None
    last_minute: int
    median: float | None
    p95: float | None
    cost_today: Decimal
    cost: Decimal
    cost_yesterday: Decimal
    is_empty: bool
    chart: dict[str, Any]
    days: list[dict[str, Any]]
    of_waiting: str


def counted(now: datetime) -> Figures:
    """Everything the front page says of messages."""
    month, today = Span.until(now, DAYS), Span.until(now, 1)
    tallies, of_today = statistics.tallies(month), statistics.tallies(today)
    total, day = tallies[None], of_today[None]
    return Figures(
        figures=[
            _figure(one, day, tallies[today.first - _DAY], total, today.first, month.first)
            for one in _FIGURES
        ],
        rows=_rows(tallies, of_today, month.first, month.last),
        waiting=_sum(total, WAITING),
        oldest=backlog.overdue_since(now),
        last_minute=backlog.accepted_last_minute(now),
        median=total.took.within(0.5),
        p95=total.took.within(0.95),
        cost_today=day.cost,
        cost_yesterday=tallies[today.first - _DAY].cost,
        cost=total.cost,
        is_empty=not total.counts.total(),
        chart=_chart(tallies, month),
        days=_days(tallies, month),
        of_waiting=log.address(WAITING),
    )


_DAY = date.resolution


def _sum(tally: Tally, statuses: Iterable[str]) -> int:
    return sum(tally.counts[status] for status in statuses)


def _figure(
    one: tuple[str, tuple[str, ...], tuple[str, ...], str],
    today: Tally,
    yesterday: Tally,
    month: Tally,
    day: date,
    first: date,
) -> Figure:
    label, statuses, whole, tone = one
    found, of = _sum(month, statuses), _sum(month, whole)
    return Figure(
        label=label,
        today=_sum(today, statuses),
        yesterday=_sum(yesterday, statuses),
        month=found,
        share=round(100 * found / of) if of else None,
        tone=tone,
        of_today=log.address(statuses, first=day),
        of_month=log.address(statuses, first=first),
    )


def _rows(tallies: Any, of_today: Any, first: date, last: date) -> list[Row]:
    """By kind, the most frequent first."""
    codes = [key for key in tallies if isinstance(key, str)]
    rows = [_row(code, tallies[code], of_today[code], first, last) for code in codes]
    return sorted(rows, key=lambda row: (-row.total, row.label))


def _row(code: str, tally: Tally, today: Tally, first: date, last: date) -> Row:
    kind = registry.get(code)
    cells = [_cell(tally, statuses, code, first, is_bad) for _, statuses, is_bad in COLUMNS]
    cells.insert(1, _cell(today, SENT, code, last))
    return Row(
        code=code,
        label=kind.label if kind else code,
        cells=cells,
        median=tally.took.within(0.5),
        cost=tally.cost,
        total=tally.counts.total(),
        link=log.address(kind=code, first=first),
    )


def _cell(tally: Tally, statuses: tuple[str, ...], code: str, first: date, is_bad: bool = False) -> Cell:
    count = _sum(tally, statuses)
    return Cell(count, log.address(statuses, code, first) if count else "", is_bad)


def _chart(tallies: Any, span: Span) -> dict[str, Any]:
    """What the script draws: names of layers, and for days and kinds the labels, counts by layer, and addresses."""
    days = span.days()
    codes = sorted(
        (key for key in tallies if isinstance(key, str)), key=lambda code: -tallies[code].counts.total()
    )
    return {
        "layers": [{"name": name, "label": label} for name, label, _ in _LAYERS],
        "days": {
            "labels": [f"{day.day} {day:%b}" for day in days],
            "counts": [[_sum(tallies[day], of) for day in days] for _, _, of in _LAYERS],
            "links": [log.address(first=day, last=day) for day in days],
        },
        "kinds": {
            "labels": [kind.label if (kind := registry.get(code)) else code for code in codes],
            "counts": [[_sum(tallies[code], of) for code in codes] for _, _, of in _LAYERS],
            "links": [log.address(kind=code, first=span.first) for code in codes],
        },
    }


def _days(tallies: Any, span: Span) -> list[dict[str, Any]]:
    """The same as a table, the newest day first, the counts in words."""
    return [
        {
            "day": day,
            "counts": [indian(_sum(tallies[day], of)) for _, _, of in _LAYERS],
            "total": indian(tallies[day].counts.total()),
            "link": log.address(first=day, last=day),
        }
        for day in reversed(span.days())
    ]
