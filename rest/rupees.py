"""Rupees, as they come in and go out."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

AMOUNT = r"[0-9]{1,10}(\.[0-9]{1,2})?"


def _schema(least: float, digits: int = 10) -> dict[str, Any]:
    nonzero = "(?=.*[1-9])" if least else ""
    text = {"type": "string", "pattern": rf"^{nonzero}[0-9]{{1,{digits}}}(\.[0-9]{{1,2}})?$"}
    number = {"type": "number", "minimum": least, "exclusiveMaximum": 10**digits, "multipleOf": 0.01}
    return {"anyOf": [text, number], "examples": ["450.00"]}


@extend_schema_field(_schema(0))
class RupeesField(serializers.DecimalField):
    """An amount in rupees: `450.00`, always a text when it goes out."""

    def __init__(self, *, max_digits: int = 12, min_value: Decimal = Decimal(0), **kwargs: Any) -> None:
        super().__init__(max_digits, decimal_places=2, min_value=min_value, **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, float) and math.isclose(data, round(data, 2)):
            data = round(data, 2)  # 3 × 0.19 is 0.5700000000000001 in JavaScript
        amount = super().to_internal_value(data)
        if isinstance(data, str) and not re.fullmatch(AMOUNT, data):
            self.fail("invalid")  # 1e3, + 5, ५
        return amount

    def quantize(self, value: Decimal) -> Decimal:
        """What was added up may go out longer than what comes in."""
        return value.quantize(Decimal("0.01"))


@extend_schema_field(_schema(0.01))
class ReceivedField(RupeesField):
    """Rupees that are more than nothing."""

    default_error_messages = {"min_value": "Give more than nothing."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal("0.01"), **kwargs)


@extend_schema_field(_schema(0.01, 6))
class PriceField(ReceivedField):
    """Rupees for one of something, less than a million."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=8, **kwargs)


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,18}\.[0-9]{2}$", "examples": ["450.00"]})
class SumField(serializers.DecimalField):
    """Rupees that were added up."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=2, read_only=True, **kwargs)


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]{1,18}\.[0-9]{2}$", "examples": ["-50.00"]})
class SignedSumField(SumField):
    """Rupees that were added up, and may be less than nothing."""
