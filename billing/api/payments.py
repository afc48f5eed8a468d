"""`/api/billing/payments`: money that was received."""

from datetime import date, time
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers

from billing.api.fields import MonthField, MonthFilter
from billing.models import Payment, at_odds
from orders import days
from orders.api.access import CustomersRows
from orders.api.fields import ShopSerializer
from rest.filters import Day, Filters, Id
from rest.idempotency import PARAMETER
from rest.rows import MadeOnce
from rest.rupees import ReceivedField

GIVEN = {"customer": 1, "amount": "450.00", "method": "upi", "month": "2026-11"}
MADE = GIVEN | {
    "id": 31,
    "transaction_id": "432109876543",
    "bill": 9,
    "paid_at": "2026-12-03T18:20:01.123456+05:30",
}
EXAMPLES = [
    OpenApiExample("A payment", MADE, response_only=True),
    OpenApiExample("By UPI", GIVEN | {"transaction_id": "432109876543"}, request_only=True),
]


@extend_schema_serializer(examples=EXAMPLES)
class PaymentSerializer(ShopSerializer):
    """Money received. Without a bill it pays the customer's bill of the month, where there is one."""

    amount = ReceivedField(help_text="Rupees, more than nothing.")
    month = MonthField(required=False, help_text="What it is for. Left out: the bill's month, or this one.")

    class Meta:
        model = Payment
        fields = ("id", "customer", "amount", "method", "transaction_id", "bill", "month", "paid_at")
        read_only_fields = ("paid_at",)
        named = {"payment_transaction_once": "transaction_id"}
        validators = ()  # `named` says which field is wrong

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        bill = attrs.get("bill")
        if bill and (errors := at_odds(bill, attrs["customer"].pk, attrs.get("month"))):
            raise serializers.ValidationError(errors)
        return super().validate(attrs)


class PaymentFilter(Filters):
    customer = Id()
    bill = Id()
    month = MonthFilter()
    paid_from = Day(method="since")
    paid_until = Day(method="until")

    class Meta:
        model = Payment
        fields = ("method",)

    def since(self, rows: QuerySet, _: str, day: date) -> QuerySet:
        return rows.filter(paid_at__gte=days.moment(day, time.min))

    def until(self, rows: QuerySet, _: str, day: date) -> QuerySet:
        """With all of that day. Not before the next one: the last of all days has none."""
        return rows.filter(paid_at__lte=days.moment(day, time.max))


@extend_schema_view(
    list=extend_schema(
        operation_id="payments", summary="Payments", responses={200: PaymentSerializer(many=True)}
    ),
    retrieve=extend_schema(operation_id="payment", summary="One payment"),
    create=extend_schema(
        operation_id="record_payment",
        summary="Record a payment: it settles its bill, and the customer is thanked",
        parameters=[PARAMETER],
        responses={201: PaymentSerializer},
    ),
)
class Payments(MadeOnce, CustomersRows):
    """What customers paid: all of it for staff, their own for customers."""

    queryset = Payment.objects.all()
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter
    orderings = ("-id", "id", "-paid_at", "paid_at")
