"""One timeline of all that happened between a customer and the shop, newest first, a page at a time.

Each sort of row is asked for no more than one page, from the moment on where the page before ended; the pages are
merged here. So a page costs the same whether the customer came yesterday or ten years ago.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from typing import Any, NamedTuple

from django.db.models import Model, Q, QuerySet

from notifications.clock import day_of

PAGE = 30
SORTS = (
    ("", "Everything"),
    ("messages", "Messages"),
    ("orders", "Orders and deliveries"),
    ("money", "Money"),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Whose(NamedTuple):
    """Whom it is about: the customer's id, None for a number that no customer has, and the number (E.164)."""

    customer: int | None
    phone: str


class Place(NamedTuple):
    """Where an entry stands: later ones are greater. `rank` tells sorts apart, `pk` the rows of a sort."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}.{self.rank}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """What `str` wrote; None where it did not."""
        try:
            at, rank, pk = (int(part) for part in text.split("."))
            return cls(_EPOCH + at * _MICROSECOND, rank, pk) if 0 <= pk < 2**63 else None
        except (ValueError, OverflowError):
            return None


_NOWHERE = Place(_EPOCH, 0, 0)


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `text` is what was written, by us or by them; `money` is signed as staff read it."""

    title: str
    detail: str = ""
    link: str = ""
    icon: str = ""
    tone: str = ""
    text: str = ""
    money: str = ""
    by: str = ""
    place: Place = _NOWHERE

    @property
    def at(self) -> datetime:
        return self.place.at


@dataclass(frozen=True)
class Source:
    """A sort of row that tells of a customer: who may see it, where its moment is kept, which rows, and in words."""

    sort: str
    permission: str
    at: str
    rows: Callable[[Whose], QuerySet[Any] | None]
    entry: Callable[[Any], Entry]


@dataclass(frozen=True)
class Page:
    days: list[tuple[date, list[Entry]]]
    earlier: Place | None  # where the next page begins; None where there is none

    @property
    def entries(self) -> list[Entry]:
        return [entry for _, entries in self.days for entry in entries]


def page(
    sources: Iterable[Source | None], whose: Whose, before: Place | None = None, size: int = PAGE
) -> Page:
    """The newest entries of these sources that stand before `before`.

    Their rank is their place among `sources`; None keeps the place of one that is not shown.
    """
    found = [
        [_placed(source, rank, row) for row in _rows(source, rank, whose, before, size + 1)]
        for rank, source in enumerate(sources)
        if source is not None
    ]
    merged = heapq.merge(*found, key=lambda entry: entry.place, reverse=True)
    entries = list(islice(merged, size + 1))
    shown = entries[:size]
    by_day = [(day, list(of_day)) for day, of_day in groupby(shown, key=lambda entry: day_of(entry.at))]
    return Page(by_day, shown[-1].place if len(entries) > size else None)


def _rows(source: Source, rank: int, whose: Whose, before: Place | None, most: int) -> list[Model]:
    rows = source.rows(whose)
    if rows is None:
        return []
    rows = rows.filter(**{f"{source.at}__isnull": False}).order_by(f"-{source.at}", "-pk")
    if before is not None:
        rows = rows.filter(_until(source.at, rank, before))
    return list(rows[:most])


def _until(at: str, rank: int, before: Place) -> Q:
    """What stands before a place: earlier, or at its moment and after it in order."""
    until = Q(**{f"{at}__lte": before.at})
    if rank > before.rank:
        return Q(**{f"{at}__lt": before.at})
    if rank < before.rank:
        return until
    return until & (Q(**{f"{at}__lt": before.at}) | Q(pk__lt=before.pk))


def _placed(source: Source, rank: int, row: Any) -> Entry:
    return replace(source.entry(row), place=Place(getattr(row, source.at), rank, row.pk))
