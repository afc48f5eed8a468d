"""The log: what became of a message, and putting it right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from backoffice.links import link
from backoffice.lists import LISTED, Choices, Log, number_in
from backoffice.masking import shown, shown_in
from notifications import erasure, registry, timeline
from notifications.admin.acts import Acts
from notifications.admin.erasure import Erasable
from notifications.admin.templates.links import version_link
from notifications.models import ENDED_UNSENT, Message, Status
from notifications.sandbox.marks import as_html


class KindFilter(Choices):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.code, kind.label) for kind in registry.kinds()]


@admin.register(Message)
class MessageAdmin(Acts, Erasable, Log):
    """Read-only: a message is history. Sending again and cancelling go through `staff`."""

    list_display = ("when", "number", "status_label", "kind_label", "beginning", "reference", "tries")
    list_display_links = ("when", "number")
    list_filter = ("status", KindFilter, "created_at")
    search_fields = ("reference_id",)
    search_help_text = f"A whole phone number, a reference such as order_77, or msg_42. {LISTED}"
    ordering = ("-created_at", "-id")
    list_per_page = (
        25  # the rows are read in 3 ms; it is writing the cells that takes a page of 50 past 50 ms
    )
    actions = ("send_again", "cancel", "give_up", "export_csv", "erase_person")
    fieldsets = (
        (None, {"fields": ("bubble", "number", "kind_label", "status_label", "reference")}),
        ("In the queue", {"fields": ("in_queue",)}),
        (
            "Details",
            {
                "classes": ("collapse",),
                "fields": (
                    "created_at", "sent_at", "delivered_at", "read_at", "expires_at", "tries",
                    "language", "made_from", "error_code", "error", "variables",
                ),
            },
        ),
    )  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Whole values only, each from its index."""
        term = search_term.strip()
        number, pk = number_in(term), term.removeprefix("msg_")
        if pk != term and pk.isdecimal() and len(pk) < 19:
            return queryset.filter(pk=int(pk)), False
        if number:
            return queryset.filter(phone=number), False
        return (queryset.filter(reference_id=term) if term else queryset), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        message: Message = kwargs["obj"]
        queued = hasattr(message, "queued")
        context |= {
            "headline": shown_in(timeline.headline(message), message.phone),
            "timeline": list(map(_seen, timeline.lines(message))),
            "may_act": self.has_act_permission(request),
            "can_send_again": message.status in ENDED_UNSENT or (queued and message.queued.held_for),
            "can_cancel": queued,
            "can_give_up": message.unsettled or (queued and message.queued.held_for),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="Asked for", ordering="created_at")
    def when(self, message: Message) -> str:
        return timeline.when(message.created_at)

    @admin.display(description="Phone", ordering="phone")
    def number(self, message: Message) -> str:
        return shown(message.phone)

    @admin.display(description="Kind")
    def kind_label(self, message: Message) -> str:
        kind = registry.get(message.kind)
        label = kind.label if kind else message.kind
        return f"{label} (test)" if message.is_test else label

    @admin.display(description="Text version")
    def made_from(self, message: Message) -> SafeString:
        return version_link(message)

    @admin.display(description="Status", ordering="status")
    def status_label(self, message: Message) -> SafeString:
        return format_html(
            '<span class="status is-{}">{}</span>', message.status, Status(message.status).label
        )

    @admin.display(description="About")
    def reference(self, message: Message) -> str:
        address = registry.link_of(message.reference_id)
        return link(address, message.reference_id) if address else message.reference_id or "–"

    @admin.display(description="Text")
    def beginning(self, message: Message) -> str:
        text = shown_in(message.text or message.error)
        return text if len(text) <= 60 else f"{text[:59]}…"

    @admin.display(description="Text")
    def bubble(self, message: Message) -> SafeString:
        if message.text:
            return bubble(message.text)
        is_erased = message.phone.startswith(erasure.PREFIX)
        return format_html("<em>{}</em>", "It was erased." if is_erased else "It was never written.")

    @admin.display(description="Its place")
    def in_queue(self, message: Message) -> str:
        queued = getattr(message, "queued", None)
        if queued is None:
            return "It is not in the queue any more."
        held, why = queued.get_held_for_display(), timeline.waits_for(queued)
        waits = f", on hold: {held}" if held else f", waits for {why}" if why else ""
        return f"Due {timeline.when(queued.due_at)}{waits}. Tries so far: {queued.tries}."


def _seen(line: timeline.Line) -> timeline.Line:
    return replace(line, words=shown_in(line.words), detail=shown_in(line.detail))


def bubble(text: str) -> SafeString:
    """A text as WhatsApp shows it; everything in it is escaped, and numbers are as who looks may see them."""
    return format_html('<div class="bubble" dir="auto">{}</div>', mark_safe(as_html(shown_in(text))))  # noqa: S308
