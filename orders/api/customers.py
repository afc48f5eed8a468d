"""`/api/customers`: who buys."""

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework.request import Request

from notifications.phones import BadPhone, e164
from orders.api.access import CustomersRows
from orders.api.fields import ShopSerializer
from orders.models import Customer
from rest.filters import Filters, Phone
from rest.idempotency import PARAMETER
from rest.rows import Changed, Rows, Search

EXAMPLE = {
    "id": 1,
    "name": "Asha Rao",
    "phone": "+919876543210",
    "language": "kn",
    "area": "Indiranagar",
    "address": "12, 100 Feet Road",
    "created_at": "2026-01-27T10:15:30.123456+05:30",
}
GIVEN = {name: EXAMPLE[name] for name in ("name", "language", "area", "address")} | {"phone": "98765 43210"}
EXAMPLES = [
    OpenApiExample("A customer", EXAMPLE, response_only=True),
    OpenApiExample("A new customer", GIVEN, request_only=True),
]


@extend_schema_serializer(examples=EXAMPLES)
class CustomerSerializer(ShopSerializer):
    """Who buys, and where it is brought."""

    class Meta:
        model = Customer
        fields = ("id", "name", "phone", "language", "area", "address", "created_at")
        extra_kwargs = {"phone": {"max_length": 40}, "address": {"max_length": 1000}}


class CustomerSearch(Search):
    """By a part of the name or of the number, or by the number in any form people type."""

    search_description = "A part of the name or of the phone number, or the number in any form people type."

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        try:
            return queryset.filter(phone=e164(request.query_params.get(self.search_param)))
        except BadPhone:
            return super().filter_queryset(request, queryset, view)


class SearchOfCustomer(CustomerSearch):
    """Rows of the customers that are found, who are looked up first; the view's `customer` leads to them."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        if not self.get_search_terms(request):
            return queryset
        found = super().filter_queryset(request, Customer.objects.all(), view)
        return queryset.filter(**{f"{view.customer}__in": found})


class CustomerFilter(Filters):
    phone = Phone()
    area = filters.CharFilter(lookup_expr="iexact", max_length=100, help_text="In capitals or not.")

    class Meta:
        model = Customer
        fields = ("language",)


@extend_schema_view(
    list=extend_schema(
        operation_id="customers",
        summary="Customers",
        responses={200: CustomerSerializer(many=True)},
    ),
    retrieve=extend_schema(operation_id="customer", summary="One customer"),
    create=extend_schema(
        operation_id="add_customer",
        summary="Add a customer",
        parameters=[PARAMETER],
        responses={201: CustomerSerializer},
    ),
    partial_update=extend_schema(
        operation_id="change_customer",
        summary="Change a customer",
        responses={200: CustomerSerializer},
    ),
)
class Customers(Changed, CustomersRows):
    """Who buys. Which sign-in user a customer is, staff say in admin."""

    queryset = Customer.objects.all()
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilter
    filter_backends = (*Rows.filter_backends[:-1], CustomerSearch)
    search_fields = ("name", "phone")
    orderings = ("-id", "id", "name", "-name")

    def owned_by(self, user: Any) -> Q:
        return Q(user=user.pk)
