"""`/api/orders`: place, list, read and cancel orders."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import actions
from orders.api import examples
from orders.api.access import CustomersRows
from orders.api.fields import ShopSerializer
from orders.models import Order, OrderItem
from rest.errors import stands
from rest.filters import Day, Filters, Id
from rest.idempotency import PARAMETER
from rest.rows import MadeOnce

MOST_ITEMS = 100
DELIVERED = stands("The order is delivered already.", "Order EB-20261130-0042 is delivered already.")


class ItemSerializer(ShopSerializer):
    """So many of one product, at the price of the day of the order."""

    class Meta:
        model = OrderItem
        fields = ("product", "quantity", "price")
        extra_kwargs = {"quantity": {"required": True}}


@extend_schema_serializer(examples=examples.ORDER)
class OrderSerializer(ShopSerializer):
    """What is brought on one day to one customer. Money is in rupees, as text: `65.00`."""

    items = ItemSerializer(many=True, allow_empty=False, max_length=MOST_ITEMS)

    class Meta:
        model = Order
        fields = (
            "id", "number", "customer", "kind", "delivery_date", "status", "discount", "total", "items",
            "delivered_at", "created_at",
        )  # fmt: skip

    def validate_items(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One product, one item: twice is a slip, or a quantity that nobody meant."""
        seen: set[int] = set()
        errors = [_again(item["product"].pk, seen) for item in items]
        if any(errors):
            raise serializers.ValidationError(errors)
        return items

    def create(self, validated_data: dict[str, Any]) -> Order:
        items = [(item["product"], item["quantity"]) for item in validated_data["items"]]
        return actions.place_order(
            validated_data["customer"],
            validated_data["delivery_date"],
            items,
            placed_by=self.context["request"].user,
        )


def _again(product: int, seen: set[int]) -> dict[str, list[str]]:
    why = "This product is in the order already. Give one item with the whole quantity."
    found = {"product": [why]} if product in seen else {}
    seen.add(product)
    return found


class OrderFilter(Filters):
    number = filters.CharFilter(max_length=30, help_text="The whole number: `EB-20261130-0042`.")
    customer = Id()
    product = Id(method="with_product")
    delivery_date = Day()
    delivery_from = Day("delivery_date", "gte")
    delivery_until = Day("delivery_date", "lte")

    class Meta:
        model = Order
        fields = ("status", "kind")

    def with_product(self, rows: QuerySet, _: str, product: int) -> QuerySet:
        return rows.filter(Exists(OrderItem.objects.filter(order=OuterRef("pk"), product=product)))


@extend_schema_view(
    list=extend_schema(operation_id="orders", summary="Orders", responses={200: OrderSerializer(many=True)}),
    retrieve=extend_schema(operation_id="order", summary="One order"),
    create=extend_schema(
        operation_id="place_order",
        summary="Place an order: it is confirmed and announced at once",
        parameters=[PARAMETER],
        responses={201: OrderSerializer},
    ),
)
class Orders(MadeOnce, CustomersRows):
    """What is brought on one day to one customer."""

    queryset = Order.objects.prefetch_related("items")
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    orderings = ("-id", "id", "-delivery_date", "delivery_date")

    @extend_schema(
        operation_id="cancel_order",
        summary="Cancel an order",
        request=None,
        parameters=[PARAMETER],
        responses={200: OrderSerializer, **DELIVERED},
        examples=examples.CANCELLED_ORDER,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_: Any) -> Response:
        """Its delivery goes with it, and what was to be said of it. Again, nothing changes; delivered: 409."""
        return self.done_once(actions.cancel)
