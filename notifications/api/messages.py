"""`send-message`: send one message now, or queue it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications import engine, outbox, registry
from notifications.api import drafting, examples, trail
from notifications.api.access import MaySend
from notifications.api.fields import ContextField
from notifications.clock import now as clock_now
from notifications.engine import immediate
from notifications.engine.claim import Job
from notifications.models import LIVE, Message, QueuedMessage, Status
from notifications.phones import mask
from rest.fields import Choice, Flag, MomentField, PhoneField, Text, TextOrNull
from rest.idempotency import PARAMETER, Key

logger = logging.getLogger(__name__)

LASTS = timedelta(hours=24)  # a message asked for here is worthless after that, unless the caller says


class MessageSerializer(serializers.ModelSerializer):
    """One message of the log, as it is now."""

    id = serializers.CharField(source="public_id", help_text="`msg_` and a number.")
    message_type = serializers.CharField(source="kind")
    status = serializers.ChoiceField(Status.choices)
    message_text = serializers.CharField(source="text", help_text="As the customer reads it.")
    reference_id = TextOrNull()
    retried = serializers.BooleanField(help_text="Whether it was tried more than once.")
    error_code = TextOrNull()
    error = TextOrNull(help_text="Why it was not sent, in plain words.")
    created_at = MomentField(help_text="When it was queued.")
    sent_at = MomentField(allow_null=True)
    delivered_at = MomentField(allow_null=True)
    read_at = MomentField(allow_null=True)
    expires_at = MomentField(help_text="It is not sent after this.")

    class Meta:
        model = Message
        fields = (
            "id", "phone", "message_type", "status", "message_text", "sent_at", "reference_id",
            "created_at", "delivered_at", "read_at", "language", "tries", "retried",
            "error_code", "error", "expires_at",
        )  # fmt: skip


class AskedSerializer(serializers.Serializer):
    """A message that is asked for."""

    phone = PhoneField(help_text="In any form people type, for example `98765 43210`.")
    message_type = Text(max_length=64, help_text="The kind, for example `delivery_reminder`.")
    context = ContextField(  # type: ignore[assignment]  # a field, not the serializer's own context
        default=dict, allow_null=True, help_text="The values of the text's variables, by name."
    )
    reference_id = Text(max_length=100, default="", allow_blank=True, allow_null=True)
    expires_at = MomentField(
        default=None, allow_null=True, help_text="Worthless after this; by default 24 hours from now."
    )
    language = Choice(
        registry.LANGUAGES, default=None, allow_null=True, help_text="Where the customer has not chosen one."
    )

    def validate_context(self, values: dict[str, object] | None) -> dict[str, object]:
        return values or {}

    def validate_reference_id(self, text: str | None) -> str:
        return text or ""

    def validate_message_type(self, code: str) -> str:
        return drafting.sendable(code)

    def validate_expires_at(self, moment: Any) -> Any:
        return moment and drafting.check_future(moment)


class SendSerializer(AskedSerializer):
    """A message to be sent."""

    immediate = Flag(default=True, help_text="Try once within this request.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        drafting.check(attrs)
        return attrs


class SendMessage(APIView):
    """Staff's door to the outbox."""

    permission_classes = (MaySend,)

    @extend_schema(
        operation_id="send_message",
        summary="Send a message now, or queue it",
        request=SendSerializer,
        parameters=[PARAMETER],
        responses={
            200: OpenApiResponse(MessageSerializer, "What came of it.", examples=examples.SENT),
            202: OpenApiResponse(MessageSerializer, "It is queued.", examples=examples.QUEUED),
        },
        examples=examples.SEND,
    )
    def post(self, request: Request) -> Response:
        """Try once within 5 seconds (`immediate`, the default) and say what came of it, or only queue it.

        `sent`: MyOperator took it. `queued`, `retrying`, `uncertain`: it will be tried again by itself.
        `failed`, `suppressed`: `error_code` and `error` say why.
        """
        begun = time.monotonic()
        key = Key(request)
        with immediate.Place() as place:
            sending = _Sending(request.data, begun, place.taken, request.user.get_username())
            made = key.once(sending.record)
            if sending.job is not None:
                _try_now(sending.job)
        message = sending.queued or Message.objects.filter(pk=made).first()
        if message is None:
            raise Http404  # the key is younger than the message: the log has forgotten what it made
        waits = _for_later(request.data) and message.status in LIVE
        return Response(said([message])[0], status=202 if waits else 200)


def said(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Messages as they are. `sending` is a moment of the engine's; to the caller it still waits."""
    rows = MessageSerializer(messages, many=True).data
    return [row | {"status": Status.QUEUED} if row["status"] == Status.SENDING else row for row in rows]


def _for_later(data: Any) -> bool:
    return data.get("immediate") is False


def _valid(data: Any) -> dict[str, Any]:
    asked = SendSerializer(data=data)
    if not asked.is_valid():
        _log_refusal(data, asked.errors)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


def _log_refusal(data: object, errors: Mapping[str, object]) -> None:
    given = data if isinstance(data, Mapping) else {}
    if "phone" in errors:
        logger.warning("send-message refused: bad phone %s", mask(given.get("phone")))
    if "message_type" in errors:
        logger.warning("send-message refused: unknown kind %.64r", given.get("message_type"))


@dataclass
class _Sending:
    """One request: what it asks, and after `record` its message for later (as it was queued, for a worker may be
    faster than the answer) or its lease on the one to try now.
    """

    data: Any
    begun: float
    has_place: bool
    by: str
    queued: Message | None = None
    job: Job | None = None

    def record(self) -> int:
        """The id of the message, stored together with its lease."""
        asked = _valid(self.data)
        message = _queue(asked)
        trail.asked([message.pk], self.by)
        if not asked["immediate"]:
            self.queued = message
        elif message.status == Status.QUEUED:
            # Asked for now, by staff: the house's hours do not hold it, also where it has to wait its turn.
            QueuedMessage.objects.filter(pk=message.pk).update(passes_hours=True)
            self.job = immediate.take(message.pk, self.begun) if self.has_place else None
        return int(message.pk)


def _queue(asked: Mapping[str, Any]) -> Message:
    return outbox.queue(
        asked["message_type"],
        to=asked["phone"],
        variables=asked["context"],
        reference=asked["reference_id"],
        expires_at=asked["expires_at"] or clock_now() + LASTS,
        language=asked["language"],
    )


def _try_now(job: Job) -> None:
    try:
        engine.send_now(job)
    except Exception:  # the caller must not be told that nothing happened: MyOperator may have it
        logger.exception("message %s: its outcome was not recorded; the sweep will", job.claimed.message_id)
        connection.close_if_unusable_or_obsolete()
