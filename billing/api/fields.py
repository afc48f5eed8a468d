"""Months and rupees, as they come in and go out."""

import math
import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MONTH = "20[0-9]{2}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?"  # of a day, only its month is read
AMOUNT = r"[0-9]{1,10}(\.[0-9]{1,2})?"
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


def _schema(least: float, pattern: str) -> dict[str, Any]:
    text = {"type": "string", "pattern": pattern}
    number = {"type": "number", "minimum": least, "exclusiveMaximum": 10**10, "multipleOf": 0.01}
    return {"anyOf": [text, number], "examples": ["450.00"]}


@extend_schema_field(_schema(0, f"^{AMOUNT}$"))
class RupeesField(serializers.DecimalField):
    """An amount in rupees: `450.00`, always a text when it goes out."""

    def __init__(self, *, min_value: Decimal = Decimal(0), **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=min_value, **kwargs)

    def to_internal_value(self, data: object) -> Decimal:
        if isinstance(data, float) and math.isclose(data, round(data, 2)):
            data = round(data, 2)  # 3 × 0.19 is 0.5700000000000001 in JavaScript
        amount = super().to_internal_value(data)
        if isinstance(data, str) and not re.fullmatch(AMOUNT, data):
            self.fail("invalid")  # 1e3, + 5, ५
        return amount


@extend_schema_field(_schema(0.01, f"^(?=.*[1-9]){AMOUNT}$"))
class ReceivedField(RupeesField):
    """Rupees that are more than nothing."""

    default_error_messages = {"min_value": "A payment is more than nothing."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal("0.01"), **kwargs)


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,18}\.[0-9]{2}$", "examples": ["450.00"]})
class SumField(serializers.DecimalField):
    """Rupees that were added up."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=2, read_only=True, **kwargs)
