"""The ledger of wishes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from backoffice.links import link
from backoffice.lists import Choices, Log
from backoffice.masking import number_in, shown, shown_in
from notifications import timeline
from notifications.models import ConsentEvent, NotificationPreference
from notifications.models.consent import ABOUT


class WhatFilter(Choices):
    title = "what"
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(ABOUT.items())


class OfFilter(admin.SimpleListFilter):
    """One number's, from the page of its preferences: by that row, so that no address has the number in it."""

    title = "number"
    parameter_name = "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        asked = request.GET.get(self.parameter_name, "")
        phone = _phone_of(asked)
        return [(asked, shown(phone) if phone else "Nobody's")] if asked else []

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(phone=_phone_of(str(self.value()))) if self.value() else queryset


def _phone_of(preference: str) -> str:
    """Empty where there is no such row."""
    known = preference.isdecimal() and len(preference) < 19
    rows = NotificationPreference.objects.filter(pk=preference if known else 0)
    return rows.values_list("phone", flat=True).first() or ""


@admin.register(ConsentEvent)
class ConsentEventAdmin(Log):
    """Read-only, and never shortened: it is the proof."""

    list_display = ("when", "number", "about", "was", "became", "act", "how_and_who", "said")
    list_display_links = ("when",)
    nothing = "Every change of what a customer wants to hear is kept here."
    list_filter = ("act", "how", WhatFilter, OfFilter)
    search_fields = ("phone",)
    search_help_text = "A whole phone number."
    ordering = ("-at", "-id")
    fields = ("number", "about", "was", "became", "act", "how", "by", "said", "reply", "at")

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

    @admin.display(description="Phone", ordering="phone")
    def number(self, event: ConsentEvent) -> str:
        return shown(event.phone)

    @admin.display(description="Words")
    def said(self, event: ConsentEvent) -> str:
        return shown_in(event.words)

    @admin.display(description="The message that said so")
    def reply(self, event: ConsentEvent) -> str:
        if event.inbound_id is None:
            return "–"
        address = reverse("admin:notifications_inboundmessage_change", args=[event.inbound_id])
        return link(address, shown_in(event.words) or "the message")
