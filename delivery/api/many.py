"""Many deliveries in one request: some by their ids, or a route."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from delivery import actions
from delivery.api import examples
from delivery.api.fields import read
from delivery.models import Agent, Delivery
from rest.fields import BIGGEST, MomentField, RowId, Text, TextOrNull, Whole
from rest.idempotency import PARAMETER, Key

MOST = 500  # deliveries marked in one request
MOST_MINUTES = 24 * 60
NOT_THERE = "There is no such delivery that you may mark."


@extend_schema_serializer(examples=examples.MARK_MANY)
class MarkManySerializer(serializers.Serializer):
    """The deliveries, by their ids."""

    ids = serializers.ListField(
        child=Whole(min_value=1, max_value=BIGGEST), allow_empty=False, max_length=MOST
    )


class MarkedSerializer(serializers.Serializer):
    """How one of them stands now, and what spoke against marking it."""

    id = serializers.IntegerField()
    status = TextOrNull(help_text="As a delivery's. Null: there is none you may mark.")
    error = TextOrNull()


@extend_schema_serializer(examples=examples.MARKED_MANY)
class MarkedManySerializer(serializers.Serializer):
    """How many of them are delivered now, and each in the order they were given."""

    delivered = serializers.IntegerField()
    items = MarkedSerializer(many=True)


@extend_schema_serializer(examples=examples.ROUTE)
class RouteSerializer(serializers.Serializer):
    """The deliveries of a day in an area, or of an agent; with both, the agent's in that area."""

    date = serializers.DateField()
    area = Text(max_length=100, required=False, help_text="In capitals or not.")
    agent = RowId(queryset=Agent.objects.all(), required=False)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not {"area", "agent"} & asked.keys():
            raise serializers.ValidationError({"area": "Name an area, or an agent."})
        return asked


@extend_schema_serializer(examples=examples.DELAY_MANY)
class DelayManySerializer(RouteSerializer):
    """A route, and how late it is: by minutes, or until a moment."""

    eta = MomentField(required=False, help_text="Without an offset: in India.")
    minutes = Whole(
        min_value=1, max_value=MOST_MINUTES, required=False, help_text="After each is expected, or from now."
    )

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if len({"eta", "minutes"} & asked.keys()) != 1:
            raise serializers.ValidationError({"minutes": "Give minutes or an eta: one of both."})
        return super().validate(asked)


class NotDelayedSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    error = serializers.CharField()


@extend_schema_serializer(examples=examples.DELAYED_MANY)
class DelayedManySerializer(serializers.Serializer):
    """How many ETAs were moved, how many messages that makes, and what stays as it is."""

    delayed = serializers.IntegerField()
    told = serializers.IntegerField()
    refused = NotDelayedSerializer(many=True)


@extend_schema_serializer(examples=examples.SENT_OUT)
class SentOutSerializer(serializers.Serializer):
    """How many were pending and are on their way now."""

    out_for_delivery = serializers.IntegerField()


class Many:
    """Staff may do these to all, agents to what is given to them."""

    @extend_schema(
        operation_id="mark_many_delivered",
        summary="Mark many deliveries as delivered: each customer is told once",
        request=MarkManySerializer,
        parameters=[PARAMETER],
        responses={200: MarkedManySerializer},
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="mark-delivered", pagination_class=None)
    def mark_many(self, request: Request, **_: Any) -> Response:
        """Up to 500 in one step. What cannot be marked is named, the others are marked all the same."""
        ids = list(dict.fromkeys(read(MarkManySerializer, request)["ids"]))
        return Response(Key(request).once(lambda: self._marked(ids)))

    def _marked(self, ids: list[int]) -> dict[str, Any]:
        outcome = actions.mark_many(self._plain_rows().filter(pk__in=ids))
        found = {one.pk: (one.status, None) for one in outcome.done}
        found |= {one.delivery.pk: (one.delivery.status, one.why) for one in outcome.refused}
        stands = ((pk, *found.get(pk, (None, NOT_THERE))) for pk in ids)
        items = [{"id": pk, "status": status, "error": why} for pk, status, why in stands]
        return {"delivered": len(outcome.done), "items": items}

    @extend_schema(
        operation_id="delay_many",
        summary="Delay a route: who is told later than they know is told",
        request=DelayManySerializer,
        parameters=[PARAMETER],
        responses={200: DelayedManySerializer},
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="delay", pagination_class=None)
    def delay_many(self, request: Request, **_: Any) -> Response:
        """What is over is left out. What is expected later already stays so, and is named. By minutes, the same request
        again delays again: give an `Idempotency-Key`.
        """
        asked = read(DelayManySerializer, request)
        return Response(Key(request).once(lambda: self._delayed(asked)))

    def _delayed(self, asked: dict[str, Any]) -> dict[str, Any]:
        how = actions.Delay(asked.get("minutes"), asked.get("eta"))
        outcome = actions.delay_many(self._route(asked), how)
        refused = [{"id": one.delivery.pk, "error": one.why} for one in outcome.refused]
        return {"delayed": len(outcome.done), "told": len(outcome.told), "refused": refused}

    @extend_schema(
        operation_id="send_out",
        summary="A route has left: its deliveries are out for delivery",
        request=RouteSerializer,
        parameters=[PARAMETER],
        responses={200: SentOutSerializer},
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="out-for-delivery", pagination_class=None)
    def send_out(self, request: Request, **_: Any) -> Response:
        """Only pending ones change. The customers are told nothing."""
        asked = read(RouteSerializer, request)
        return Response(Key(request).once(lambda: self._sent_out(asked)))

    def _sent_out(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"out_for_delivery": len(actions.send_out(self._route(asked)))}

    def _plain_rows(self) -> QuerySet[Delivery]:
        return self.to_work().select_related(None).prefetch_related(None)

    def _route(self, asked: dict[str, Any]) -> QuerySet[Delivery]:
        agent = asked.get("agent")
        route = actions.Route(asked["date"], asked.get("area"), agent.pk if agent else None)
        return self._plain_rows() & route.ahead()
