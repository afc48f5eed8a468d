"""Pages by cursor: a page deep in ten million rows costs what the first one does."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as BadValue
from django.db.models import Field, Model, QuerySet
from django.utils import timezone
from drf_spectacular.plumbing import build_parameter_type
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

MOST = 100
MOST_SKIPPED = 10_000
_WRITTEN = re.compile(r"([np]) (-?\w+) ([0-9]{1,18}) ([^\0]{0,300})")


@dataclass(frozen=True, slots=True)
class Order:
    """By one field that is never null, then by id in the same direction; each needs an index that serves it."""

    field: str
    descending: bool = False

    @classmethod
    def read(cls, text: str) -> Order:
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.field}"

    def columns(self, backwards: bool) -> tuple[str, ...]:
        """For `order_by`."""
        sign = "-" if self.descending != backwards else ""
        return tuple(
            f"{sign}{name}" for name in ((self.field,) if self.field == "id" else (self.field, "id"))
        )


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: after this one in its order, or `backwards`, before it."""

    order: Order
    value: Any
    id: int
    backwards: bool = False

    @classmethod
    def beside(cls, row: Model, order: Order, *, backwards: bool = False) -> Cursor:
        return cls(order, getattr(row, order.field), row.pk, backwards)

    @classmethod
    def read(cls, text: str, order: Order, model: type[Model]) -> Cursor:
        """A cursor as `str` wrote it for a page of this model in this order. Raises ValueError."""
        padded = text + "=" * (-len(text) % 4)
        found = _WRITTEN.fullmatch(base64.b64decode(padded, altchars=b"-_", validate=True).decode())
        # PostgreSQL keeps no NUL, and refuses one in a comparison.
        if found is None or found[2] != str(order) or "\0" in found[4]:
            raise ValueError("not a cursor of this list")
        return cls(order, _value(model, order.field, found[4]), int(found[3]), found[1] == "p")

    def __str__(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        plain = f"{'p' if self.backwards else 'n'} {self.order} {self.id} {value}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _value(model: type[Model], name: str, text: str) -> Any:
    """What a cursor holds of a column. Raises ValueError where that column could not hold it."""
    field: Field = model._meta.get_field(name)  # type: ignore[assignment]  # a column of its own
    try:
        value = field.to_python(text)
        field.run_validators(value)
    except BadValue as error:
        raise ValueError("not a cursor") from error
    if value is None or (isinstance(value, datetime) and timezone.is_naive(value)):
        raise ValueError("not a cursor")
    return value


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in their order, and where the ones beside them are."""

    rows: Sequence[Any]
    next: Cursor | None
    previous: Cursor | None


def page(parts: Sequence[QuerySet], order: Order, cursor: Cursor | None, skip: int, limit: int) -> Page:
    """One page of all these parts together. `skip` counts from the start, or from the cursor.

    Each part is read along its own index and the few rows are merged: one query for all would sort them all.
    """
    backwards = cursor is not None and cursor.backwards
    found = _window(parts, order, cursor, skip, limit + 1)
    more, shown = len(found) > limit, found[:limit]
    if backwards:
        shown.reverse()
    if not shown:
        return Page([], None, None)
    later = more or backwards
    earlier = skip > 0 or (more if backwards else cursor is not None)
    return Page(
        shown,
        Cursor.beside(shown[-1], order) if later else None,
        Cursor.beside(shown[0], order, backwards=True) if earlier else None,
    )


def _window(
    parts: Sequence[QuerySet], order: Order, cursor: Cursor | None, skip: int, most: int
) -> list[Any]:
    columns = order.columns(cursor is not None and cursor.backwards)
    tops = [_beside(part, cursor).order_by(*columns)[: skip + most] for part in parts]
    if len(tops) < 2:
        return list(tops[0][skip:]) if tops else []
    return list(tops[0].union(*tops[1:], all=True).order_by(*columns)[skip : skip + most])


def _beside(rows: QuerySet, cursor: Cursor | None) -> QuerySet:
    if cursor is None:
        return rows
    field, way = cursor.order.field, "lt" if cursor.order.descending != cursor.backwards else "gt"
    if field == "id":
        return rows.filter(**{f"id__{way}": cursor.id})
    # The first condition bounds the index scan, the second drops the few that share the value.
    near = rows.filter(**{f"{field}__{way}e": cursor.value})
    return near.exclude(**{field: cursor.value, f"id__{'lt' if way == 'gt' else 'gt'}e": cursor.id})


class PageQuery(serializers.Serializer):
    """Which page."""

    limit = serializers.IntegerField(default=50, min_value=1, max_value=MOST, help_text="Rows per page.")
    cursor = serializers.CharField(required=False, max_length=2000, help_text="From `next` or `previous`.")
    skip = serializers.IntegerField(
        default=0,
        min_value=0,
        max_value=MOST_SKIPPED,
        help_text="Rows to leave out. To go further, follow `next`.",
        error_messages={
            "max_value": f"At most {MOST_SKIPPED} can be skipped; to go further, follow the link in `next`."
        },
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["skip"] and "cursor" in attrs:
            raise serializers.ValidationError({"skip": "Use either `skip` or `cursor`."})
        return attrs


def read_cursor(text: str | None, order: Order, model: type[Model]) -> Cursor | None:
    """The cursor of a query. Raises the API's ValidationError for what no page gave."""
    try:
        return Cursor.read(text, order, model) if text is not None else None
    except (ValueError, OverflowError, binascii.Error) as error:
        why = "Take it from a page's `next` or `previous`."
        raise serializers.ValidationError({"cursor": serializers.ErrorDetail(why, "bad_cursor")}) from error


def answer(request: Request, found: Page, data: Any) -> Response:
    """A page as the API gives it."""
    here = remove_query_param(request.build_absolute_uri(), "skip")
    links = {"next": found.next, "previous": found.previous}
    said = {
        name: replace_query_param(here, "cursor", place) if place else None for name, place in links.items()
    }
    return Response({**said, "results": data})


def given(request: Request) -> dict[str, Any]:
    """The query. `?status=` is how a form says that it does not filter."""
    return {name: value for name, value in request.query_params.items() if value != ""}


class Pages(BasePagination):
    """For a view's list: `limit`, `cursor`, `skip`, and `ordering` by one of the view's `orderings`.

    The view says `orderings = ("-id", "id", …)`, the first being the default; each names a field of its model
    that is never null.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        asked = self._query(view)(data=given(request))
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        order = Order.read(wanted["ordering"])
        cursor = read_cursor(wanted.get("cursor"), order, queryset.model)
        self.request = request
        self.page = page([queryset], order, cursor, wanted["skip"], wanted["limit"])
        return list(self.page.rows)

    def get_paginated_response(self, data: Any) -> Response:
        return answer(self.request, self.page, data)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        from drf_spectacular.openapi import AutoSchema  # heavy, and only for the documentation

        schema: AutoSchema = view.schema
        shown = []
        for name, field in self._query(view)().fields.items():
            said = schema._map_serializer_field(field, "request")
            schema._insert_field_validators(field, said)
            said.pop("description", None)
            about = str(field.help_text or "")
            shown.append(build_parameter_type(name=name, schema=said, location="query", description=about))
        return shown

    @staticmethod
    def _query(view: Any) -> type[PageQuery]:
        names = tuple(view.orderings)

        class Query(PageQuery):
            ordering = serializers.ChoiceField(
                names, default=names[0], help_text="`-` in front: the highest, or latest, first.",
                error_messages={"invalid_choice": f"Use one of: {', '.join(names)}."},
            )  # fmt: skip

        return Query
