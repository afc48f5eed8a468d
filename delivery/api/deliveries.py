"""`/api/deliveries`: what is on its way; give it to an agent, delay it, mark it delivered."""

from typing import Any

from django.db.models import Q
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from delivery import actions
from delivery.api import examples
from delivery.api.fields import (
    AssignSerializer,
    DelaySerializer,
    DeliverySerializer,
    NotDeliveredSerializer,
    read,
)
from delivery.api.many import Many
from delivery.models import Delivery
from orders.api.access import CustomersRows
from orders.api.customers import SearchOfCustomer
from rest.errors import stands
from rest.filters import Day, Filters, Id
from rest.idempotency import PARAMETER
from rest.rows import NONE


class DeliveryFilter(Filters):
    date = Day()
    date_from = Day("date", "gte")
    date_until = Day("date", "lte")
    agent = Id()
    customer = Id("order__customer")
    order = Id()
    number = filters.CharFilter(
        "order__number", max_length=30, help_text="The order's whole number: `EB-20261130-0042`."
    )
    area = filters.CharFilter(lookup_expr="iexact", max_length=100, help_text="In capitals or not.")

    class Meta:
        model = Delivery
        fields = ("status",)


ONE = {200: DeliverySerializer}
MANY = {200: DeliverySerializer(many=True)}
DONE = stands(
    "It was delivered, or cancelled with its order.", "The delivery of order EB-20261130-0042 is delivered."
)
OVER = stands(
    "It was delivered, not delivered, or cancelled with its order.",
    "The delivery of order EB-20261130-0042 is cancelled.",
)


@extend_schema_view(
    list=extend_schema(operation_id="deliveries", summary="Deliveries", responses=MANY),
    retrieve=extend_schema(operation_id="delivery", summary="One delivery", responses=ONE),
)
class Deliveries(Many, CustomersRows):
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
    workers_may = frozenset(
        {"mark_delivered", "mark_not_delivered", "delay", "mark_many", "delay_many", "send_out"}
    )

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
        asked = read(AssignSerializer, request)
        given = actions.assign(delivery, asked["agent"]) if "agent" in asked else delivery
        return Response(self.get_serializer(given).data)

    @extend_schema(
        operation_id="mark_delivered",
        summary="Mark a delivery as delivered: the customer is told",
        request=None,
        parameters=[PARAMETER],
        responses=ONE | OVER,
        examples=examples.DELIVERED,
    )
    @action(detail=True, methods=["post"], url_path="mark-delivered")
    def mark_delivered(self, request: Request, **_: Any) -> Response:
        """Again, nothing changes and nothing is told. The first of a customer's day is told, the others are covered.

        Cancelled, or marked not delivered on an earlier day: 409.
        """
        return self.done_once(actions.mark_delivered)

    @extend_schema(
        operation_id="mark_not_delivered",
        summary="Mark a delivery as not delivered, with the reason",
        request=NotDeliveredSerializer,
        parameters=[PARAMETER],
        responses=ONE | DONE,
        examples=examples.NOT_DELIVERED,
    )
    @action(detail=True, methods=["post"], url_path="mark-not-delivered")
    def mark_not_delivered(self, request: Request, **_: Any) -> Response:
        """It is not billed. By mistake? Mark it delivered on the same day. Delivered or cancelled: 409."""
        return self.done_once(
            lambda delivery: actions.mark_not_delivered(delivery, **read(NotDeliveredSerializer, request))
        )

    @extend_schema(
        operation_id="delay",
        summary="Move the ETA: later than known, and the customer is told",
        request=DelaySerializer,
        parameters=[PARAMETER],
        responses=ONE | OVER,
        examples=examples.DELAYED,
    )
    @action(detail=True, methods=["post"])
    def delay(self, request: Request, **_: Any) -> Response:
        """The same ETA again changes nothing. An earlier one is not told. Delivered, not delivered, cancelled: 409."""
        return self.done_once(lambda delivery: actions.delay(delivery, read(DelaySerializer, request)["eta"]))
