"""What staff do about messages from their list and their pages."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from backoffice import audit
from backoffice.pages import Admin
from notifications import staff
from notifications.models import Message

Act = Callable[[Collection[int], str], staff.Done]
_ACTS: dict[str, tuple[Act, str]] = {
    "send_again": (staff.resend, "queued again"),
    "cancel": (staff.cancel, "cancelled"),
}
MOST_NAMED = 10  # refusals that are told one by one


class Acts(Admin):
    """The acts on messages: they go through `staff`, never past it."""

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Who may do something about a message: Django's permission to change it."""
        return request.user.has_perm("notifications.change_message")

    @admin.action(description="Send again", permissions=("act",))
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._act(request, "send_again", list(queryset.values_list("pk", flat=True)))

    @admin.action(description="Cancel", permissions=("act",))
    def cancel(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._act(request, "cancel", list(queryset.values_list("pk", flat=True)))

    def _act(self, request: HttpRequest, name: str, ids: Collection[int]) -> None:
        act, done_words = _ACTS[name]
        with transaction.atomic():
            done = act(ids, request.user.get_username())
            audit.note_many(request.user, Message, audit.sentence(done_words), done.ids)
        if done.ids:
            noun = "message" if len(done.ids) == 1 else "messages"
            self.message_user(request, f"{len(done.ids)} {noun} {done_words}.", messages.SUCCESS)
        for pk, why in list(done.refused.items())[:MOST_NAMED]:
            self.message_user(request, f"msg_{pk} was not {done_words}: {why}", messages.WARNING)
        more = len(done.refused) - MOST_NAMED
        if more > 0:
            self.message_user(request, f"{more} more were not {done_words}.", messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{name}",
                self.admin_site.admin_view(self.one),
                {"name": name},
                f"notifications_message_{name}",
            )
            for name in _ACTS
        ]
        return own + super().get_urls()

    def one(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Do something about one message, from a button on its page."""
        if request.method != "POST" or not self.has_act_permission(request):
            raise PermissionDenied
        self._act(request, name, [pk])
        return HttpResponseRedirect(reverse("admin:notifications_message_change", args=(pk,)))
