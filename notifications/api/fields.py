"""Fields that several endpoints read or write."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from notifications import storable
from notifications.outbox.compose import LONGEST_VARIABLES
from notifications.phones import BadPhone, e164

LONGEST_NAME = 100  # characters in a variable's name
_HALF = re.compile(r"[\ud800-\udfff]")


class PhoneField(serializers.CharField):
    """A number in any form people type, as E.164. A leading space is a `+` that a URL decoded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: object) -> str:
        try:
            return e164(super().to_internal_value(data))  # type: ignore[arg-type]
        except BadPhone as error:
            raise serializers.ValidationError(str(error), "bad_phone") from error


class Choice(serializers.ChoiceField):
    """A choice whose refusal says what there is, and not what was given: that may be somebody's number."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices, **kwargs)
        self.error_messages["invalid_choice"] = f"Use one of: {', '.join(map(str, self.choices))}."


class MomentField(serializers.DateTimeField):
    """A moment in Indian time, always with microseconds: `2026-01-27T10:15:30.123456+05:30`."""

    def to_representation(self, value: datetime | None) -> str | None:  # type: ignore[override]
        return timezone.localtime(value).isoformat(timespec="microseconds") if value else None


class TextOrNull(serializers.CharField):
    """A text, or null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_representation(self, value: object) -> str | None:  # type: ignore[override]
        return str(value) if value else None


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
