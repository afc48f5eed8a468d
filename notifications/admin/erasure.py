"""Erasing a person from the desk, and who was erased when."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from backoffice import audit
from backoffice.lists import Log
from backoffice.masking import number_in
from backoffice.pages import Admin
from notifications import erasure, timeline
from notifications.models import ErasureEvent, Message
from notifications.phones import mask


class Erasable(Admin):
    """A list of rows with a `phone`, from which the person behind them can be erased."""

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.erase_person")

    @admin.action(description="Erase this person…", permissions=("erase",))
    def erase_person(self, request: HttpRequest, queryset: QuerySet) -> TemplateResponse | None:
        """Asks first. The rows chosen must be of one number, so that no slip of the finger erases a page of people."""
        phones = list(queryset.order_by().values_list("phone", flat=True).distinct()[:2])
        number = number_in(phones[0]) if len(phones) == 1 else ""
        if not number:
            self.message_user(request, "Choose rows of one number that is still there.", messages.WARNING)
            return None
        if request.POST.get("last_digits", "").strip() != number[-4:]:
            return self._asked(request, queryset, number)
        self._erased(request, number)
        return None

    def _asked(self, request: HttpRequest, queryset: QuerySet, number: str) -> TemplateResponse:
        context = self.admin_site.each_context(request) | {
            "title": "Erase this person?",
            "opts": self.opts,
            "number": mask(number),
            "messages_kept": Message.objects.filter(phone=number).count(),
            "was_wrong": "last_digits" in request.POST,
            "chosen": queryset.order_by().values_list("pk", flat=True)[:1],
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/notifications/erase_person.html", context)

    def _erased(self, request: HttpRequest, number: str) -> None:
        try:
            event = erasure.erase(number, request.user.get_username())
        except erasure.Unknown as error:
            self.message_user(request, str(error), messages.WARNING)
            return
        audit.note(request.user, event, "Erased this person.")
        self.message_user(request, f"Erased: now {event.token} in the log.", messages.SUCCESS)
        if flying := erasure.under_way(event):
            words = f"{flying} were being sent at this moment, and may still arrive; they are not repeated."
            self.message_user(request, words, messages.WARNING)


@admin.register(ErasureEvent)
class ErasureEventAdmin(Log):
    """Read-only. Search answers whether somebody was erased."""

    list_display = ("when", "token", "by", "finished")
    list_display_links = ("when", "token")
    nothing = "Nobody was erased. From the list of preferences or of the log, a person can be."
    fields = ("when", "token", "by", "finished", "counts")
    search_fields = ("token",)
    search_help_text = "A whole phone number, to see whether it was erased."
    ordering = ("-at", "-id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if number := number_in(term):
            return ErasureEvent.of(number), False
        return (queryset.filter(token=term) if term else queryset), False

    @admin.display(description="When", ordering="at")
    def when(self, event: ErasureEvent) -> str:
        return timeline.when(event.at)

    @admin.display(description="Done", boolean=True)
    def finished(self, event: ErasureEvent) -> bool:
        return event.finished_at is not None
