"""What customers wrote."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from backoffice.links import link
from backoffice.lists import Log
from backoffice.masking import number_in, sees_numbers, shown, shown_in
from notifications import timeline
from notifications.admin.messages import bubble
from notifications.models import InboundMessage


@admin.register(InboundMessage)
class InboundMessageAdmin(Log):
    """Read-only."""

    list_display = ("when", "number", "type", "beginning", "asks")
    list_display_links = ("when", "number")
    nothing = "What customers write back stands here."
    list_filter = ("asks", "received_at")
    search_fields = ("phone",)
    search_help_text = "A whole phone number."
    ordering = ("-received_at", "-id")
    fields = ("number", "when", "type", "written", "asks", "as_it_came", "whatsapps_id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        return (queryset.filter(phone=number_in(term) or term) if term else queryset), False

    @admin.display(description="Received", ordering="received_at")
    def when(self, message: InboundMessage) -> str:
        return timeline.when(message.received_at)

    @admin.display(description="Phone", ordering="phone")
    def number(self, message: InboundMessage) -> str:
        return shown(message.phone)

    @admin.display(description="Text")
    def beginning(self, message: InboundMessage) -> str:
        return shown_in(message.beginning)

    @admin.display(description="Text")
    def written(self, message: InboundMessage) -> SafeString | str:
        return bubble(message.text) if message.text else message.beginning

    @admin.display(description="As it came")
    def as_it_came(self, message: InboundMessage) -> str:
        address = reverse("admin:notifications_webhookevent_change", args=[message.webhook_event_id])
        return link(address, f"Event {message.webhook_event_id}")

    @admin.display(description="WhatsApp's id")
    def whatsapps_id(self, message: InboundMessage) -> str:
        """It has the number in it."""
        return message.provider_message_id if sees_numbers() else "…"
