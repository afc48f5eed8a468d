"""`/api/billing/bills`: what a customer owes for a month."""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view

from billing import actions
from billing.api.fields import MonthField, MonthFilter
from billing.models import Bill, Payment
from orders.api.access import CustomersRows
from orders.api.fields import ShopSerializer
from rest.filters import Day, Id
from rest.idempotency import PARAMETER
from rest.rows import MadeOnce
from rest.rupees import RupeesField, SumField

RUPEES = DecimalField(max_digits=20, decimal_places=2)
_PAID = Payment.objects.filter(bill=OuterRef("pk")).order_by().values("bill").values_list(Sum("amount"))
# Named apart from the model's `paid` and `outstanding`, which ask for one bill at a time.
WITH_SUMS = Bill.objects.annotate(
    paid_sum=Coalesce(Subquery(_PAID, output_field=RUPEES), Decimal(0), output_field=RUPEES)
).annotate(owed=Greatest(F("amount") - F("paid_sum"), Decimal(0), output_field=RUPEES))

GIVEN = {"customer": 1, "month": "2026-11", "amount": "1234.50", "due_date": "2026-12-05"}
MADE = GIVEN | {
    "id": 9,
    "paid": "450.00",
    "outstanding": "784.50",
    "status": "partially_paid",
    "created_at": "2026-12-01T06:00:00.123456+05:30",
}
EXAMPLES = [
    OpenApiExample("A bill", MADE, response_only=True),
    OpenApiExample("November", GIVEN, request_only=True),
]


@extend_schema_serializer(examples=EXAMPLES)
class BillSerializer(ShopSerializer):
    """One customer's month. The status follows from what was paid, and from the day it is due."""

    month = MonthField(help_text="Any day of the month is taken, and its month kept.")
    amount = RupeesField(help_text="Rupees.")
    paid = SumField(source="paid_sum", help_text="Rupees, all payments together.")
    outstanding = SumField(source="owed", help_text="Rupees still to pay; never less than nothing.")

    class Meta:
        model = Bill
        fields = (
            "id", "customer", "month", "amount", "paid", "outstanding", "due_date", "status", "created_at",
        )  # fmt: skip
        named = {"bill_once_a_month": "month"}
        validators = ()  # `named` says which field is wrong

    def create(self, validated_data: dict[str, Any]) -> Bill:
        return actions.settle(super().create(validated_data))


class BillFilter(filters.FilterSet):
    customer = Id()
    month = MonthFilter()
    due_from = Day("due_date", "gte")
    due_until = Day("due_date", "lte")

    class Meta:
        model = Bill
        fields = ("status",)


@extend_schema_view(
    list=extend_schema(operation_id="bills", summary="Bills", responses={200: BillSerializer(many=True)}),
    retrieve=extend_schema(operation_id="bill", summary="One bill"),
    create=extend_schema(
        operation_id="make_bill",
        summary="Make a bill; a customer has one a month",
        parameters=[PARAMETER],
        responses={201: BillSerializer},
    ),
)
class Bills(MadeOnce, CustomersRows):
    """What customers owe: all bills for staff, their own for customers."""

    queryset = WITH_SUMS
    serializer_class = BillSerializer
    filterset_class = BillFilter
    orderings = ("-id", "id", "-due_date", "due_date")
