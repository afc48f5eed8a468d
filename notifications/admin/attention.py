"""Needs attention: what did not go, by cause, and the page of each, which says what its act will do, and asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from backoffice.act_pages import look
from backoffice.acts import Kind
from backoffice.masking import shown_in
from backoffice.pages import Admin
from notifications import acts, attention, template_sync, timeline
from notifications.admin import cause_rows
from notifications.admin.channel import ours, resumed, seen
from notifications.admin.switching import switch
from notifications.attention import Cause
from notifications.causes import Remedy
from notifications.clock import now as clock_now
from notifications.models import MessageTemplate
from notifications.providers.base import Failure

ROWS = 25  # messages that are shown with one cause
_TEXT = "notifications.change_messagetemplate"
# What each remedy takes.
_MAY: dict[Remedy, str] = {
    Remedy.NUMBER: acts.VIEW,
    Remedy.SYNC: "notifications.change_approvedtemplate",
    Remedy.SWITCH_ON: _TEXT,
    Remedy.WRITE: "notifications.add_messagetemplate",
    Remedy.CORRECT: _TEXT,
    Remedy.KIND: "notifications.add_customkind",
    Remedy.RESUME: "notifications.change_channel",
    Remedy.TRY: "notifications.change_channel",
    Remedy.SEND: acts.CHANGE,
    Remedy.GIVE_UP: acts.CHANGE,
}
# Where sending again is the remedy, does not help, or is asked after it.
_NOT_AT_ONCE = (Remedy.SEND, Remedy.GIVE_UP, Remedy.SWITCH_ON)
_ACTS: dict[Remedy, Kind] = {Remedy.SEND: acts.SEND_AGAIN, Remedy.GIVE_UP: acts.GIVE_UP}


def allowed(user: Any) -> set[Remedy]:
    """What this user may do to clear a cause."""
    return {remedy for remedy, right in _MAY.items() if user.has_perm(right)}


class Attention(Admin):
    """Beside the log: all causes, and one."""

    def get_urls(self) -> list[URLPattern]:
        return Pages(self.admin_site).urls() + super().get_urls()


@dataclass
class Pages:
    """The two pages, and what their buttons do."""

    site: AdminSite

    def urls(self) -> list[URLPattern]:
        view = self.site.admin_view
        one = "attention/<str:key>/"
        return [
            path("attention/", view(self.attention), name="notifications_attention"),
            path(one, view(self.cause), name="notifications_attention_cause"),
            path(f"{one}do", view(self.clear), name="notifications_attention_do"),
            *(
                path(
                    f"{one}{kind.code}",
                    view(self.look_at_all),
                    {"kind": kind},
                    f"notifications_attention_{kind.code}",
                )
                for kind in _ACTS.values()
            ),
        ]

    def attention(self, request: HttpRequest) -> HttpResponse:
        """All causes, each with the one act that clears it."""
        self._only_for_who_may_see(request)
        now = clock_now()
        found = [self._card(request, cause) for cause in attention.causes(now)]
        context = {"title": "Needs attention", "cards": found, "days": attention.DAYS}
        return self._page(request, "attention", context)

    def cause(self, request: HttpRequest, key: str) -> HttpResponse:
        """One cause: its messages, what its act will do."""
        self._only_for_who_may_see(request)
        now = clock_now()
        cause = attention.find(key, now)
        if cause is None:
            return self._cleared(request)
        rows = [cause_rows.row(message) for message in attention.messages_of(cause, now)[:ROWS]]
        context = {
            "title": cause.title,
            "rows": rows,
            "more": cause.count > len(rows),
            "foreseen": cause_rows.foreseen(cause),
            **self._card(request, cause),
        }
        return self._page(request, "cause", context)

    def clear(self, request: HttpRequest, key: str) -> HttpResponse:
        """Do what clears it, and ask about the messages that can go then."""
        cause = self._asked(request, key)
        if isinstance(cause, HttpResponse):
            return cause
        does: dict[Remedy, Callable[[HttpRequest, Cause], HttpResponse]] = {
            Remedy.SYNC: self._sync,
            Remedy.SWITCH_ON: self._switch_on,
            Remedy.RESUME: self._resume,
            Remedy.TRY: self._resume,
        }
        if cause.remedy not in does or not request.user.has_perm(_MAY[cause.remedy]):
            raise PermissionDenied
        return does[cause.remedy](request, cause)

    def look_at_all(self, request: HttpRequest, key: str, kind: Kind) -> HttpResponse:
        """Send again, or give up, all of a cause: the page that says what that will do."""
        if not request.user.has_perm(kind.permission):
            raise PermissionDenied
        cause = self._asked(request, key)
        if isinstance(cause, HttpResponse):
            return cause
        if cause.is_channel:
            raise PermissionDenied
        return self._look(request, kind, cause)

    # --- what clears a cause

    def _look(self, request: HttpRequest, kind: Kind, cause: Cause) -> HttpResponse:
        found = attention.messages_of(cause, clock_now()).values_list("pk", flat=True)
        return look(request, kind, list(found[: kind.most + 1]), f"Needs attention: {cause.title}.")

    def _sync(self, request: HttpRequest, cause: Cause) -> HttpResponse:
        try:
            done = template_sync.sync(clock_now())
        except Failure as failure:
            messages.error(request, f"Nothing was changed: {failure.words}")
            return HttpResponseRedirect(cause.address)
        if done is None:
            words = "Texts are sent as they stand, and wait for no approved template any more."
        else:
            words = f"MyOperator lists {done.listed:,} templates; {done.released:,} messages go on their way."
        messages.success(request, words)
        return self._then(request, cause)

    def _switch_on(self, request: Any, cause: Cause) -> HttpResponse:
        off = MessageTemplate.objects.filter(kind__in=cause.kinds, active=False).order_by("pk")
        done = switch(request, off, active=True, words="Switched on, from Needs attention.")
        for text in done:
            messages.success(request, f"The text {text} is switched on.")
        if not done and off.exists():
            return HttpResponseRedirect(cause.address)
        return self._then(request, cause)

    def _resume(self, request: HttpRequest, cause: Cause) -> HttpResponse:
        if resumed(request, "Resumed, from Needs attention."):
            messages.success(request, "Sending again.")
        return HttpResponseRedirect(reverse("admin:notifications_attention"))

    def _then(self, request: HttpRequest, cause: Cause) -> HttpResponse:
        """What has ended is not sent by itself: ask. What was on hold goes its own way."""
        if cause.held_for or not request.user.has_perm(acts.CHANGE):
            return HttpResponseRedirect(reverse("admin:notifications_attention"))
        return self._look(request, acts.SEND_AGAIN, cause)

    # --- both pages

    def _only_for_who_may_see(self, request: HttpRequest) -> None:
        if not request.user.has_perm(acts.VIEW):
            raise PermissionDenied

    def _asked(self, request: HttpRequest, key: str) -> Cause | HttpResponse:
        """The cause of a POST; an answer where somebody cleared it before. Raises PermissionDenied."""
        self._only_for_who_may_see(request)
        if request.method != "POST":
            raise PermissionDenied
        return attention.find(key, clock_now()) or self._cleared(request)

    def _cleared(self, request: HttpRequest) -> HttpResponse:
        messages.info(request, "That is cleared: nothing of it needs attention now.")
        return HttpResponseRedirect(reverse("admin:notifications_attention"))

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        whole = {**self.site.each_context(request), **context}
        return TemplateResponse(request, f"admin/notifications/message/{name}.html", whole)

    def _card(self, request: HttpRequest, cause: Cause) -> dict[str, Any]:
        """A cause, and what this user may do about it."""
        may_act = request.user.has_perm(acts.CHANGE) and not cause.is_channel
        elsewhere = cause_rows.elsewhere(cause)
        return {
            "cause": cause,
            "sentence": shown_in(cause.sentence),
            "since": timeline.when(cause.since),
            "examples": cause_rows.examples(cause),
            "may": request.user.has_perm(_MAY[cause.remedy]),
            "elsewhere": elsewhere,
            "seen": seen(ours()) if cause.is_channel else "",
            "act": f"admin:notifications_attention_{_ACTS[cause.remedy].code}"
            if cause.remedy in _ACTS
            else "",
            "may_send_again": may_act and cause.remedy not in _NOT_AT_ONCE,
            "may_give_up": may_act and cause.remedy != Remedy.GIVE_UP,
        }
