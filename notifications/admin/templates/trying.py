"""What the editor asks while somebody writes: how it looks, how it does with real messages, a test on a phone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from backoffice import audit
from backoffice.masking import shown_in
from backoffice.pages import Admin
from notifications import headline, outbox, proof, registry, rehearsal
from notifications.admin.templates import editor
from notifications.admin.templates.bubble import bubble
from notifications.models import LIVE, Message, MessageTemplate, Status
from notifications.phones import mask

BUBBLES = 3  # real messages that are shown in full
LONGEST = 20_000  # characters that are looked at at all


class Trying(Admin):
    """Addresses for the editor's script; each works for a text that is not saved, of a kind that may have none."""

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "notifications_messagetemplate"
        own = [
            path("preview/", view(self.preview_view), name=f"{name}_preview"),
            path("rehearse/", view(self.rehearse_view), name=f"{name}_rehearse"),
            path("test/", view(self.test_view), name=f"{name}_test"),
            path("test/<int:pk>/", view(self.tested_view), name=f"{name}_tested"),
        ]
        return [*own, *super().get_urls()]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """POST `kind`, `language`, `content`: what `editor.pieces` tells of it; with `surroundings` those too."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        text = _given(request)
        around = editor.surroundings(text) if "surroundings" in request.POST else {}
        return JsonResponse(editor.pieces(text) | around)

    def rehearse_view(self, request: HttpRequest) -> HttpResponse:
        """POST likewise: the last real messages with the new text, as HTML."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        template = "admin/notifications/messagetemplate/rehearsal.html"
        return HttpResponse(render_to_string(template, _rehearsed(request, _given(request))))

    def test_view(self, request: HttpRequest) -> HttpResponse:
        """POST likewise, and `to`: sends what stands in the editor to a number that is there for tests."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        text = _given(request)
        if why := _unfit(text):
            return self._refused(request, why)
        try:
            message = outbox.queue_test(
                text.kind.code if text.kind else "",
                to=_to(request),
                language=text.language,
                content=text.content,
                by=request.user.get_username(),
            )
        except outbox.NotForTests as error:
            return self._refused(request, str(error))
        audit.note(request.user, message, f"Sent as a test to {mask(message.phone)}.")
        if not _wants_json(request):
            return HttpResponseRedirect(reverse("admin:notifications_message_change", args=(message.pk,)))
        return JsonResponse(_became(request, message), status=201)

    def tested_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What became of a test."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse(_became(request, get_object_or_404(Message, pk=pk, is_test=True)))

    def _refused(self, request: HttpRequest, why: str) -> HttpResponse:
        """Without a script the way back is the browser's: what was typed is there."""
        if _wants_json(request):
            return JsonResponse({"error": why}, status=400)
        return HttpResponse(why, status=400, content_type="text/plain; charset=utf-8")


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _given(request: HttpRequest) -> editor.Text:
    """What stands in the editor; of a kind or a language that is none, the words alone."""
    language = request.POST.get("language", "en")
    content = request.POST.get("content", "")[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    known = language if language in dict(registry.LANGUAGES) else "en"
    return editor.Text(registry.get(request.POST.get("kind", "")[:64]), known, content)


def _to(request: HttpRequest) -> str:
    """The number that was chosen, or typed by a program: by its place in the list for who may not see it."""
    given = request.POST.get("to", "")[:40]
    return dict(editor.numbers_by_place()).get(given, given)


def _unfit(text: editor.Text) -> str:
    """Why this cannot be sent even as a test, or an empty text."""
    if text.kind is None:
        return "Choose the kind of message first."
    error = proof.proof(text.content, text.kind, text.language).error
    return f"Line {error.line}: {error.message}" if error else ""


def _became(request: HttpRequest, message: Message) -> dict[str, Any]:
    may_look = request.user.has_perm("notifications.view_message")
    page = reverse("admin:notifications_message_change", args=(message.pk,)) if may_look else ""
    return {
        "id": message.pk,
        "status": message.status,
        "label": Status(message.status).label,
        "words": shown_in(headline.headline(message), message.phone),
        "goes_on": message.status in LIVE or message.status in (Status.SENT, Status.DELIVERED),
        "page": page,
        "status_at": reverse("admin:notifications_messagetemplate_tested", args=(message.pk,)),
    }


def _rehearsed(request: HttpRequest, text: editor.Text) -> dict[str, Any]:
    if text.kind is None:
        return {"why": "Choose the kind of message first."}
    if error := proof.proof(text.content, text.kind, text.language).error:
        return {"why": f"It cannot be tried while it cannot be saved: {error.message}"}
    saved = MessageTemplate.objects.filter(kind=text.kind.code, language=text.language).first()
    reads = request.user.has_perm("notifications.view_message")
    trials = rehearsal.rehearse(text.kind, text.language, text.content, saved.content if saved else None)
    return {
        "trials": trials,
        "failing": [trial for trial in trials if trial.why],
        "bubbles": _bubbles(trials) if reads else [],
        "waiting": rehearsal.waiting_words(saved) if saved else "",
        "links": reads,
    }


def _bubbles(trials: list[rehearsal.Trial]) -> list[tuple[rehearsal.Trial, SafeString]]:
    """The first that go well: real people's, so for those who may read messages."""
    return [(trial, bubble(shown_in(trial.text))) for trial in trials if not trial.why][:BUBBLES]
