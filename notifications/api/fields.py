"""The values of a text's variables, as they come in."""

from __future__ import annotations

import json
import re
from datetime import time

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from notifications import storable
from notifications.outbox.compose import LONGEST_VARIABLES

LONGEST_NAME = 100  # characters in a variable's name
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_HALF = re.compile(r"[\ud800-\udfff]")


@extend_schema_field({"type": "object", "additionalProperties": {}})
class ContextField(serializers.Field):
    """The values of a text's variables, by name."""

    default_error_messages = {
        "invalid": "Give an object: names of variables, and their values.",
        "name": f"The name of a variable is a printable text of at most {LONGEST_NAME} characters.",
        "half": "This is half a character (a lone surrogate), which nobody can read.",
        "long": f"The values are longer than {LONGEST_VARIABLES:,} characters together.",
    }

    def to_internal_value(self, data: object) -> dict[str, object]:
        if not isinstance(data, dict):
            self.fail("invalid")
        if not all(len(name) <= LONGEST_NAME and name.isprintable() for name in data):
            self.fail("name")
        if halves := [name for name, value in data.items() if _has_half_characters(value)]:
            half = ErrorDetail(str(self.error_messages["half"]), "half_character")
            raise serializers.ValidationError({name: [half] for name in halves})
        if len(storable.dumps(data)) > LONGEST_VARIABLES:
            self.fail("long")
        return data

    def to_representation(self, value: object) -> object:
        return value


def _has_half_characters(value: object) -> bool:
    return _HALF.search(json.dumps(value, ensure_ascii=False)) is not None


@extend_schema_field({"type": "string", "pattern": f"^{_CLOCK.pattern}$"})
class ClockField(serializers.Field):
    """A time of day in India, `22:00`."""

    default_error_messages = {"invalid": "Give a time of day as HH:MM, for example 22:00, or null."}

    def to_internal_value(self, data: object) -> time:
        if not isinstance(data, str) or not _CLOCK.fullmatch(data):
            self.fail("invalid")
        return time.fromisoformat(data)

    def to_representation(self, value: time) -> str:
        return f"{value:%H:%M}"
