"""`/api/deliveries`: what is on its way; give it to an agent, delay it, mark it delivered."""

from typing import Any

from django.db.models import Q
from django_filters import rest_framework as filters
from drf_spectacular.utils import (
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from delivery import actions, examples
from delivery.models import Agent, Delivery
from orders.api.access import CustomersRows
from orders.api.customers import SearchOfCustomer
from orders.models import Customer, OrderItem
from rest.errors import stands
from rest.fields import MomentField, RowId, RowSerializer, TextOrNull
from rest.filters import Day, Id
from rest.rows import NONE


class AtTheDoorSerializer(RowSerializer):
    """Who is brought something: what an agent needs at the door."""

    class Meta:
        model = Customer
        fields = read_only_fields = ("id", "name", "phone", "address", "area")
        extra_kwargs = {"phone": {"help_text": "E.164: `+919876543210`."}}


class BroughtSerializer(RowSerializer):
    """One thing that is brought, and how many of it."""

    name = serializers.CharField(source="product.name", read_only=True)
    unit = serializers.CharField(source="product.unit", read_only=True)

    class Meta:
        model = OrderItem
        fields = ("product", "name", "unit", "quantity")
        read_only_fields = ("product", "quantity")


@extend_schema_field({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$", "examples": ["06:00"]})
class ClockField(serializers.TimeField):
    """A time of the clock in India. JSON Schema's `time` must have an offset, so that is not what it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


@extend_schema_serializer(examples=examples.DELIVERY)
class DeliverySerializer(RowSerializer):
    """One order on its way. Without an `eta` it comes by the end of the slot."""

    customer = AtTheDoorSerializer(source="order.customer", read_only=True)
    items = BroughtSerializer(source="order.items", many=True, read_only=True)
    slot_start = ClockField(read_only=True)
    slot_end = ClockField(read_only=True)
    agent_name = TextOrNull(source="agent.name", read_only=True)
    agent_phone = TextOrNull(source="agent.phone", read_only=True)

    class Meta:
        model = Delivery
        fields = read_only_fields = (
            "id", "order", "customer", "items", "date", "slot_start", "slot_end", "area", "eta", "status",
            "agent", "agent_name", "agent_phone", "delivered_at",
        )  # fmt: skip


@extend_schema_serializer(examples=examples.ASSIGN)
class AssignSerializer(serializers.Serializer):
    """Who brings it."""

    agent = RowId(
        queryset=Agent.objects.all(), allow_null=True, required=False, help_text="Null: nobody yet."
    )


class DelaySerializer(serializers.Serializer):
    """When it will be there."""

    eta = MomentField(
        help_text="To come, and at most 2 days after the delivery's. Without an offset: in India."
    )


class DeliveryFilter(filters.FilterSet):
    date = Day()
    date_from = Day("date", "gte")
    date_until = Day("date", "lte")
    agent = Id()
    customer = Id("order__customer")
    order = Id()
    area = filters.CharFilter(lookup_expr="iexact", max_length=100, help_text="In capitals or not.")

    class Meta:
        model = Delivery
        fields = ("status",)


ONE = {200: DeliverySerializer}
MANY = {200: DeliverySerializer(many=True)}
OVER = stands(
    "It was delivered, not delivered, or cancelled with its order.", "The delivery of order #77 is cancelled."
)


@extend_schema_view(
    list=extend_schema(operation_id="deliveries", summary="Deliveries", responses=MANY),
    retrieve=extend_schema(operation_id="delivery", summary="One delivery", responses=ONE),
)
class Deliveries(CustomersRows):
    """Orders on their way: all for staff, their own for customers, those given to them for delivery agents."""

    queryset = Delivery.objects.select_related("order__customer", "agent").prefetch_related(
        "order__items__product"
    )
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    filter_backends = (*CustomersRows.filter_backends[:-1], SearchOfCustomer)
    search_fields = ("name", "phone")  # the customer's
    orderings = ("-id", "id", "-date", "date")
    customer = "order__customer"
    workers_may = frozenset({"mark_delivered", "delay"})

    def worked_by(self, user: Any) -> Q:
        agent = getattr(user, "delivery_agent", None)
        return Q(agent=agent) if agent else NONE

    @extend_schema(
        operation_id="assign_delivery",
        summary="Give a delivery to an agent",
        request=AssignSerializer,
        responses=ONE | OVER,
    )
    def partial_update(self, request: Request, **_: Any) -> Response:
        """Null takes it back. The customer is told nothing. Brought or cancelled: 409."""
        delivery = self.get_object()
        asked = _read(AssignSerializer, request)
        return self._answer(actions.assign(delivery, asked["agent"]) if "agent" in asked else delivery)

    @extend_schema(
        operation_id="mark_delivered",
        summary="Mark a delivery as delivered: the customer is told",
        request=None,
        responses=ONE | OVER,
        examples=examples.DELIVERED,
    )
    @action(detail=True, methods=["post"], url_path="mark-delivered")
    def mark_delivered(self, request: Request, **_: Any) -> Response:
        """Again, nothing changes and nothing is told. Cancelled: 409."""
        return self._answer(actions.mark_delivered(self.get_object()))

    @extend_schema(
        operation_id="delay",
        summary="Move the ETA: later than known, and the customer is told",
        request=DelaySerializer,
        responses=ONE | OVER,
        examples=examples.DELAYED,
    )
    @action(detail=True, methods=["post"])
    def delay(self, request: Request, **_: Any) -> Response:
        """The same ETA again changes nothing. An earlier one is not told. Delivered, not delivered, cancelled: 409."""
        delivery = self.get_object()
        return self._answer(actions.delay(delivery, _read(DelaySerializer, request)["eta"]))

    def _answer(self, delivery: Delivery) -> Response:
        return Response(self.get_serializer(delivery).data)


def _read(form: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    asked = form(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data
