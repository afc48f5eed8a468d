"""`/api/orders`: place, list, read and cancel orders."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import actions
from orders.api.access import CustomersRows
from orders.models import Customer, Order, OrderItem, Product
from orders.models.subscription import MOST
from rest.errors import BadRequest
from rest.fields import RowSerializer
from rest.idempotency import PARAMETER
from rest.rows import MadeOnce

MOST_ITEMS = 100


class ItemSerializer(RowSerializer):
    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.all())
    quantity = serializers.IntegerField(min_value=1, max_value=MOST)

    class Meta:
        model = OrderItem
        fields = ("product", "quantity", "price")
        read_only_fields = ("price",)


class OrderSerializer(RowSerializer):
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())
    items = ItemSerializer(many=True, allow_empty=False, max_length=MOST_ITEMS)

    class Meta:
        model = Order
        fields = (
            "id", "customer", "kind", "delivery_date", "status", "total", "items", "delivered_at", "created_at",
        )  # fmt: skip
        read_only_fields = ("kind", "status", "total", "delivered_at", "created_at")

    def create(self, validated_data: dict[str, Any]) -> Order:
        items = [(item["product"], item["quantity"]) for item in validated_data["items"]]
        return actions.place_order(
            validated_data["customer"],
            validated_data["delivery_date"],
            items,
            placed_by=self.context["request"].user,
        )


class OrderFilter(filters.FilterSet):
    delivery_from = filters.DateFilter("delivery_date", "gte")
    delivery_until = filters.DateFilter("delivery_date", "lte")

    class Meta:
        model = Order
        fields = ("customer", "status", "kind", "delivery_date")


@extend_schema_view(
    list=extend_schema(operation_id="orders", summary="Orders", responses={400: BadRequest}),
    retrieve=extend_schema(operation_id="order", summary="One order"),
    create=extend_schema(
        operation_id="place_order",
        summary="Place an order: it is confirmed and announced at once",
        parameters=[PARAMETER],
    ),
)
class Orders(MadeOnce, CustomersRows):
    """What is brought on one day to one customer."""

    queryset = Order.objects.prefetch_related("items")
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    orderings = ("-id", "id", "-delivery_date", "delivery_date")

    @extend_schema(operation_id="cancel_order", summary="Cancel an order", request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_: Any) -> Response:
        """Its delivery goes with it, and what was to be said of it. Again, nothing changes; delivered: 409."""
        order = actions.cancel(self.get_object())
        return Response(self.get_serializer(order).data)
