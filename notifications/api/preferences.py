"""`preferences/{phone}`: what a customer wants to hear, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications import registry, wishes
from notifications.api import examples, trail
from notifications.api.access import numbers_of
from notifications.api.fields import ClockField
from notifications.clock import now as clock_now
from notifications.models import NotificationPreference
from rest.access import may
from rest.fields import Choice, Flag, MomentField, PhoneField, Text

_QUIET = ("quiet_from", "quiet_until")
_PATH = OpenApiParameter(
    "phone", str, OpenApiParameter.PATH, description="In any form people type, for example `98765 43210`."
)


def _clock(about: str, **how: Any) -> ClockField:
    return ClockField(allow_null=True, help_text=f"Do not disturb {about} (IST). Null: no such hours.", **how)


def _switch(about: str, **how: Any) -> Flag:
    return Flag(help_text=about, **how)


_SWITCHES = {
    "enabled": "Off: nothing is sent to this number.",
    "order": "Messages about orders.",
    "subscription": "Messages about subscriptions.",
    "delivery": "Messages about deliveries.",
    "payment": "Messages about bills and payments.",
    "promotional": "News and offers.",
    "marketing_opt_in": "Whether the customer asked for offers. Without it none are sent.",
}


class Preference(serializers.Serializer):
    """What the owner of a number wants. Where nothing was ever said, all but offers is on."""

    phone = serializers.CharField(help_text="E.164.")
    language = serializers.ChoiceField(
        registry.LANGUAGES, allow_null=True, help_text="Null: the customer record's."
    )
    marketing_opt_in_at = MomentField(allow_null=True, help_text="When they asked for offers.")
    quiet_from = _clock("from")
    quiet_until = _clock("until")
    updated_at = MomentField(allow_null=True, help_text="Null: nothing was ever said.")

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {name: _switch(about) for name, about in _SWITCHES.items()}

    def to_representation(self, instance: NotificationPreference) -> dict[str, Any]:
        instance.marketing_opt_in = instance.marketing_opt_in_at is not None  # type: ignore[attr-defined]
        said: dict[str, Any] = super().to_representation(instance)
        return said | {"language": instance.language or None}


class PreferenceChange(serializers.Serializer):
    """What is to change; what is not given stays."""

    language = Choice(
        registry.LANGUAGES, required=False, allow_null=True, help_text="Null: the customer record's."
    )
    quiet_from = _clock("from", required=False)
    quiet_until = _clock("until", required=False)
    words = Text(
        required=False,
        max_length=500,
        help_text="What they said, or the text they agreed to with its version: kept in the ledger as the proof.",
    )

    def get_fields(self) -> dict[str, Any]:
        switches = {name: _switch(about, required=False) for name, about in _SWITCHES.items()}
        return super().get_fields() | switches

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() - {"words"}:
            names = [str(name) for name in self.fields if name != "words"]
            raise serializers.ValidationError(f"Give at least one of: {', '.join(names)}.")
        return attrs


class _Path(serializers.Serializer):
    phone = PhoneField()


class Preferences(APIView):
    """Staff with the permission for everybody; a customer for the numbers that staff bound to them."""

    @extend_schema(
        operation_id="preferences",
        summary="What a customer wants",
        parameters=[_PATH],
        responses={200: OpenApiResponse(Preference, "What they want.", examples=examples.WISHES)},
    )
    def get(self, request: Request, phone: str) -> Response:
        """A number that never said anything has the defaults, and `updated_at` null. Somebody else's is 404."""
        number = _number(phone)
        if not may(request.user, "view", NotificationPreference) and number not in numbers_of(request.user):
            raise Http404
        found = NotificationPreference.objects.filter(phone=number).first()
        return Response(Preference(found or NotificationPreference(phone=number)).data)

    @extend_schema(
        operation_id="change_preferences",
        summary="Change what a customer wants",
        parameters=[_PATH],
        request=PreferenceChange,
        responses={200: OpenApiResponse(Preference, "What they want now.", examples=examples.WISHES)},
        examples=[OpenApiExample("No payments, quiet nights, Hindi", examples.WANTED, request_only=True)],
    )
    def put(self, request: Request, phone: str) -> Response:
        """Only the fields that are given change. It holds for what is queued already, for it is asked again when a
        message is due. Quiet hours have both ends or neither, and may cross midnight.
        """
        number = _number(phone)
        _check_may_change(request.user, number)
        wanted = PreferenceChange(data=request.data)
        wanted.is_valid(raise_exception=True)
        with transaction.atomic():
            given = dict(wanted.validated_data)
            words = given.pop("words", "")
            preference = _changed(number, given, request.user, words)
        return Response(Preference(preference).data)


def _number(text: str) -> str:
    path = _Path(data={"phone": text})
    path.is_valid(raise_exception=True)
    return str(path.validated_data["phone"])


def _check_may_change(user: Any, number: str) -> None:
    if may(user, "change", NotificationPreference) or number in numbers_of(user):
        return
    if user.is_staff:
        raise PermissionDenied("This takes staff with the permission to change preferences.")
    raise Http404


def _check_quiet(preference: NotificationPreference, wanted: Mapping[str, Any]) -> None:
    """Of the hours as they would be: one end may have been there before."""
    if not set(_QUIET) & wanted.keys():
        return
    start, end = (wanted.get(name, getattr(preference, name)) for name in _QUIET)
    if (start is None) != (end is None):
        missing = _QUIET[0] if start is None else _QUIET[1]
        raise serializers.ValidationError(
            {missing: "Give both ends of the quiet hours, or null for both."}, "both_ends"
        )
    if start is not None and start == end:
        raise serializers.ValidationError(
            {_QUIET[1]: "These hours end when they begin. To get nothing at all, switch `enabled` off."},
            "same_ends",
        )


def _changed(number: str, wanted: Mapping[str, Any], user: Any, words: str) -> NotificationPreference:
    """The row as it is then, locked: of two changes at once the second sees the first."""
    before = wishes.lock([number], with_queue=wanted.get("enabled") is False)[number]
    _check_quiet(before, wanted)
    values = _values(before, wanted)
    by = user.get_username()
    preference = wishes.change(number, values, how=wishes.How.API, by=by, words=words).preference
    trail.changed(user, preference, f"Changed {', '.join(sorted(wanted))} by API.")
    return preference


def _values(preference: NotificationPreference, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """By field of the row. Who asked for offers before has asked since then."""
    values = {name: value for name, value in wanted.items() if name != "marketing_opt_in"}
    if "marketing_opt_in" in wanted:
        since = preference.marketing_opt_in_at or clock_now()
        values["marketing_opt_in_at"] = since if wanted["marketing_opt_in"] else None
    return values | ({"language": wanted["language"] or ""} if "language" in wanted else {})
