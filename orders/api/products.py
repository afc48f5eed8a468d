"""`/api/products`: what there is to buy."""

from datetime import date

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view

from orders import days
from orders.api.access import Catalogue
from orders.api.fields import ShopSerializer
from orders.models import Product
from rest.filters import Day, Filters, YesNo
from rest.idempotency import PARAMETER
from rest.rows import Changed, Rows
from rest.rupees import PriceField

GIVEN = {"name": "Cow milk", "unit": "500 ml", "price": "32.50", "available_from": None}
EXAMPLES = [
    OpenApiExample("A product", {"id": 1, **GIVEN}, response_only=True),
    OpenApiExample("A new product", GIVEN, request_only=True),
]


@extend_schema_serializer(examples=EXAMPLES)
class ProductSerializer(ShopSerializer):
    """What there is to buy. Money is in rupees, as text: `32.50`."""

    price = PriceField(help_text="Rupees for one unit.")

    class Meta:
        model = Product
        fields = ("id", "name", "unit", "price", "available_from")
        validators = ()  # the constraint speaks for itself, and names the field
        named = {"product_once": "name"}


def there_on(day: date) -> Q:
    return Q(available_from__isnull=True) | Q(available_from__lte=day)


class ProductFilter(Filters):
    available = YesNo(method="by_today", help_text="There today, or not yet.")
    available_on = Day(method="by_day", help_text="There on this day.")

    class Meta:
        model = Product
        fields = ()

    def by_today(self, rows: QuerySet, _: str, there: bool) -> QuerySet:
        return rows.filter(there_on(days.today()) if there else ~there_on(days.today()))

    def by_day(self, rows: QuerySet, _: str, day: date) -> QuerySet:
        return rows.filter(there_on(day))


@extend_schema_view(
    list=extend_schema(
        operation_id="products",
        summary="Products",
        responses={200: ProductSerializer(many=True)},
    ),
    retrieve=extend_schema(operation_id="product", summary="One product"),
    create=extend_schema(
        operation_id="add_product",
        summary="Add a product",
        parameters=[PARAMETER],
        responses={201: ProductSerializer},
    ),
    partial_update=extend_schema(
        operation_id="change_product",
        summary="Change a product",
        description="Orders that are placed keep the price they were placed at.",
        responses={200: ProductSerializer},
    ),
)
class Products(Changed, Rows):
    """What there is to buy. Everybody who is signed in may look."""

    permission_classes = (Catalogue,)
    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    search_fields = ("name",)
    orderings = ("-id", "id", "name", "-name")

    def theirs(self) -> QuerySet:
        """The catalogue is everybody's."""
        return Product.objects.all()
