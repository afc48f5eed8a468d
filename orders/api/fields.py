"""References to rows, and rows whose database constraints are refusals of a field."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

import orders.fields
from rest.fields import PhoneField, RowSerializer

BIGGEST = 10**18 - 1  # of an id, as long as the paths take


class RowId(serializers.PrimaryKeyRelatedField):
    """A row by its id: a whole number, and not 1.5, which Django would read as 1."""

    default_error_messages = {"does_not_exist": "There is none with the id {pk_value}."}

    def __init__(self, **kwargs: Any) -> None:
        pk_field = serializers.IntegerField(min_value=1, max_value=BIGGEST)
        super().__init__(pk_field=pk_field, **kwargs)


class ShopSerializer(RowSerializer):
    """A row of the shop. `Meta.named` says of which field a constraint of the model speaks."""

    serializer_related_field = RowId
    serializer_field_mapping = RowSerializer.serializer_field_mapping | {orders.fields.PhoneField: PhoneField}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if named := getattr(self.Meta, "named", None):
            row = copy(self.instance) if self.instance else self.Meta.model()
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
