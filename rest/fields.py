"""Fields that several endpoints read or write, and the serializer that takes them by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from rest_framework import serializers

from notifications.phones import BadPhone, e164


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

    def enforce_timezone(self, value: datetime) -> datetime:
        try:
            return super().enforce_timezone(value)
        except OverflowError:  # the first day of the year 1 began in India when there was no UTC yet
            self.fail("overflow")

    def to_representation(self, value: datetime | None) -> str | None:  # type: ignore[override]
        return timezone.localtime(value).isoformat(timespec="microseconds") if value else None


class TextOrNull(serializers.CharField):
    """A text, or null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_representation(self, value: object) -> str | None:  # type: ignore[override]
        return str(value) if value else None


class RowSerializer(serializers.ModelSerializer):
    """A row of the database, with our moments and choices."""

    serializer_choice_field = Choice
    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DateTimeField: MomentField
    }
