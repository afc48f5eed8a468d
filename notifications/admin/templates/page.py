"""The pages of the texts in the admin: the list by kind, the editor, and what is told after saving."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from notifications import approved, drift, linter, registry, rehearsal, timeline
from notifications.admin.switching import switch
from notifications.admin.templates import board, editor
from notifications.admin.templates.form import TextForm
from notifications.admin.templates.trying import Trying
from notifications.admin.templates.versions import Versions
from notifications.models import MessageTemplate


@admin.register(MessageTemplate)
class MessageTemplateAdmin(Trying, Versions):
    """A text that cannot be rendered is refused by the model; what WhatsApp dislikes is warned of."""

    form = TextForm
    list_display = ("kind_label", "language", "active", "beginning", "version", "changed")
    list_filter = ("active", "language", "kind")
    list_select_related = ("updated_by",)
    search_fields = ("kind", "content")
    readonly_fields = ("approved_state",)
    fieldsets = (
        (None, {"classes": ("editor",), "fields": ("kind", "language", "content", "active")}),
        (
            "At WhatsApp",
            {
                "classes": ("collapse",),
                "fields": ("approved_name", "approved_language", "placeholders", "approved_state"),
            },
        ),
    )
    list_per_page = 25
    actions = ("switch_on", "switch_off")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "kind", "language") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Without its text every message of a kind would fail. A text is switched off instead."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """By kind, until somebody searches, filters or asks for rows (`?o=`)."""
        by_kind = request.method == "GET" and not request.GET and self.has_view_permission(request)
        rows = board.rows() if by_kind else []
        own = {
            "board": rows,
            "gaps": sum(len(row.gaps) for row in rows),
            "off": sum(len(row.off) for row in rows),
        }
        return super().changelist_view(request, {**(extra_context or {}), **own})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        original = kwargs.get("obj")
        context |= editor.context(context["adminform"].form, original)
        may_change = self.has_change_permission(request, original)
        context |= {"may_test": may_change, "may_write": may_change if original else True}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: MessageTemplate, form: ModelForm, change: bool) -> None:
        obj.updated_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        if change and obj.content != form.initial.get("content"):
            words = f"It is version {obj.version} now. {rehearsal.waiting_words(obj)}".strip()
            self.message_user(request, words, messages.INFO)
        for words in (*_dislikes(obj), *drift.warnings(obj)):
            self.message_user(request, words, messages.WARNING)

    @admin.action(description="Switch on", permissions=("change",))
    def switch_on(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._switch(request, queryset, active=True)

    @admin.action(description="Switch off: these messages are not sent", permissions=("change",))
    def switch_off(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._switch(request, queryset, active=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet, *, active: bool) -> None:
        words = f"switched {'on' if active else 'off'}."
        if done := switch(request, queryset, active, words.capitalize()):
            self.message_user(request, f"{len(done)} {words}", messages.SUCCESS)

    @admin.display(description="Kind", ordering="kind")
    def kind_label(self, text: MessageTemplate) -> str:
        kind = registry.get(text.kind)
        return kind.label if kind else text.kind

    @admin.display(description="Text")
    def beginning(self, text: MessageTemplate) -> str:
        return text.content if len(text.content) <= 80 else f"{text.content[:79]}…"

    @admin.display(description="Changed", ordering="updated_at")
    def changed(self, text: MessageTemplate) -> str:
        by = f" by {text.updated_by.get_username()}" if text.updated_by else ""
        return f"{timeline.when(text.updated_at)}{by}"

    @admin.display(description="What there is")
    def approved_state(self, text: MessageTemplate) -> SafeString | str:
        """The approved template that its messages go by, and where the two are apart."""
        if not approved.in_force():
            return "MYOPERATOR_API is not chat: texts are sent as they stand, and need no approved template."
        template = drift.template_of(text)
        lines = drift.warnings(text)
        if template is not None:
            known = f"{template}: {template.standing}, {template.category}, quality {template.quality or 'unknown'}"
            lines.insert(0, f"{known}; asked MyOperator {timeline.when(template.synced_at)}.")
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines))


def _dislikes(text: MessageTemplate) -> list[str]:
    """Each with its place and the remedy."""
    kind = registry.get(text.kind)
    found = linter.lint(text.content, kind.category if kind else "utility")
    return [f"Line {one.line}, character {one.column}: {one.message} {one.remedy}" for one in found]
