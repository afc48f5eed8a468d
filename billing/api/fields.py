"""Months, as they come in and go out."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MONTH = "20[0-9]{2}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?"  # of a day, only its month is read
MONTH_SCHEMA = {"type": "string", "pattern": f"^{MONTH}$", "examples": ["2026-11"]}


def month_of(given: object) -> date:
    """The first day of the month `2026-11`, or of any day of it. Raises ValidationError."""
    if not isinstance(given, str) or not re.fullmatch(MONTH, given):
        raise ValidationError("Write the month as 2026-11, or any day of it as 2026-11-17.", "bad_month")
    return date(int(given[:4]), int(given[5:7]), 1)


@extend_schema_field(MONTH_SCHEMA)
class MonthField(serializers.Field):
    """`2026-11`; any day of the month is taken too."""

    def to_internal_value(self, data: object) -> date:
        return month_of(data)

    def to_representation(self, value: date) -> str:
        return value.isoformat()[:7]


class MonthInput(forms.CharField):
    def to_python(self, value: Any) -> date | None:
        return month_of(value) if value else None


@extend_schema_field(MONTH_SCHEMA)
class MonthFilter(filters.Filter):
    """The rows of one month."""

    field_class = MonthInput
