"""`history`: the log, the newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.api import drafting
from notifications.api.access import numbers_shown
from notifications.api.messages import MessageSerializer
from notifications.clock import now as clock_now
from notifications.models import Message, Status
from rest import pages
from rest.fields import Choice, PhoneField
from rest.pages import Order, PageQuery

NEWEST = Order("created_at", descending=True)


class Filters(PageQuery):
    """Which messages, and how many."""

    reference_id = serializers.CharField(required=False, max_length=100, help_text="For example `order_77`.")
    status = Choice(Status.choices, required=False)
    message_type = serializers.CharField(required=False, max_length=64)
    days = serializers.IntegerField(required=False, min_value=1, max_value=365, help_text="Not older than.")
    retried = serializers.BooleanField(required=False, help_text="Tried more than once, or not.")

    def validate_message_type(self, code: str) -> str:
        return drafting.kind_of(code)


class FiltersWithPhone(Filters):
    """The same, and whose."""

    phone = PhoneField(required=False, help_text="In any form people type.")


class HistoryPage(serializers.Serializer):
    """Messages, the newest first, and where the others are."""

    next = serializers.URLField(allow_null=True, help_text="Older messages.")
    previous = serializers.URLField(allow_null=True, help_text="Newer messages.")
    results = MessageSerializer(many=True)


class History(APIView):
    """Everybody's messages for staff with the permission; for a customer, those of their own numbers."""

    @extend_schema(
        operation_id="history", summary="Messages", parameters=[FiltersWithPhone], responses=HistoryPage
    )
    def get(self, request: Request) -> Response:
        """Messages, the newest first. Somebody else's number answers 404."""
        return _answer(request, _valid(request))


class HistoryOfPhone(APIView):
    """One number's messages."""

    @extend_schema(
        operation_id="history_of_phone",
        summary="One number's messages",
        parameters=[Filters],
        responses=HistoryPage,
    )
    def get(self, request: Request, phone: str) -> Response:
        """One number's messages, the newest first. The number may be written in any form people type."""
        return _answer(request, _valid(request, phone=phone))


def _valid(request: Request, **path: str) -> dict[str, Any]:
    asked = FiltersWithPhone(data=pages.given(request) | path)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


def _answer(request: Request, wanted: dict[str, Any]) -> Response:
    parts = parts_of(wanted, numbers_shown(request.user, wanted.get("phone")))
    cursor = pages.read_cursor(wanted.get("cursor"), NEWEST, Message)
    found = pages.page(parts, NEWEST, cursor, wanted["skip"], wanted["limit"])
    return pages.answer(request, found, MessageSerializer(found.rows, many=True).data)


def parts_of(wanted: dict[str, Any], phones: set[str] | None) -> list[QuerySet[Message]]:
    """The wanted messages of each of these numbers; None: of all together."""
    rows = _filtered(wanted)
    return [rows] if phones is None else [rows.filter(phone=phone) for phone in sorted(phones)]


def _filtered(wanted: dict[str, Any]) -> QuerySet[Message]:
    rows = Message.objects.defer("variables")
    for name, field in {"reference_id": "reference_id", "status": "status", "message_type": "kind"}.items():
        if name in wanted:
            rows = rows.filter(**{field: wanted[name]})
    if "days" in wanted:
        rows = rows.filter(created_at__gte=clock_now() - timedelta(days=wanted["days"]))
    if "retried" in wanted:
        rows = rows.filter(tries__gt=1) if wanted["retried"] else rows.filter(tries__lte=1)
    return rows
