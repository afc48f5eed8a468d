"""The ledger of wishes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.lists import Choices, Log, number_in
from notifications import timeline
from notifications.models import ConsentEvent
from notifications.models.consent import ABOUT


class WhatFilter(Choices):
    title = "what"
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(ABOUT.items())


@admin.register(ConsentEvent)
class ConsentEventAdmin(Log):
    """Read-only, and never shortened: it is the proof."""

    list_display = ("when", "phone", "about", "was", "became", "act", "how_and_who", "words")
    list_display_links = ("when",)
    nothing = "Every change of what a customer wants to hear is kept here."
    list_filter = ("act", "how", WhatFilter)
    search_fields = ("phone",)
    search_help_text = "A whole phone number."
    ordering = ("-at", "-id")
    fields = ("number", "about", "was", "became", "act", "how", "by", "words", "reply", "at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        return (queryset.filter(phone=number_in(term) or term) if term else queryset), False

    @admin.display(description="What", ordering="what")
    def about(self, event: ConsentEvent) -> str:
        return event.about

    @admin.display(description="Was")
    def was(self, event: ConsentEvent) -> str:
        return event.was

    @admin.display(description="Is now")
    def became(self, event: ConsentEvent) -> str:
        return event.became

    @admin.display(description="How", ordering="how")
    def how_and_who(self, event: ConsentEvent) -> str:
        return f"{event.get_how_display()} ({event.by})" if event.by else event.get_how_display()

    @admin.display(description="When", ordering="at")
    def when(self, event: ConsentEvent) -> str:
        return timeline.when(event.at)

    @admin.display(description="Phone")
    def number(self, event: ConsentEvent) -> str:
        return event.phone

    @admin.display(description="The message that said so")
    def reply(self, event: ConsentEvent) -> SafeString | str:
        if event.inbound_id is None:
            return "–"
        address = reverse("admin:notifications_inboundmessage_change", args=[event.inbound_id])
        return format_html('<a href="{}">{}</a>', address, event.words or "the message")
