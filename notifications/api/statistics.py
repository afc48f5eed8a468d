"""`statistics`: how many messages stand where, and how fast they were sent."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications import statistics
from notifications.api import drafting, examples
from notifications.api.access import numbers_shown, sees_everything
from notifications.clock import now as clock_now
from notifications.models import Status
from rest import pages
from rest.errors import Errors
from rest.fields import PhoneField


class Query(serializers.Serializer):
    """Which messages are counted."""

    days = serializers.IntegerField(
        default=30, min_value=1, max_value=365, help_text="Today and the days before (IST), so many in all."
    )
    phone = PhoneField(required=False, help_text="In any form people type.")
    message_type = serializers.CharField(required=False, max_length=64)

    def validate_message_type(self, code: str) -> str:
        return drafting.kind_of(code)


def _count(about: str) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, help_text=about)


def _rate(about: str) -> serializers.FloatField:
    return serializers.FloatField(min_value=0, max_value=1, allow_null=True, help_text=about)


def _seconds(about: str) -> serializers.FloatField:
    return serializers.FloatField(min_value=0, allow_null=True, help_text=about)


class Figures(serializers.Serializer):
    """How many messages, and where they stand now."""

    total = _count("All that were queued.")
    accepted = _count("MyOperator took it: sent, delivered or read.")
    arrived = _count("It is on the phone: delivered or read.")
    success_rate = _rate("Accepted, of accepted, failed and expired.")
    delivery_rate = _rate("Arrived, of accepted.")
    read_rate = _rate("Read, of accepted.")
    average_send_seconds = _seconds("From queued to first accepted, of all that ever were.")
    p95_send_seconds = _seconds(
        "Within which 95 % of them were accepted. Of given numbers (`phone`, or a customer's own) exact; of "
        "everybody's messages from counts by steps of a fifth, so within 20 % (most often 5 %), or 0.05 s where "
        "it is shorter than that. Then 86400 is a day or more."
    )

    cost = serializers.DecimalField(
        max_digits=18,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text="Rupees, of all that were ever accepted, by their category's price at that time. Only for staff.",
    )

    def get_fields(self) -> dict[str, Any]:
        """With one for each status, after the total."""
        total, *others = super().get_fields().items()
        return dict([total, *((str(s), _count(f"Stand as {s} now.")) for s in Status), *others])


class FiguresOfKind(Figures):
    message_type = serializers.CharField()


class FiguresOfDay(Figures):
    date = serializers.DateField(help_text="The day (IST) they were queued.")


class StatisticsSerializer(Figures):
    """The figures of all together, of each kind, and of each day."""

    days = serializers.IntegerField(min_value=1, max_value=365)
    until = serializers.DateField(help_text="Today, in India.")
    by_kind = FiguresOfKind(many=True, help_text="Kinds that had a message.")
    by_day = FiguresOfDay(many=True, help_text="Every day, the oldest first.")

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.DateField(help_text="The first day.")}


class Statistics(APIView):
    """Of everybody's messages for staff with the permission; for a customer, of those of their own numbers."""

    @extend_schema(
        operation_id="statistics",
        summary="Statistics",
        parameters=[Query],
        responses={
            200: OpenApiResponse(StatisticsSerializer, "The figures.", examples=examples.STATISTICS),
            404: OpenApiResponse(Errors, "This number is not yours."),
        },
    )
    def get(self, request: Request) -> Response:
        """How many messages were queued on these days, where they stand now, and how fast they were sent.

        The counts of the statuses add up to `total`. A message belongs to the day (IST) it was queued, whenever it
        was sent. Rates are between 0 and 1, and null where there is nothing to divide by.
        """
        asked = Query(data=pages.given(request))
        asked.is_valid(raise_exception=True)
        return Response(_report(request.user, **asked.validated_data))


def _report(
    user: object, days: int, phone: str | None = None, message_type: str | None = None
) -> dict[str, Any]:
    span = statistics.Span.until(clock_now(), days)
    found = statistics.report(span, message_type, numbers_shown(user, phone))
    staff = sees_everything(user)
    for figures in (found, *found["by_kind"], *found["by_day"]):
        cost = figures.pop("cost")
        if staff:  # what messages cost us is nobody else's business
            figures["cost"] = str(cost)
    return {"days": days, "from": span.first, "until": span.last, **found}
