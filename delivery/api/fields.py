"""What the API reads and writes of deliveries."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request

from delivery.api import examples
from delivery.models import Agent, Delivery
from orders.models import Customer, OrderItem
from rest.fields import Choice, MomentField, RowId, RowSerializer, Text, TextOrNull


def read(form: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """What was asked. Raises ValidationError."""
    asked = form(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


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

    number = TextOrNull(source="order.number", read_only=True, help_text="The order's, as people say it.")
    customer = AtTheDoorSerializer(source="order.customer", read_only=True)
    items = BroughtSerializer(source="order.items", many=True, read_only=True)
    slot_start = ClockField(read_only=True)
    slot_end = ClockField(read_only=True)
    agent_name = TextOrNull(source="agent.name", read_only=True)
    agent_phone = TextOrNull(source="agent.phone", read_only=True)

    class Meta:
        model = Delivery
        fields = read_only_fields = (
            "id", "order", "number", "customer", "items", "date", "slot_start", "slot_end", "area", "eta",
            "status", "agent", "agent_name", "agent_phone", "delivered_at", "not_delivered_at", "reason", "note",
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


@extend_schema_serializer(examples=examples.NOT_DELIVERED_BECAUSE)
class NotDeliveredSerializer(serializers.Serializer):
    """Why it could not be brought."""

    reason = Choice(Delivery.Reason.choices)
    note = Text(
        max_length=200, required=False, allow_blank=True, help_text="What happened. `other` needs it."
    )
