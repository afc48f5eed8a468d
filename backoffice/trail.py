"""The audit trail: everything staff did at the desk, the newest first."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.links import link
from backoffice.lists import Choices, Log
from backoffice.masking import shown_in
from notifications import clock

MOST_NAMED = 500  # users in the filter


class WhoFilter(Choices):
    title = "who"
    parameter_name = "user"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).order_by("username")
        return [(str(pk), name) for pk, name in staff.values_list("pk", "username")[:MOST_NAMED]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(user=self.value()) if self._is_id() else queryset

    def _is_id(self) -> bool:
        return str(self.value() or "").isdecimal() and len(str(self.value())) < 10


class PartFilter(Choices):
    """By the part of the desk: an app."""

    title = "part"
    parameter_name = "part"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        labels = sorted({model._meta.app_label for model in admin.site._registry})
        return [(label, str(apps.get_app_config(label).verbose_name)) for label in labels]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(content_type__app_label=self.value()) if self.value() else queryset


class DayFilter(Choices):
    title = "day"
    parameter_name = "day"
    days = {
        "today": (0, 1),
        "yesterday": (1, 1),
        "week": (6, 7),
        "month": (29, 30),
    }  # (begins days ago, days)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        words = ("Today", "Yesterday", "The last 7 days", "The last 30 days")
        return list(zip(self.days, words, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in self.days:
            return queryset
        ago, length = self.days[str(self.value())]
        begins = clock.moment(clock.day_of(clock.now()) - timedelta(days=ago), time.min)
        return queryset.filter(action_time__gte=begins, action_time__lt=begins + timedelta(days=length))


@admin.register(LogEntry)
class AuditTrail(Log):
    """Read-only: nobody takes back what they did."""

    list_display = ("when", "who", "part", "row", "what")
    list_display_links = None
    list_filter = (WhoFilter, PartFilter, DayFilter)
    list_select_related = ("user", "content_type")
    search_fields = ("user__username",)
    search_help_text = "A user's name, or the id of a row."
    ordering = ("-id",)
    actions = None

    def get_urls(self) -> list[URLPattern]:
        """The list says all there is: an entry has no page of its own."""
        return [one for one in super().get_urls() if one.name == "admin_logentry_changelist"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Audit trail", **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        users = list(User.objects.filter(username__iexact=term).values_list("pk", flat=True))
        return queryset.filter(Q(user__in=users) | Q(object_id=term.removeprefix("msg_"))), False

    @admin.display(description="When")
    def when(self, entry: LogEntry) -> str:
        return date_format(timezone.localtime(entry.action_time), "j M Y, g:i A")

    @admin.display(description="Who")
    def who(self, entry: LogEntry) -> str:
        return entry.user.get_username()

    @admin.display(description="Part")
    def part(self, entry: LogEntry) -> str:
        """What kind of row it was; empty where the code has no such rows any more."""
        model = entry.content_type.model_class() if entry.content_type else None
        return str(model._meta.verbose_name).capitalize() if model else ""

    @admin.display(description="On")
    def row(self, entry: LogEntry) -> str:
        """With a link where there is a page that who looks may open."""
        name, address = shown_in(entry.object_repr), entry.get_admin_url()
        return name if address is None or entry.is_deletion() else link(address, name)

    @admin.display(description="What")
    def what(self, entry: LogEntry) -> str:
        return shown_in(entry.get_change_message())
