"""The versions of a text: what was changed when by whom, any two beside each other, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from backoffice import audit
from backoffice.pages import Admin
from notifications import differences, proof, registry, rehearsal, versions
from notifications.admin.templates.bubble import bubble
from notifications.models import MessageTemplate, TemplateVersion

LISTED = 20  # versions on one page
_FOLDER = "admin/notifications/messagetemplate/"


class Versions(Admin):
    """Pages below that of a text."""

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "notifications_messagetemplate"
        own = [
            path("<int:pk>/versions/", view(self.versions_view), name=f"{name}_versions"),
            path("<int:pk>/versions/<int:number>/", view(self.version_view), name=f"{name}_version"),
            path("<int:pk>/versions/<int:number>/back/", view(self.back_view), name=f"{name}_back"),
        ]
        return [*own, *super().get_urls()]

    def versions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The newest first, each with its difference to the one before; `?from=3&to=7` compares two."""
        text = self._text(request, pk)
        last = _number(request, "before")
        listed = text.versions.select_related("author")
        rows = list(listed.filter(number__lt=last)[: LISTED + 1] if last else listed[: LISTED + 1])
        more = {
            "numbers": list(text.versions.values_list("number", flat=True)),
            "rows": [_with_difference(*pair) for pair in zip(rows, [*rows[1:], None], strict=True)][:LISTED],
            "older": rows[LISTED - 1].number if len(rows) > LISTED else None,
            "compared": _compared(request, text),
        }
        return self._page(request, "versions", text, f"Versions of {text}", more)

    def version_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One version: as it looked, what it changed, and how it differs from what is in use."""
        text = self._text(request, pk)
        version = get_object_or_404(text.versions.select_related("author"), number=number)
        before = text.versions.filter(number__lt=number).first()
        proved = proof.proof(version.content, registry.get(text.kind), text.language)
        more = {
            "version": version,
            "before": before,
            "bubble": None if proved.text is None else bubble(proved.text),
            "error": proved.error,
            "changed": differences.between(before.content if before else "", version.content),
            "since": differences.between(version.content, text.content),
        }
        return self._page(request, "version", text, f"Version {number} of {text}", more)

    def back_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """GET shows what going back would do; POST makes the earlier words the next version."""
        text = self._text(request, pk)
        if not self.has_change_permission(request, text):
            raise PermissionDenied
        version = get_object_or_404(text.versions, number=number)
        if request.method == "POST":
            return self._go_back(request, text, number)
        return self._page(request, "back", text, f"{text}: back to version {number}?", _look(text, version))

    def _go_back(self, request: HttpRequest, text: MessageTemplate, number: int) -> HttpResponse:
        try:
            now = versions.go_back(text.pk, number, request.user, _posted(request, "seen"))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(_address("back", text.pk, number))
        audit.note(request.user, now, f"Went back to version {number}, which is version {now.version} now.")
        words = f"The words of version {number} are in use again, as version {now.version}."
        self.message_user(request, f"{words} {rehearsal.waiting_words(now)}".strip(), messages.SUCCESS)
        return HttpResponseRedirect(_address("change", text.pk))

    def _text(self, request: HttpRequest, pk: int) -> MessageTemplate:
        text = get_object_or_404(MessageTemplate, pk=pk)
        if not self.has_view_permission(request, text):
            raise PermissionDenied
        return text

    def _page(
        self, request: HttpRequest, name: str, text: MessageTemplate, title: str, more: dict[str, Any]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "text": text,
            "kind": registry.get(text.kind),
            "may_change": self.has_change_permission(request, text),
            **more,
        }
        return TemplateResponse(request, f"{_FOLDER}{name}.html", context)


def _look(text: MessageTemplate, version: TemplateVersion) -> dict[str, Any]:
    """What there is to know before going back."""
    kind = registry.get(text.kind)
    proved = proof.proof(version.content, kind, text.language)
    trials = (
        []
        if kind is None or proved.error
        else rehearsal.rehearse(kind, text.language, version.content, text.content)
    )
    return {
        "version": version,
        "difference": differences.between(text.content, version.content),
        "same": text.content == version.content,
        "bubble": None if proved.text is None else bubble(proved.text),
        "faults": proved.faults,
        "error": proved.error,
        "trials": trials,
        "failing": [trial for trial in trials if trial.why],
        "waiting": rehearsal.waiting_words(text),
        "next": text.version + 1,
    }


def _with_difference(version: TemplateVersion, before: TemplateVersion | None) -> dict[str, Any]:
    parts = differences.between(before.content, version.content) if before else None
    return {"version": version, "before": before, "parts": parts}


def _compared(request: HttpRequest, text: MessageTemplate) -> dict[str, Any] | None:
    """What `?from=3&to=7` asks for. Raises Http404 where there is no such version."""
    numbers = [number for name in ("from", "to") if (number := _number(request, name)) is not None]
    if len(numbers) < 2:
        return None
    found = {row.number: row for row in text.versions.select_related("author").filter(number__in=numbers)}
    if not found.keys() >= set(numbers):
        raise Http404("There is no such version of this text.")
    one, other = (found[number] for number in numbers)
    return {"from": one, "to": other, "parts": differences.between(one.content, other.content)}


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 10 else None


def _posted(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 10 else 0


def _address(name: str, *args: int) -> str:
    return reverse(f"admin:notifications_messagetemplate_{name}", args=args)
