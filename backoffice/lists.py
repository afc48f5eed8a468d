"""Lists of tables with millions of rows, and pages that only show."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from unfold.views import ChangeList

from backoffice.keyset import Reading
from backoffice.pages import Admin
from backoffice.turning import Turning


class Log(Admin):
    """A table that staff read and never write.

    With an `ordering` by time, downwards, it is turned page by page and not counted; its index must serve that.
    """

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    filters_aside = True  # in the look's own sheet; a page that has them in its middle does not want it

    @property
    def change_list_template(self) -> list[str]:
        return [f"admin/{self.opts.app_label}/{self.opts.model_name}/change_list.html", "backoffice/log.html"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Turning if self.ordering else super().get_changelist(request, **kwargs)

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return () if self.ordering else super().get_sortable_by(request)

    def ready(self, rows: list[Any]) -> None:
        """What a page's rows need that is asked once for all of them; each row may get attributes."""

    def reading(self, cl: Turning) -> Reading:
        """How the page of a list is read: what was searched by its index, what was filtered by looking through it."""
        found, _ = self.get_search_results(cl.request, cl.root_queryset, cl.query)
        return Reading([cl.apply_select_related(found)], exact=not cl.has_active_filters)

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, obj: Model) -> SafeString:
        """As Django's, which renders a form's widget from a template for each row: a quarter of the page's time."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="Choose {}">',
            helpers.ACTION_CHECKBOX_NAME,
            obj.pk,
            obj,
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
