"""The one shape that errors have, for the documentation; drf-standardized-errors writes them."""

from rest_framework import serializers


class FieldError(serializers.Serializer):
    """One thing that is wrong, and what to do."""

    code = serializers.CharField(help_text="For programs, for example `bad_phone`.")
    detail = serializers.CharField(help_text="For people.")
    attr = serializers.CharField(allow_null=True, help_text="The field, for example `context.delivery_date`.")


class BadRequest(serializers.Serializer):
    """What is wrong with the request, field by field."""

    type = serializers.ChoiceField(["validation_error", "client_error"])
    errors = FieldError(many=True)  # type: ignore[assignment]  # a field, not the serializer's own errors
