"""The log: what became of a message, and putting it right."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from backoffice.lists import Log
from backoffice.masking import sees_numbers, shown
from backoffice.turning import Reading, Turning
from notifications import erasure, headline, registry, staff, timeline
from notifications.admin import searching
from notifications.admin.acts import Acts
from notifications.admin.erasure import Erasable
from notifications.admin.filters import (
    WORDS,
    DayFilter,
    KindFilter,
    LanguageFilter,
    StatusFilter,
    WhyFilter,
    chosen,
)
from notifications.models import Message, Status
from notifications.models.message import ENDED_UNSENT
from notifications.sandbox.marks import as_html

MOST_SHOWN = 90  # characters of a text in the list


@admin.register(Message)
class MessageAdmin(Acts, Erasable, Log):
    """Read-only: a message is history. Sending again and cancelling go through `staff`."""

    list_display = ("when", "whom", "status_label", "kind_label", "beginning", "reference", "tries")
    list_display_links = ("when", "whom")
    list_filter = (StatusFilter, WhyFilter, KindFilter, DayFilter, LanguageFilter)
    search_fields = ("reference_id",)
    search_help_text = "Number, name, order, bill or msg_42"
    ordering = ("-created_at", "-id")
    list_per_page = 25
    filters_aside = False
    actions = ("send_again", "cancel", "erase_person")
    fieldsets = (
        (
            "Details",
            {
                "classes": ("collapse",),
                "fields": (
                    "created_at", "sent_at", "delivered_at", "read_at", "expires_at", "tries",
                    "language", "template_version", "error_code", "error", "variables",
                ),
            },
        ),
    )  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Whole values only, each from its index."""
        term = self._term(request, search_term)
        return (queryset.filter(term.any) if term else queryset), False

    def reading(self, cl: Turning) -> Reading:
        known = {name for spec in cl.filter_specs for name in spec.expected_parameters()}
        others = bool(cl.get_filters_params().keys() - known)
        term = self._term(cl.request, cl.query)
        return searching.reading(cl.root_queryset, term, chosen(cl.filter_specs), others)

    @staticmethod
    def _term(request: Any, text: str) -> searching.Term | None:
        """Asked for twice with each page, and understood once."""
        if not hasattr(request, "term"):
            request.term = searching.understood(text) if text.strip() else None
        found: searching.Term | None = request.term
        return found

    def ready(self, rows: list[Any]) -> None:
        names = registry.names({message.phone for message in rows}) if rows else {}
        for message in rows:
            message.name = names.get(message.phone, "")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        term = self._term(request, request.GET.get("q", ""))
        number = searching.number_of(term)
        context = {
            "title": "Messages",
            "term": term,
            "person": registry.person_of(number) if number else None,
            "number": shown(number) if number else "",
            "searchable": registry.searchable(),
            "status": request.GET.get("status", ""),
            "day": request.GET.get("day", ""),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        message: Message = kwargs["obj"]
        queued = hasattr(message, "queued")
        context |= {
            "headline": headline.headline(message),
            "remedy": headline.remedy(message),
            "timeline": timeline.lines(message),
            "bubble": self.bubble(message),
            "facts": self.facts(message),
            "may_act": self.has_act_permission(request),
            "can_send_again": message.status in staff.ENDED_UNSENT or (queued and message.queued.held_for),
            "can_cancel": queued,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="When")
    def when(self, message: Message) -> str:
        return timeline.when(message.created_at)

    @admin.display(description="To whom")
    def whom(self, message: Any) -> SafeString:
        number = shown(message.phone)
        if not message.name:
            return format_html("<span>{}</span>", number)
        return format_html("<span>{}<small>{}</small></span>", message.name, number)

    @admin.display(description="Kind")
    def kind_label(self, message: Message) -> str:
        kind = registry.get(message.kind)
        return kind.label if kind else message.kind

    @admin.display(description="Status")
    def status_label(self, message: Message) -> SafeString:
        return format_html(
            '<span class="status is-{}">{}</span>', message.status, WORDS[Status(message.status)]
        )

    @admin.display(description="About")
    def reference(self, message: Message) -> str:
        link = registry.link_of(message.reference_id)
        return (
            format_html('<a href="{}">{}</a>', link, message.reference_id)
            if link
            else message.reference_id or "–"
        )

    @admin.display(description="Text, or why not")
    def beginning(self, message: Message) -> SafeString:
        why = message.error if message.status in ENDED_UNSENT else ""
        text = why or message.text or message.error
        text = text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
        return format_html('<span class="why">{}</span>' if why else '<span dir="auto">{}</span>', text)

    def facts(self, message: Message) -> list[tuple[str, Any]]:
        """What a message is, by name."""
        found = [
            ("Status", self.status_label(message)),
            ("To", self._to(message)),
            ("Kind", self.kind_label(message)),
            ("About", self._about(message)),
            ("In the queue", in_queue(message)),
            ("Tries", message.tries),
            ("Cost", f"₹{message.cost.normalize():f}" if message.cost is not None else "nothing yet"),
        ]
        return [*found, ("Approved template", message.approved["name"])] if message.approved else found

    def _to(self, message: Message) -> SafeString:
        """Who it goes to, with a link to them and to what else they were told."""
        who, number = registry.person_of(message.phone), shown(message.phone)
        name = registry.names({message.phone}).get(message.phone, "")
        person = format_html('<a href="{}">{}</a>, ', who[1], who[0]) if who else f"{name}, " if name else ""
        more = "" if not sees_numbers() else _found_link(message.phone, "All their messages")
        return format_html("{}{}{}", person, number, more)

    def _about(self, message: Message) -> SafeString | str:
        reference = message.reference_id
        if not reference:
            return "–"
        return format_html("{}{}", self.reference(message), _found_link(reference, "All messages about it"))

    def bubble(self, message: Message) -> SafeString:
        if message.text:
            return bubble(message.text)
        is_erased = message.phone.startswith(erasure.PREFIX)
        return format_html("<em>{}</em>", "It was erased." if is_erased else "It was never written.")


def in_queue(message: Message) -> str:
    """Its place, in a sentence."""
    queued = getattr(message, "queued", None)
    if queued is None:
        return "Not any more."
    held, why = queued.get_held_for_display(), timeline.waits_for(queued)
    waits = f", on hold: {held}" if held else f", waits for {why}" if why else ""
    return f"Due {timeline.when(queued.due_at)}{waits}. Tries so far: {queued.tries}."


def _found_link(term: str, words: str) -> SafeString:
    address = f"{reverse('admin:notifications_message_changelist')}?{urlencode({'q': term})}"
    return format_html(' <a class="aside" href="{}">{}</a>', address, words)


def bubble(text: str) -> SafeString:
    """A text as WhatsApp shows it; everything in it is escaped."""
    return format_html('<div class="bubble" dir="auto">{}</div>', mark_safe(as_html(text)))  # noqa: S308
