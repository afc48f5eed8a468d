"""The log: what became of a message, and putting it right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from backoffice.keyset import Reading
from backoffice.links import link
from backoffice.lists import Log
from backoffice.masking import shown, shown_in
from backoffice.turning import Turning
from notifications import erasure, headline, registry, timeline
from notifications.admin import facts, searching
from notifications.admin.acts import Acts
from notifications.admin.erasure import Erasable
from notifications.admin.filters import (
    WORDS,
    DayFilter,
    KindFilter,
    LanguageFilter,
    StatusFilter,
    TestsFilter,
    WhyFilter,
    chosen,
)
from notifications.admin.templates.links import version_link
from notifications.models import ENDED_UNSENT, LIVE, Message, QueuedMessage, Status
from notifications.sandbox.marks import as_html

MOST_SHOWN = 90  # characters of a text in the list


@admin.register(Message)
class MessageAdmin(Acts, Erasable, Log):
    """Read-only: a message is history. Sending again and cancelling go through `staff`."""

    list_display = ("when", "whom", "status_label", "kind_label", "beginning", "reference", "tries")
    list_display_links = ("when", "whom")
    list_filter = (StatusFilter, WhyFilter, KindFilter, DayFilter, LanguageFilter, TestsFilter)
    search_fields = ("reference_id",)
    search_help_text = "Number, name, order, bill or msg_42"
    ordering = ("-created_at", "-id")
    list_per_page = 25
    filters_aside = False
    actions = ("send_again", "cancel", "give_up", "export_csv", "erase_person")
    fieldsets = (
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
        live = [message.pk for message in rows if message.status in LIVE]
        queued = QueuedMessage.objects.in_bulk(live) if live else {}
        for message in rows:
            message.name = names.get(message.phone, "")
            message.wait = timeline.wait(queued[message.pk]) if message.pk in queued else ""

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
            "headline": shown_in(headline.headline(message), message.phone),
            "remedy": shown_in(headline.remedy(message)),
            "timeline": list(map(_seen, timeline.lines(message))),
            "bubble": self.bubble(message),
            "facts": facts.of(message, self),
            "may_act": self.has_act_permission(request),
            "can_send_again": message.status in ENDED_UNSENT or (queued and message.queued.held_for),
            "can_cancel": queued,
            "can_give_up": message.unsettled or (queued and message.queued.held_for),
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
        label = kind.label if kind else message.kind
        return f"{label} (test)" if message.is_test else label

    @admin.display(description="Text version")
    def made_from(self, message: Message) -> SafeString:
        return version_link(message)

    @admin.display(description="Status")
    def status_label(self, message: Message) -> SafeString:
        return format_html(
            '<span class="status is-{}">{}</span>', message.status, WORDS[Status(message.status)]
        )

    @admin.display(description="About")
    def reference(self, message: Message) -> str:
        address = registry.link_of(message.reference_id)
        return link(address, message.reference_id) if address else message.reference_id or "–"

    @admin.display(description="Text, or why not")
    def beginning(self, message: Any) -> SafeString:
        why = message.error if message.status in ENDED_UNSENT else message.wait
        text = shown_in(why or message.text or message.error)
        text = text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
        return format_html('<span class="why">{}</span>' if why else '<span dir="auto">{}</span>', text)

    def bubble(self, message: Message) -> SafeString:
        if message.text:
            return bubble(message.text)
        is_erased = message.phone.startswith(erasure.PREFIX)
        return format_html("<em>{}</em>", "It was erased." if is_erased else "It was never written.")


def _seen(line: timeline.Line) -> timeline.Line:
    return replace(line, words=shown_in(line.words), detail=shown_in(line.detail))


def bubble(text: str) -> SafeString:
    """A text as WhatsApp shows it; everything in it is escaped, and numbers are as who looks may see them."""
    return format_html('<div class="bubble" dir="auto">{}</div>', mark_safe(as_html(shown_in(text))))  # noqa: S308
