"""The approved templates as MyOperator lists them, and the button that asks again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from backoffice import audit
from backoffice.lists import Log
from notifications import approved, concerns, template_sync, timeline
from notifications.clock import now
from notifications.models import ApprovedTemplate
from notifications.providers.base import Failure


@admin.register(ApprovedTemplate)
class ApprovedTemplateAdmin(Log):
    """Read-only: what is approved is decided at WhatsApp. Which text names which stands with the text."""

    list_display = ("name", "language", "how_it_stands", "category_words", "quality", "body", "listed")
    list_filter = ("status", "category", "language", "gone")
    search_fields = ("name", "body")
    search_help_text = "A template's name, or words of its text."
    nothing = "The templates that WhatsApp approved, once MyOperator was asked."

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_approvedtemplate")

    def get_urls(self) -> list[URLPattern]:
        own = path("sync", self.admin_site.admin_view(self.sync), name="notifications_approvedtemplate_sync")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = {
            "may_sync": self.has_act_permission(request) and approved.in_force(),
            "standing": _standing(),
            "concerns": list(concerns.of_templates(now())),
        }
        return super().changelist_view(request, {**found, **(extra_context or {})})

    def sync(self, request: HttpRequest) -> HttpResponse:
        """Ask MyOperator now, from the button."""
        if request.method != "POST" or not self.has_act_permission(request):
            raise PermissionDenied
        self._sync(request)
        return HttpResponseRedirect(reverse("admin:notifications_approvedtemplate_changelist"))

    def _sync(self, request: HttpRequest) -> None:
        try:
            done = template_sync.sync(now())
        except Failure as failure:
            self.message_user(request, f"Nothing was changed: {failure.words}", messages.ERROR)
            return
        if done is None:
            self.message_user(request, _standing(), messages.WARNING)
            return
        said = f"MyOperator lists {done.listed} templates."
        audit.note_about(request.user, ApprovedTemplate, f"Asked MyOperator. {said}")
        self.message_user(request, said, messages.SUCCESS)
        for words in done.warnings:
            self.message_user(request, words, messages.WARNING)

    @admin.display(description="State", ordering="status")
    def how_it_stands(self, template: ApprovedTemplate) -> str:
        return template.standing

    @admin.display(description="Category", ordering="category")
    def category_words(self, template: ApprovedTemplate) -> str:
        return (
            f"{template.category} (was {template.category_was})"
            if template.category_was
            else template.category
        )

    @admin.display(description="Listed", ordering="synced_at")
    def listed(self, template: ApprovedTemplate) -> str:
        return timeline.when(template.synced_at)


def _standing() -> str:
    """How old what is shown is, or that nobody needs it."""
    if not approved.in_force():
        return (
            "Texts are sent as they stand here, and need no approved template (MYOPERATOR_API is not chat)."
        )
    last = template_sync.last_synced()
    return f"Asked MyOperator {timeline.when(last)}." if last else "MyOperator has not been asked yet."
