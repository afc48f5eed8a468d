"""What MyOperator reported, as it came."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.lists import Log
from backoffice.masking import shown_in
from notifications import receipt_matching
from notifications.models import WebhookEvent


class WaitingFilter(admin.SimpleListFilter):
    title = "applied"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "Not yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(applied_at=None) if self.value() else queryset


@admin.register(WebhookEvent)
class WebhookEventAdmin(Log):
    """Read-only."""

    list_display = ("received_at", "event_type", "result", "applied_at", "event_id")
    list_filter = (WaitingFilter,)
    search_fields = ("=event_id",)
    search_help_text = "A whole event id."
    ordering = ("-id",)
    fields = (
        "event_id",
        "event_type",
        "received_at",
        "applied_at",
        "result",
        "tries",
        "due_at",
        "as_it_came",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        return (queryset.filter(event_id=term) if term else queryset), False

    @admin.display(description="As it came")
    def as_it_came(self, event: WebhookEvent) -> SafeString:
        written = json.dumps(event.payload, indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", shown_in(written, receipt_matching.phone(event)))
