"""How a text reads."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from notifications import linter, registry
from notifications.formats import KINDS
from notifications.models import MessageTemplate
from notifications.models.kind import CATEGORIES
from rest.fields import MomentField

_ONE = {
    "type": "order_confirmation",
    "language": "en",
    "content": "Order #{{order_id}} confirmed",
    "active": True,
    "category": "utility",
    "variables": [{"name": "order_id", "kind": "text", "sample": "123"}],
    "version": 1,
    "updated_at": "2026-01-27T10:15:30.123456+05:30",
    "updated_by": None,
    "warnings": [],
}
ALL = [OpenApiExample("One", {"next": None, "previous": None, "results": [_ONE]})]
ONE = [OpenApiExample("In English", _ONE)]


class Variable(serializers.Serializer):
    """A value that the text may use, as `{{name}}`."""

    name = serializers.CharField()
    kind = serializers.CharField(help_text=f"How it is written out: {', '.join(KINDS)}.")
    sample = serializers.CharField()


class Advice(serializers.Serializer):
    """What WhatsApp would dislike in a text; it matters where an approved template is named."""

    line = serializers.IntegerField(min_value=1)
    column = serializers.IntegerField(min_value=1)
    message = serializers.CharField()
    remedy = serializers.CharField()


class Template(serializers.Serializer):
    """The text of one kind of message in one language."""

    type = serializers.CharField()
    language = serializers.ChoiceField(registry.LANGUAGES)
    content = serializers.CharField(help_text="With {{variables}}.")
    active = serializers.BooleanField(help_text="Off: messages of this kind and language are not sent.")
    category = serializers.ChoiceField(CATEGORIES, help_text="Marketing goes only to who asked for offers.")
    variables = Variable(many=True)
    version = serializers.IntegerField(min_value=1, help_text="One more with each change of the text.")
    updated_at = MomentField()
    updated_by = serializers.CharField(allow_null=True, help_text="The user, null for the system.")
    warnings = Advice(many=True)


class TemplatePage(serializers.Serializer):
    """Texts by type, and where the others are."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = Template(many=True)


def shown(text: MessageTemplate) -> dict[str, Any]:
    """A text as the API gives it. A kind that nobody declares any more has no variables."""
    kind = registry.get(text.kind)
    variables = [{"name": v.name, "kind": v.kind, "sample": v.sample} for v in kind.variables] if kind else []
    category = kind.category if kind else "utility"
    row = {
        "type": text.kind,
        "category": category,
        "variables": variables,
        "warnings": [finding._asdict() for finding in linter.lint(text.content, category)],
        "updated_by": text.updated_by.get_username() if text.updated_by else None,
    }
    rest = {name: getattr(text, name) for name in ("language", "content", "active", "version", "updated_at")}
    return dict(Template(row | rest).data)
