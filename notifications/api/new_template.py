"""A text in another language, or the first one of a kind of staff's own."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from notifications import registry
from notifications.api import drafting, trail
from notifications.formats import KINDS
from notifications.models import CustomKind, MessageTemplate
from notifications.models.kind import (
    CATEGORIES,
    CODE,
    OF_STAFF,
    PREFERENCES,
)
from notifications.models.variables import LONGEST_MEANING, LONGEST_SAMPLE, MOST_VARIABLES, check_variables
from notifications.templating import LONGEST
from rest.errors import STATE, Conflict
from rest.fields import Choice, Flag, Text

_OF_KIND = ("category", "variables", "label", "preference")
_PREFERENCE = {"marketing": "promotional", "utility": "order"}


EXAMPLES = [
    OpenApiExample(
        "Another language",
        {"type": "order_confirmation", "language": "hi", "content": "ऑर्डर #{{order_id}} पक्का हुआ"},
        request_only=True,
    ),
    OpenApiExample(
        "A kind of your own",
        {
            "type": "milk_price",
            "content": "From {{from_date}} a litre is ₹{{price}}.",
            "category": "utility",
            "variables": [
                {"name": "from_date", "kind": "date", "sample": "2026-12-01"},
                {"name": "price", "kind": "money", "sample": "66"},
            ],
        },
        request_only=True,
    ),
]


class NewVariable(serializers.Serializer):
    """A value that texts of this kind may use, as `{{name}}`."""

    name = serializers.RegexField(r"^[A-Za-z][A-Za-z0-9_]{0,63}$")
    kind = Choice(KINDS, help_text="How it is written out: a date reads `February 1`, money `1,23,456.50`.")
    sample = Text(max_length=LONGEST_SAMPLE, help_text="For previews, for example `66`.")
    meaning = Text(
        max_length=LONGEST_MEANING, required=False, help_text="What it says, for who writes the texts."
    )


class NewTemplate(serializers.Serializer):
    """A text; and of a kind that does not exist yet, what it is."""

    type = serializers.RegexField(
        rf"^{CODE.pattern}$",
        help_text="A kind that exists, or the name of a new one.",
        error_messages={"invalid": "Use 2 to 64 of a–z, 0–9 and _, a letter first."},
    )
    language = Choice(registry.LANGUAGES, default="en")
    content = Text(max_length=LONGEST, trim_whitespace=False, help_text="With {{variables}}.")
    active = Flag(default=True)
    category = Choice(CATEGORIES, required=False, help_text="Of a new kind: required.")
    variables = serializers.ListField(
        child=NewVariable(), required=False, max_length=MOST_VARIABLES, help_text="Of a new kind."
    )
    label = Text(  # type: ignore[assignment]  # a field, not the serializer's own label
        required=False, max_length=100, help_text="Of a new kind, as staff read it."
    )
    preference = Choice(
        PREFERENCES,
        required=False,
        help_text="Of a new kind: which of a customer's switches turns it off. By default `promotional` for "
        "marketing, `order` for utility.",
    )

    def validate_variables(self, variables: list[dict[str, str]]) -> list[dict[str, str]]:
        check_variables(variables)
        return variables


def add(data: Any, user: Any) -> int:
    """Store it; returns its id. Raises ValidationError, or Conflict where the text exists."""
    form = NewTemplate(data=data)
    form.is_valid(raise_exception=True)
    asked = form.validated_data
    is_there = _is_there(asked["type"])  # first: who makes a kind commits it with its text
    _check_is_new(asked["type"], asked["language"])
    try:
        if is_there:
            _check_is_old(asked)
        else:
            _add_kind(asked, user)
        return _add_text(asked, user)
    except IntegrityError as error:  # somebody was faster
        raise Conflict from error
    finally:
        OF_STAFF.forget()  # what was read in a transaction that is taken back


def _is_there(code: str) -> bool:
    """Asked of the database: this process's cache may hold what another thread has not committed yet."""
    return registry.declared(code) or CustomKind.objects.filter(code=code).exists()


def _add_kind(asked: dict[str, Any], user: Any) -> None:
    if "category" not in asked:
        why = f"{drafting.no_such_kind(asked['type'])} To make a new kind, give its `category` too."
        raise serializers.ValidationError({"type": why}, "unknown_kind")
    category, code = asked["category"], asked["type"]
    kind = CustomKind.objects.create(
        code=code,
        label=asked.get("label") or code.replace("_", " ").capitalize(),
        category=category,
        preference=asked.get("preference") or _PREFERENCE[category],
        variables=[dict(variable) for variable in asked.get("variables", ())],
        created_by=user,
    )
    trail.added(user, kind, "Added by API.")


def _check_is_old(asked: dict[str, Any]) -> None:
    given = [name for name in _OF_KIND if name in asked]
    if given:
        why = f"The kind {asked['type']} exists, and this does not change it. Leave it out."
        raise serializers.ValidationError(dict.fromkeys(given, why), "kind_exists")


def _check_is_new(kind: str, language: str) -> None:
    if MessageTemplate.objects.filter(kind=kind, language=language).exists():
        where = f"/api/notifications/templates/{kind}?language={language}"
        raise Conflict(f"{kind} has a text in this language. PUT {where} changes it.", STATE)


def _add_text(asked: dict[str, Any], user: Any) -> int:
    text = MessageTemplate(
        kind=asked["type"],
        language=asked["language"],
        content=asked["content"],
        active=asked["active"],
        updated_by=user,
    )
    text.save()
    trail.added(user, text, "Added by API.")
    return int(text.pk)
