"""Lists of tables with millions of rows, and pages that only show."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from backoffice.pages import Admin
from notifications.phones import BadPhone, e164

MOST_LISTED = 5_000
LISTED = f"The list holds the newest {MOST_LISTED:,} that match."


class Newest(Paginator):
    """Pages of the newest rows: to count ten million takes seconds, and nobody turns to page 100,000."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[:MOST_LISTED].count())


class Log(Admin):
    """A table that staff read and never write."""

    paginator = Newest
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, obj: Model) -> SafeString:
        """As Django's, which renders a form's widget from a template for each row: a quarter of the page's time."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            helpers.ACTION_CHECKBOX_NAME,
            obj.pk,
            f"Select this object for an action - {obj}",
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class Choices(admin.SimpleListFilter):
    """A filter over values that are known: to ask the table for them would read all of it."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


def number_in(term: str) -> str:
    """The E.164 number that a search term is, or an empty text."""
    try:
        return e164(term)
    except BadPhone:
        return ""
