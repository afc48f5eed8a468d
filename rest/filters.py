"""What lists are filtered by. A value that is none of its kind is refused, never left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from notifications.phones import BadPhone, e164
from rest.fields import BIGGEST


class Filters(filters.FilterSet):
    """A list's filters. Who gives what is no choice is told the choices, and not what they gave."""

    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: Any) -> tuple[Any, dict[str, Any]]:
        kind, how = super().filter_for_lookup(field, lookup_type)
        if choices := how.get("choices"):
            known = ", ".join(str(value) for value, _ in choices)
            how = how | {"error_messages": {"invalid_choice": f"Use one of: {known}."}}
        return kind, how


class Day(filters.DateFilter):
    """A day as JSON writes it: 01/02/2026 is another day in India than in America."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        errors = {"invalid": "Give a day as 2026-12-01."}
        super().__init__(*args, input_formats=["%Y-%m-%d"], error_messages=errors, **kwargs)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": BIGGEST})
class Id(filters.NumberFilter):
    """Of another row. One that is not there finds nothing, like one that is somebody else's."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=BIGGEST, **kwargs)


@extend_schema_field({"type": "boolean"})
class YesNo(filters.TypedChoiceFilter):
    """`true` or `false`. Another value is refused; Django's filter would leave it out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = (("true", "yes"), ("false", "no"))
        errors = {"invalid_choice": "Use true or false."}
        super().__init__(
            *args, choices=choices, coerce=lambda text: text == "true", error_messages=errors, **kwargs
        )


class PhoneInput(forms.CharField):
    def to_python(self, value: Any) -> str:
        try:
            return e164(value) if value else ""
        except BadPhone as error:
            raise forms.ValidationError(str(error), "bad_phone") from error


@extend_schema_field({"type": "string", "maxLength": 40, "description": "In any form people type."})
class Phone(filters.CharFilter):
    """A number in any form people type. A leading space is a `+` that a URL decoded."""

    field_class = PhoneInput
