"""`/api/orders`: placing an order, and the list of orders. For staff with Django's permissions."""

import re

from django.core.exceptions import ValidationError as Refused
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import DjangoModelPermissions

from orders import actions
from orders.models import Customer, Order, OrderItem, Product
from orders.models.subscription import MOST

MOST_ITEMS = 100
BAD_REQUEST = "#/components/schemas/BadRequest"
ID = re.compile("[0-9]{1,18}")


class StaffWithPermission(DjangoModelPermissions):
    """Staff who may do the same to this model in admin, looking included."""

    perms_map = DjangoModelPermissions.perms_map | {"GET": ["%(app_label)s.view_%(model_name)s"]}

    def has_permission(self, request, view):
        return request.user.is_staff and super().has_permission(request, view)


class ItemSerializer(serializers.ModelSerializer):
    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.all())
    quantity = serializers.IntegerField(min_value=1, max_value=MOST)

    class Meta:
        model = OrderItem
        fields = ("product", "quantity", "price")
        read_only_fields = ("price",)


class OrderSerializer(serializers.ModelSerializer):
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())
    items = ItemSerializer(many=True, allow_empty=False, max_length=MOST_ITEMS)

    class Meta:
        model = Order
        fields = ("id", "customer", "kind", "delivery_date", "status", "total", "items", "created_at")
        read_only_fields = ("kind", "status", "total", "created_at")

    def create(self, validated):
        items = [(item["product"], item["quantity"]) for item in validated["items"]]
        by = self.context["request"].user
        try:
            return actions.place_order(validated["customer"], validated["delivery_date"], items, placed_by=by)
        except Refused as error:
            raise serializers.ValidationError(serializers.as_serializer_error(error)) from error


class BadCursor(serializers.ValidationError):
    def __init__(self) -> None:
        super().__init__({"cursor": "Take it from a page's `next` or `previous`."}, "bad_cursor")


class Newest(CursorPagination):
    ordering = "-id"
    page_size = 50

    def decode_cursor(self, request):
        """A cursor as a page gave it. Raises ValidationError: the framework's own answer would be 404, or 500."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise BadCursor from error
        if cursor and cursor.position is not None and not ID.fullmatch(cursor.position):
            raise BadCursor
        return cursor


@extend_schema_view(
    get=extend_schema(responses={200: OrderSerializer(many=True), 400: {"$ref": BAD_REQUEST}})
)
class Orders(generics.ListCreateAPIView):
    """List orders, the newest first, or place one: it is confirmed and announced at once."""

    queryset = Order.objects.prefetch_related("items")
    serializer_class = OrderSerializer
    permission_classes = (StaffWithPermission,)
    pagination_class = Newest
