"""The pages of acts on many rows: what one will do, how far it is, what came of it; and the list of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from backoffice import acts, marks
from backoffice.acts import Kind
from backoffice.links import may_open
from backoffice.lists import Log
from backoffice.masking import shown_in
from backoffice.models import Act
from backoffice.tally import Group

LONGEST_WHY = 200


def look(request: HttpRequest, kind: Kind, ids: Sequence[int], about: str = "") -> HttpResponse:
    """Answer with the page that says what this would do to these rows, and asks. Raises PermissionDenied.

    `ids` may be one more than `kind.most`, so that it can be said that not all are taken.
    """
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied
    if len(ids) > kind.most:
        words = f"These are the newest {kind.most:,} of those you meant. Do the others after them."
        messages.warning(request, words)
    act = acts.begin(kind.code, ids[: kind.most], request.user, about)
    return HttpResponseRedirect(reverse("admin:backoffice_act_page", args=(act.pk,)))


@admin.register(Act)
class ActAdmin(Log):
    """The list is for who may see it; who may do such a thing may see the page of one that was done, and stop it."""

    list_display = ("what", "asked_when", "by", "state_label", "done_count", "skipped_count", "about")
    list_display_links = ("what",)
    list_select_related = ("by",)
    list_filter = ("state",)
    nothing = "What is sent again, cancelled, given up or exported stands here, with who did it."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Act]:
        """What was confirmed; what somebody only looks at is nobody else's."""
        may = [kind.code for kind in acts.kinds() if request.user.has_perm(kind.permission)]
        rows = super().get_queryset(request).defer("chosen", "will")
        return rows.filter(code__in=may, started_at__isnull=False)

    def get_urls(self) -> list[URLPattern]:
        views = {
            "<int:pk>/": (self.page, "page"),
            "<int:pk>/body": (self.body, "body"),
            "<int:pk>/confirm": (self.confirm, "confirm"),
            "<int:pk>/stop": (self.stop, "stop"),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"backoffice_act_{name}")
            for route, (view, name) in views.items()
        ]
        return own + super().get_urls()

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        return HttpResponseRedirect(reverse("admin:backoffice_act_page", args=(int(object_id),)))

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Django's asks for the row before it asks who looks, and who may see no act finds none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, *args, **kwargs)

    # --- one act

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        act, kind = _allowed(request, pk)
        context = {**self.admin_site.each_context(request), "title": kind.title, **_told(act, kind)}
        return TemplateResponse(request, "backoffice/act.html", context)

    def body(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the page fetches again and again while the act is under way."""
        act, kind = _allowed(request, pk)
        return render(request, "backoffice/act_body.html", _told(act, kind))

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
        act, kind = _allowed(request, pk, posted=True)
        if kind.file is not None:
            return self._file(request, act, kind)
        why = " ".join(request.POST.get("why", "").replace("\x00", "").split())[:LONGEST_WHY]
        if not acts.confirm(act, request.user, why):
            self.message_user(
                request, "It was confirmed or stopped before. Nothing was done twice.", messages.WARNING
            )
        return _back(act)

    def _file(self, request: HttpRequest, act: Act, kind: Kind) -> HttpResponse | StreamingHttpResponse:
        assert kind.file is not None
        ids = acts.taken(act, request.user)
        if ids is None:
            self.message_user(
                request, "This file was written before. Choose the messages again.", messages.WARNING
            )
            return _back(act)
        response = StreamingHttpResponse(kind.file(ids, request.user), content_type="text/csv; charset=utf-8")
        name = f"messages-{timezone.localtime():%Y-%m-%d-%H%M}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        act, _ = _allowed(request, pk, posted=True)
        if not acts.stop(act, request.user):
            self.message_user(request, "It had ended before.", messages.WARNING)
        return _back(act)

    # --- the list

    @admin.display(description="What")
    def what(self, act: Act) -> str:
        return acts.kind_of(act.code).title

    @admin.display(description="Confirmed", ordering="started_at")
    def asked_when(self, act: Act) -> str:
        return f"{timezone.localtime(act.started_at):%-d %B, %-I:%M %p}" if act.started_at else ""

    @admin.display(description="State")
    def state_label(self, act: Act) -> SafeString:
        label = (
            f"{act.get_state_display()} ({act.percent} %)" if act.is_under_way else act.get_state_display()
        )
        return marks.status(f"act-{act.state}", label)

    @admin.display(description="Done")
    def done_count(self, act: Act) -> str:
        return f"{act.result.count:,} of {act.total:,}"

    @admin.display(description="Skipped")
    def skipped_count(self, act: Act) -> str:
        return f"{act.outlook.left_out + act.result.left_out:,}"


def _allowed(request: HttpRequest, pk: int, *, posted: bool = False) -> tuple[Act, Kind]:
    """The act and its kind, for who may. Raises Http404, PermissionDenied."""
    act = Act.objects.defer("chosen", "will").select_related("by").filter(pk=pk).first()
    if act is None:
        raise Http404
    try:
        kind = acts.kind_of(act.code)
    except KeyError as error:
        raise Http404 from error
    if not request.user.has_perm(kind.permission) or (posted and request.method != "POST"):
        raise PermissionDenied
    return act, kind


def _back(act: Act) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:backoffice_act_page", args=(act.pk,)))


def _told(act: Act, kind: Kind) -> dict[str, Any]:
    """What the page says of an act as it stands."""
    outlook, result = act.outlook, act.result
    return {
        "act": act,
        "kind": kind,
        "outlook": outlook,
        "result": result,
        "says": kind.says(outlook),
        "skipped": _groups(outlook.skipped, kind),
        "warned": _groups(outlook.warned, kind),
        "skipped_later": _groups(result.skipped, kind),
        "around": [(words, to) for words, to in _around() if may_open(to)],
    }


def _around() -> list[tuple[str, str]]:
    """Where to go from here."""
    names = ("backoffice_act_changelist", "notifications_attention", "notifications_message_changelist")
    words = ("All acts", "Needs attention", "Message log")
    return [(word, reverse(f"admin:{name}")) for word, name in zip(words, names, strict=True)]


def _groups(groups: dict[str, Group], kind: Kind) -> list[tuple[str, Group, list[tuple[str, str]]]]:
    """(sentence, its rows, label and address of the first few)."""
    return [
        (shown_in(why), group, [kind.example(pk) for pk in group.examples]) for why, group in groups.items()
    ]
