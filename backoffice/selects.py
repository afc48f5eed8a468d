"""Filters that stand above a list, each a `select`."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Choice = tuple[str, str]
Choices = list[tuple[str, list[Choice]]]
_SELECTED = mark_safe(" selected")


class Filter(SimpleListFilter):
    """A filter over values that are known: to ask a table of millions for them would read all of it."""

    template = "admin/filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        return [choice for _, choices in self.grouped() for choice in choices]

    def has_output(self) -> bool:
        return True

    def value(self) -> str | None:
        value = super().value()
        return str(value).replace("\0", "") if value else None  # PostgreSQL refuses a NUL

    def grouped(self) -> Choices:
        """The choices under headings; an empty heading is none."""
        raise NotImplementedError

    @property
    def options(self) -> SafeString:
        """For a `select`, written by code: a hundred in a template take as long as the list itself."""
        value = str(self.value() or "")
        groups = [(heading, _options(choices, value)) for heading, choices in self.grouped()]
        if self.stranger:
            groups.append(("", _options([(value, value)], value)))
        return format_html_join("", "{}", ((_group(heading, options),) for heading, options in groups))

    @property
    def stranger(self) -> str:
        """What was asked for by the address and is none of the choices."""
        value = str(self.value() or "")
        return "" if any(value == known for known, _ in self.lookup_choices) else value

    def condition(self) -> Q:
        """What was chosen; only asked where something was."""
        return Q(**{str(self.parameter_name): self.value()})

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(self.condition()) if self.value() else queryset


def _options(choices: list[Choice], value: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, _SELECTED if code == value else "", label) for code, label in choices),
    )


def _group(heading: str, options: SafeString) -> SafeString:
    return format_html('<optgroup label="{}">{}</optgroup>', heading, options) if heading else options
