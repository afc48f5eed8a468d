"""Turning the pages of a list of millions, older and newer. Where a search stopped, the page says how far it looked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.views import ChangeList

from backoffice import keyset
from backoffice.keyset import Page, Place, Turn

OLDER, NEWER = "older", "newer"  # than the place that the address names
LOST = "That place in the list cannot be read, so this is its beginning."


class Turning(ChangeList):
    """A list that is turned page by page. Its model admin says `ordering`, downwards, and `reading(cl)`."""

    has_filters: Any
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
        page = keyset.read(self.queryset, reading, turn, self.list_per_page)
        if turn.backwards and not page.more and page.bound is None:
            turn = Turn(column)  # the newest page again, and a full one
            page = keyset.read(self.queryset, reading, turn, self.list_per_page)
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
            return f"Looked through {keyset.LOOKED:,} back to {_said(self.looked_to)}."
        if not self.result_list:
            return ""
        column = self.model_admin.ordering[0].removeprefix("-")
        newest, oldest = (_said(getattr(self.result_list[at], column)) for at in (0, -1))
        many = f"{self.result_count} {self.opts.verbose_name_plural}"
        return f"{many}, {newest} back to {oldest}" if self.result_count > 1 else newest


def _said(value: Any) -> str:
    return f"{timezone.localtime(value):%-d %b %Y, %H:%M}" if isinstance(value, datetime) else f"no. {value}"
