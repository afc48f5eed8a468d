"""`health`: is it working. Cheap with a million rows in the queue, and open to everybody."""

from __future__ import annotations

import logging
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications import concerns
from notifications.api import examples
from notifications.clock import now as clock_now
from notifications.models import Channel, QueuedMessage
from notifications.models.lease import next_due
from rest.fields import MomentField, TextOrNull

logger = logging.getLogger(__name__)

REDIS_SECONDS = 0.15  # to connect, and again to answer
MOST_COUNTED = 1000


class ChannelHealth(serializers.Serializer):
    state = serializers.ChoiceField(Channel.State.choices)
    reason = TextOrNull(help_text="Why nothing is sent.")
    since = MomentField(allow_null=True)


class QueueHealth(serializers.Serializer):
    waiting = serializers.IntegerField(
        help_text=f"Messages that are not sent yet, counted up to {MOST_COUNTED}."
    )
    more = serializers.BooleanField(help_text="Whether there are more than were counted.")
    oldest_due_seconds = serializers.FloatField(help_text="For how long the oldest due message has been due.")


class HealthSerializer(serializers.Serializer):
    """`ok`: all is well. `degraded`: messages are kept and will be sent. `down`: nothing can be kept."""

    status = serializers.ChoiceField(["ok", "degraded", "down"])
    database = serializers.ChoiceField(["ok", "unreachable"])
    redis = serializers.ChoiceField(["ok", "unreachable"])
    channel = ChannelHealth(allow_null=True)
    queue = QueueHealth(allow_null=True)
    warnings = serializers.ListField(
        child=serializers.CharField(), help_text="What works today, and will cost or stop tomorrow."
    )


class Health(APIView):
    """Asked by load balancers, which have no token."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="health",
        summary="Is it working",
        auth=[],
        responses={
            200: OpenApiResponse(
                HealthSerializer, "It works.", examples=[OpenApiExample("Healthy", examples.HEALTHY)]
            ),
            503: OpenApiResponse(HealthSerializer, "The database cannot be reached."),
        },
    )
    def get(self, request: Request) -> Response:
        """200 while messages can be kept, also where they have to wait; 503 where the database is away."""
        found = {"redis": _redis(), **_database()}
        fine = found["redis"] == "ok" and found["channel"] and found["channel"]["state"] == Channel.State.OPEN
        state = "ok" if fine else "degraded" if found["database"] == "ok" else "down"
        return Response({"status": state, **found}, status=503 if state == "down" else 200)


def _database() -> dict[str, Any]:
    try:
        warnings = concerns.all_of_them(clock_now())
        return {"database": "ok", "channel": _channel(), "queue": _queue(), "warnings": warnings}
    except DatabaseError as error:
        logger.error("health: the database cannot be reached (%s)", type(error).__name__)  # noqa: TRY400
        return {"database": "unreachable", "channel": None, "queue": None, "warnings": []}


def _channel() -> dict[str, Any]:
    """A number that was never sent from has no row yet, and nothing against it."""
    channel = Channel.objects.filter(number=settings.MYOPERATOR_PHONE_NUMBER).first()
    return dict(ChannelHealth(channel or {"state": Channel.State.OPEN, "reason": "", "since": None}).data)


def _queue() -> dict[str, Any]:
    counted = QueuedMessage.objects.order_by()[: MOST_COUNTED + 1].count()
    due_at = next_due()
    late = (clock_now() - due_at).total_seconds() if due_at else 0.0
    return {
        "waiting": min(counted, MOST_COUNTED),
        "more": counted > MOST_COUNTED,
        "oldest_due_seconds": max(round(late, 3), 0.0),
    }


def _redis() -> str:
    client = redis.Redis.from_url(
        # Celery has words of its own for a socket and its database.
        settings.REDIS_URL.replace("redis+socket:", "unix:").replace("?virtual_host=", "?db="),
        socket_connect_timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return "unreachable"
    finally:
        client.close()
    return "ok"
