"""Approved templates: what goes into their placeholders, and what the customer then reads.

Only where `MYOPERATOR_API=chat`: there WhatsApp takes an approved template by its name, or text within 24 hours of
what the customer wrote last. `send-message` sends every text as it stands, and needs none of this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings

from notifications.formats import LIMIT, BadValue
from notifications.templating import BadText, MissingVariable
from notifications.values import Value

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060-\u2064\ufeff]+")


def in_force() -> bool:
    """Whether messages need an approved template."""
    return bool(settings.MYOPERATOR_API == "chat")


class InUse(NamedTuple):
    """The approved template that stands for a text. `placeholders`: its placeholder → our variable."""

    name: str
    language: str
    placeholders: Mapping[str, str]
    body: str


class Pinned(NamedTuple):
    """What is kept with a message: `{"name", "language", "values"}`, and what the customer will read."""

    approved: dict[str, Any]
    text: str


def placeholders(body: str) -> list[str]:
    """The names in a body, each once, in its order: `1`, `2`, or `order_id`."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(body)))


def pin(in_use: InUse, given: Mapping[str, object], kinds: Mapping[str, str], language: str) -> Pinned:
    """Fill a template for one message. given: our variables by name; kinds: as `templating.render` takes them.

    Raises MissingVariable, BadValue or BadText, all CannotWrite.
    """
    values = {
        placeholder: _value(variable, given, kinds, language)
        for placeholder, variable in in_use.placeholders.items()
    }
    if missing := [name for name in placeholders(in_use.body) if name not in values]:
        raise BadText(f"Nobody said which variable goes into {{{{{missing[0]}}}}} of {in_use.name}.")
    text = filled(in_use.body, values)
    if len(text) > LIMIT:
        raise BadText(
            f"With these values {in_use.name} is {len(text):,} characters long; WhatsApp takes {LIMIT:,}."
        )
    return Pinned({"name": in_use.name, "language": in_use.language, "values": values}, text)


def filled(body: str, values: Mapping[str, str]) -> str:
    """The body with its values. Nothing in a value is read as a placeholder; one without a value stays."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), body)


def _value(variable: str, given: Mapping[str, object], kinds: Mapping[str, str], language: str) -> str:
    if variable not in given:
        raise MissingVariable(variable, given)
    written = str(Value(variable, given[variable], kinds.get(variable, "text"), language))
    value = " ".join(written.split())  # WhatsApp refuses newlines, tabs and runs of spaces (132018)
    if not _UNSEEN.sub("", value):
        raise BadValue(variable, "is empty; WhatsApp takes no empty value in a template")
    return value
