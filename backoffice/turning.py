"""Turning the pages of a list of millions: a page begins beside a row, so the 1,000th costs what the first one does.

Rows that come while somebody reads move nothing: no row is shown twice, and none is passed over. Nothing is counted.
What no index serves is looked for among so many rows at a time, and the page says how far it looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.views import ChangeList

OLDER, NEWER = "older", "newer"  # than the place that the address names
LOOKED = 5_000  # rows looked through at a time
LOST = "That place in the list cannot be read, so this is its beginning."


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


class Turning(ChangeList):
    """A list that is turned page by page. Its model admin says `ordering`, downwards, and `reading(cl)`."""

    older: str | None
    newer: str | None
    looked_to: Any = None
    turns = True

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(request, *args, **kwargs)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[str]:
        """By time alone: another order would have to sort all there is."""
        return list(self.model_admin.ordering)

    def get_filters_params(self, params: Any = None) -> Any:
        asked = super().get_filters_params(params)
        return {name: value for name, value in asked.items() if name not in (OLDER, NEWER)}

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """Another filter begins at the newest again."""
        return str(super().get_query_string(new_params, [OLDER, NEWER, *(remove or ())]))

    def get_results(self, request: HttpRequest) -> None:
        column = self.model_admin.ordering[0].removeprefix("-")
        turn = self._turn(request, column)
        reading = self.model_admin.reading(self)
        page = read(self.queryset, reading, turn, self.list_per_page)
        if turn.backwards and not page.more and page.bound is None:
            turn = Turn(column)  # the newest page again, and a full one
            page = read(self.queryset, reading, turn, self.list_per_page)
        self._show(page, turn)

    def _turn(self, request: HttpRequest, column: str) -> Turn:
        field = self.lookup_opts.get_field(column)
        for name in (OLDER, NEWER):
            if text := request.GET.get(name):
                try:
                    return Turn(column, Place.read(text, field), name == NEWER)
                except ValueError:
                    messages.warning(request, LOST)
        return Turn(column)

    def _show(self, page: Page, turn: Turn) -> None:
        rows, column = page.rows, turn.column
        self.model_admin.ready(rows)
        self.has_filters = self.has_filters and self.model_admin.filters_aside
        self.result_list = rows
        self.result_count = self.full_result_count = len(rows)  # nobody counts ten million
        self.show_full_result_count = self.show_admin_actions = True
        self.can_show_all = self.multi_page = False
        self.paginator = self.model_admin.get_paginator(self.request, rows, self.list_per_page)
        first = Place.of(rows[0], column) if rows else turn.place
        last = Place.of(rows[-1], column) if rows else turn.place
        back, ahead = page.more or page.bound is not None, turn.place is not None
        older, newer = (ahead, back) if turn.backwards else (back, ahead)
        if page.bound is not None:
            self.looked_to = page.bound.value
            last, first = (last, page.bound) if turn.backwards else (page.bound, first)
        self.older = self.get_query_string({OLDER: last}) if older else None
        self.newer = self.get_query_string({NEWER: first}) if newer else None

    @property
    def standing(self) -> str:
        """What the page says of itself beside its links."""
        if self.looked_to is not None:
            return f"Looked through {LOOKED:,} back to {_said(self.looked_to)}."
        if not self.result_list:
            return ""
        column = self.model_admin.ordering[0].removeprefix("-")
        newest, oldest = (_said(getattr(self.result_list[at], column)) for at in (0, -1))
        many = f"{self.result_count} {self.opts.verbose_name_plural}"
        return f"{many}, {newest} back to {oldest}" if self.result_count > 1 else newest


def _said(value: Any) -> str:
    return f"{timezone.localtime(value):%-d %b %Y, %H:%M}" if isinstance(value, datetime) else f"no. {value}"
