"""What customers wrote."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.lists import Log, number_in
from notifications import timeline
from notifications.admin.messages import bubble
from notifications.models import InboundMessage


@admin.register(InboundMessage)
class InboundMessageAdmin(Log):
    """Read-only."""

    list_display = ("when", "phone", "type", "beginning", "asks")
    list_display_links = ("when", "phone")
    nothing = "What customers write back stands here."
    list_filter = ("asks", "received_at")
    search_fields = ("phone",)
    search_help_text = "A whole phone number."
    ordering = ("-received_at", "-id")
    fields = ("number", "when", "type", "written", "asks", "as_it_came", "provider_message_id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        return (queryset.filter(phone=number_in(term) or term) if term else queryset), False

    @admin.display(description="Received", ordering="received_at")
    def when(self, message: InboundMessage) -> str:
        return timeline.when(message.received_at)

    @admin.display(description="Phone")
    def number(self, message: InboundMessage) -> str:
        return message.phone

    @admin.display(description="Text")
    def beginning(self, message: InboundMessage) -> str:
        return str(message)

    @admin.display(description="Text")
    def written(self, message: InboundMessage) -> SafeString | str:
        return bubble(message.text) if message.text else str(message)

    @admin.display(description="As it came")
    def as_it_came(self, message: InboundMessage) -> SafeString:
        address = reverse("admin:notifications_webhookevent_change", args=[message.webhook_event_id])
        return format_html('<a href="{}">the event</a>', address)
