"""What staff do about messages from their list and their pages: each leads to a page that says what it will do."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from backoffice import acts as backoffice_acts
from backoffice.act_pages import look
from backoffice.acts import Kind
from notifications.acts import CANCEL, EXPORT, GIVE_UP, SEND_AGAIN
from notifications.admin.attention import Attention
from notifications.models import Message

SECONDS = 5  # to find which ones are meant
_OF_ONE = (SEND_AGAIN, CANCEL, GIVE_UP)


class Acts(Attention):
    """The acts on messages: they are looked at on a page of `backoffice`, and go through `staff`, never past it."""

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Who may do something about a message: Django's permission to change it."""
        return request.user.has_perm("notifications.change_message")

    @admin.action(description="Send again …", permissions=("act",))
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse:
        return self._look(request, SEND_AGAIN, queryset)

    @admin.action(description="Cancel …", permissions=("act",))
    def cancel(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse:
        return self._look(request, CANCEL, queryset)

    @admin.action(description="Give up …", permissions=("act",))
    def give_up(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse:
        return self._look(request, GIVE_UP, queryset)

    @admin.action(description="Export as CSV …", permissions=("view",))
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse:
        return self._look(request, EXPORT, queryset)

    def _look(self, request: HttpRequest, kind: Kind, queryset: QuerySet[Message]) -> HttpResponse:
        """Freeze which ones are meant, the newest first, and show what would become of them."""
        is_all = request.POST.get("select_across") == "1"
        try:
            ids = _newest(queryset, kind.most + 1)
        except OperationalError:
            messages.error(request, "Too many to look through. Choose a kind, a status or a day first.")
            return HttpResponseRedirect(request.get_full_path())
        return look(request, kind, ids, "All that match in the log." if is_all else _named(ids))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{kind.code}",
                self.admin_site.admin_view(self.one),
                {"name": kind.code},
                f"notifications_message_{kind.code}",
            )
            for kind in _OF_ONE
        ]
        return own + super().get_urls()

    def one(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Look at doing something about one message, from a button on its page."""
        if request.method != "POST" or not self.has_act_permission(request):
            raise PermissionDenied
        message = get_object_or_404(Message, pk=pk)
        return look(request, backoffice_acts.kind_of(name), [message.pk], message.public_id)


def _newest(queryset: QuerySet[Message], most: int) -> list[int]:
    """Raises OperationalError where it takes longer than a page may: what no index serves reads all there is."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {SECONDS * 1000:d}")
        found = list(queryset.order_by("-created_at", "-id").values_list("pk", flat=True)[:most])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    return found


def _named(ids: Sequence[int]) -> str:
    return f"msg_{ids[0]}" if len(ids) == 1 else f"{len(ids):,} that were chosen in the log."
