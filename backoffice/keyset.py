"""Reading a list of millions from a place in it: a page begins beside a row, so the 1,000th costs what the first does.

Rows that come while somebody reads move nothing: no row is shown twice, and none is passed over. Nothing is counted.
What no index serves is looked for among so many rows at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.utils import timezone

LOOKED = 2_000  # rows looked through at a time: 2 or 3 ms, however few of them are wanted


@dataclass(frozen=True, slots=True)
class Place:
    """A place beside a row, in a list by one column that is never null and by id. Both go down."""

    value: Any
    id: int

    @classmethod
    def of(cls, row: Model, column: str) -> Place:
        return cls(getattr(row, column), row.pk)

    @classmethod
    def read(cls, text: str, field: Field) -> Place:
        """As `str` wrote it. Raises ValueError."""
        value, _, pk = text.rpartition("_")
        if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
            raise ValueError("not a place")
        try:
            found = field.to_python(value)
        except ValidationError as error:
            raise ValueError("not a place") from error
        if found is None or (isinstance(found, datetime) and timezone.is_naive(found)):
            raise ValueError("not a place")
        return cls(found, int(pk))

    def __str__(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        return f"{value}_{self.id}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a list is read. Each part is read along an index of its own, and their rows are merged.

    parts  hold all that is wanted, and may hold more;  exact  they hold no more than that
    """

    parts: Sequence[QuerySet]
    exact: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a page begins, and which way it is read. `place` None: at the newest."""

    column: str
    place: Place | None = None
    backwards: bool = False

    @property
    def order(self) -> tuple[str, ...]:
        sign = "" if self.backwards else "-"
        return (f"{sign}id",) if self.column == "id" else (f"{sign}{self.column}", f"{sign}id")

    def beside(self, rows: QuerySet) -> QuerySet:
        """Those beyond the place, the nearest first."""
        rows = rows.order_by(*self.order)
        return rows if self.place is None else self._beyond(rows, self.place)

    def until(self, rows: QuerySet, bound: Place) -> QuerySet:
        """Those not beyond the bound."""
        return Turn(self.column, bound, not self.backwards)._beyond(rows, bound, with_it=True)

    def _beyond(self, rows: QuerySet, place: Place, with_it: bool = False) -> QuerySet:
        way, same = ("gt", "lt") if self.backwards else ("lt", "gt")
        if self.column == "id":
            return rows.filter(**{f"id__{way}{'e' if with_it else ''}": place.id})
        # The first condition bounds the scan of the index, the second drops the few that share the value.
        near = rows.filter(**{f"{self.column}__{way}e": place.value})
        tie = f"id__{same}" if with_it else f"id__{same}e"
        return near.exclude(**{self.column: place.value, tie: place.id})


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, the newest first. `bound`: how far it was looked, where that was not to the end."""

    rows: list[Any]
    more: bool
    bound: Place | None = None


def read(wanted: QuerySet, reading: Reading, turn: Turn, most: int) -> Page:
    """At most so many of the wanted rows."""
    near = [turn.beside(part) for part in reading.parts]
    if reading.exact:
        return _page(_first(near, turn, most + 1), turn, most)
    # Of several parts, none may be read further than the one that is read the shortest way.
    bound = _bound(near, turn) if len(near) > 1 else None
    inside = [wanted.order_by(*turn.order).filter(pk__in=part.values("pk")[:LOOKED]) for part in near]
    found = _first([turn.until(rows, bound) if bound else rows for rows in inside], turn, most + 1)
    if len(found) > most:
        return _page(found, turn, most)
    return _page(found, turn, most, bound or _bound(near, turn))


def _page(found: list[Any], turn: Turn, most: int, bound: Place | None = None) -> Page:
    rows = found[:most]
    return Page(rows[::-1] if turn.backwards else rows, len(found) > most, bound)


def _first(parts: Sequence[QuerySet], turn: Turn, most: int) -> list[Any]:
    tops = [part[:most] for part in parts]
    if len(tops) < 2:
        return list(tops[0]) if tops else []
    return list(tops[0].union(*tops[1:], all=True).order_by(*turn.order)[:most])


def _bound(near: Sequence[QuerySet], turn: Turn) -> Place | None:
    """The last row that is looked at: of several parts, the one that is reached first."""
    ends = [end for part in near for end in part.values_list(turn.column, "pk")[LOOKED - 1 : LOOKED]]
    if not ends:
        return None
    return Place(*(max(ends) if not turn.backwards else min(ends)))
