"""The texts, which staff own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from backoffice import audit
from backoffice.pages import Admin, Inline
from notifications import approved, drift, linter, registry, templating, timeline
from notifications.admin.messages import bubble
from notifications.formats import CannotWrite
from notifications.models import MessageTemplate, TemplateVersion


class VersionInline(Inline):
    """Every text there was."""

    model = TemplateVersion
    fields = readonly_fields = ("number", "content", "author", "created_at")
    extra = 0
    verbose_name_plural = "Every version"

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(MessageTemplate)
class MessageTemplateAdmin(Admin):
    """A text that cannot be rendered is refused by the model; what WhatsApp dislikes is warned of."""

    list_display = ("kind_label", "language", "active", "beginning", "version", "changed")
    list_filter = ("active", "language", "kind")
    list_select_related = ("updated_by",)
    search_fields = ("kind", "content")
    readonly_fields = (
        "preview",
        "dislikes",
        "variables",
        "approved_state",
        "version",
        "updated_at",
        "updated_by",
    )
    fields = (
        "kind",
        "language",
        "content",
        "preview",
        "dislikes",
        "variables",
        "active",
        "approved_name",
        "approved_language",
        "placeholders",
        "approved_state",
        "version",
        "updated_at",
        "updated_by",
    )
    inlines = (VersionInline,)
    actions = ("switch_on", "switch_off")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "kind", "language") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Without its text every message of a kind would fail. A text is switched off instead."""
        return False

    def save_model(self, request: HttpRequest, obj: MessageTemplate, form: ModelForm, change: bool) -> None:
        obj.updated_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        for words in (*_dislikes(obj), *drift.warnings(obj)):
            self.message_user(request, words, messages.WARNING)

    @admin.action(description="Switch on", permissions=("change",))
    def switch_on(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._switch(request, queryset, active=True)

    @admin.action(description="Switch off: these messages are not sent", permissions=("change",))
    def switch_off(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._switch(request, queryset, active=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet, *, active: bool) -> None:
        for text in queryset:
            text.active, text.updated_by = active, request.user
            with transaction.atomic():
                text.save()
                audit.note(request.user, text, f"Switched {'on' if active else 'off'}.")
        self.message_user(request, f"{len(queryset)} switched {'on' if active else 'off'}.", messages.SUCCESS)

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

    @admin.display(description="As the customer sees it")
    def preview(self, text: MessageTemplate) -> SafeString | str:
        """The saved text with the samples of its kind."""
        kind = registry.get(text.kind)
        if kind is None or not text.pk:
            return "Save the text to see it."
        samples = {variable.name: variable.sample for variable in kind.variables}
        try:
            return bubble(templating.render(text.content, samples, kind.variable_kinds, text.language))
        except CannotWrite as error:
            return str(error)

    @admin.display(description="WhatsApp would dislike")
    def dislikes(self, text: MessageTemplate) -> SafeString | str:
        """What the linter finds in the saved text."""
        found = _dislikes(text) if text.pk else []
        return format_html_join("", "<p>{}</p>", ((words,) for words in found)) or "Nothing that we know of."

    @admin.display(description="At WhatsApp")
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

    @admin.display(description="What it may say")
    def variables(self, text: MessageTemplate) -> SafeString | str:
        kind = registry.get(text.kind)
        if kind is None:
            return "Choose the kind and save: then its variables stand here."
        rows = ((f"{{{{{v.name}}}}}", v.meaning or "–", v.sample) for v in kind.variables)
        cells = format_html_join("", "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>", rows)
        head = "<tr><th>Write</th><th>It says</th><th>Sample</th></tr>"
        return format_html('<table class="variables-of-kind">' + head + "{}</table>", cells)


def _dislikes(text: MessageTemplate) -> list[str]:
    """Each with its place and the remedy."""
    kind = registry.get(text.kind)
    found = linter.lint(text.content, kind.category if kind else "utility")
    return [f"Line {one.line}, character {one.column}: {one.message} {one.remedy}" for one in found]
