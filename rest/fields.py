"""Fields that several endpoints read or write, and the serializer that takes them by itself."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from rest_framework import serializers

from notifications.phones import BadPhone, e164

BIGGEST = 10**18 - 1  # of an id, as long as the paths take


class Text(serializers.CharField):
    """A text. Django's own field would take a number for one: 0 for a transaction id, -1 for a unit."""

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """Yes or no, in JSON. Django's own field would take 0, "on" and "y"."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Whole(serializers.IntegerField):
    """A whole number, in JSON. Django's own field would take "5"."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class PhoneField(Text):
    """A number in any form people type, as E.164. A leading space is a `+` that a URL decoded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: object) -> str:
        try:
            return e164(super().to_internal_value(data))
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


class RowId(serializers.PrimaryKeyRelatedField):
    """A row by its id: a whole number, and not 1.5, which Django would read as 1."""

    default_error_messages = {"does_not_exist": "There is none with the id {pk_value}."}

    def __init__(self, **kwargs: Any) -> None:
        pk_field = Whole(min_value=1, max_value=BIGGEST)
        super().__init__(pk_field=pk_field, **kwargs)


class RowSerializer(serializers.ModelSerializer):
    """A row of the database, with our own fields. `Meta.named` says of which field a model's constraint speaks."""

    serializer_related_field = RowId
    serializer_choice_field = Choice
    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.CharField: Text,
        models.TextField: Text,
        models.BooleanField: Flag,
        models.IntegerField: Whole,
        models.PositiveIntegerField: Whole,
        models.PositiveSmallIntegerField: Whole,
        models.SmallIntegerField: Whole,
        models.DateTimeField: MomentField,
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if named := getattr(self.Meta, "named", None):
            row: Any = copy(self.instance) if self.instance else self.Meta.model()  # type: ignore[misc]
            for name, value in attrs.items():
                setattr(row, name, value)
            if errors := _broken(row, named):
                raise serializers.ValidationError(errors)
        return attrs


def _broken(row: Any, named: dict[str, str]) -> dict[str, list[str]]:
    """What the model's own constraints say of this row, in their words: field → sentences."""
    errors: dict[str, list[str]] = {}
    for constraint in row._meta.constraints:
        if constraint.name in named:
            try:
                constraint.validate(type(row), row)
            except ValidationError as error:
                errors.setdefault(named[constraint.name], []).extend(error.messages)
    return errors
