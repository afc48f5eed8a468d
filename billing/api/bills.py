"""`/api/billing/bills`: what a customer owes for a month."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers

from billing import actions, upi
from billing.api.fields import MonthField, MonthFilter
from billing.models import Bill
from billing.sums import with_sums
from orders.api.access import CustomersRows
from orders.api.fields import ShopSerializer
from rest.filters import Day, Filters, Id
from rest.idempotency import PARAMETER
from rest.rows import MadeOnce
from rest.rupees import RupeesField, SignedSumField, SumField

GIVEN = {"customer": 1, "month": "2026-11", "amount": "1234.50", "due_date": "2026-12-05"}
MADE = GIVEN | {
    "id": 9,
    "number": "BILL-202611-0007",
    "previous_balance": "0.00",
    "charges": "1234.50",
    "adjustments": "-50.00",
    "paid": "450.00",
    "refunded": "0.00",
    "outstanding": "734.50",
    "carried_to": None,
    "upi_link": "upi://pay?pa=earlybird@okaxis&pn=EarlyBird&am=734.50&cu=INR&tn=BILL-202611-0007&tr=BILL2026110007",
    "status": "partially_paid",
    "created_at": "2026-12-01T06:00:00.123456+05:30",
}
EXAMPLES = [
    OpenApiExample("A bill", MADE, response_only=True),
    OpenApiExample("November", GIVEN, request_only=True),
]


@extend_schema_serializer(examples=EXAMPLES)
class BillSerializer(ShopSerializer):
    """One customer's month. The status follows from what was paid, and from the day it is due.

    `previous_balance` + `charges` + `adjustments` − `paid` + `refunded` is what it stands at. What is open when the
    next bill is made is carried to it, and paid there.
    """

    month = MonthField(help_text="Any day of the month is taken, and its month kept.")
    amount = RupeesField(help_text="Rupees, as it was made.")
    previous_balance = SignedSumField(help_text="Rupees from before; less than nothing is credit.")
    charges = SumField(help_text="Rupees for its orders.")
    adjustments = SignedSumField(
        source="adjusted_sum", help_text="Rupees put right, also since it was made. By hand, all of it."
    )
    paid = SumField(source="paid_sum", help_text="Rupees, all payments together.")
    refunded = SumField(source="refunded_sum", help_text="Rupees given back.")
    outstanding = SumField(source="owed", help_text="Rupees still to pay; never less than nothing.")
    upi_link = serializers.SerializerMethodField(help_text="Pays what is outstanding; empty where it cannot.")

    class Meta:
        model = Bill
        fields = (
            "id", "customer", "number", "month", "previous_balance", "charges", "adjustments", "amount", "paid",
            "refunded", "outstanding", "due_date", "status", "carried_to", "upi_link", "created_at",
        )  # fmt: skip
        read_only_fields = ("carried_to",)
        named = {"bill_once_a_month": "month"}
        validators = ()  # `named` says which field is wrong

    def get_upi_link(self, bill: Bill) -> str:
        return upi.link(bill, bill.owed)

    def create(self, validated_data: dict[str, Any]) -> Bill:
        return actions.settle(super().create(validated_data))


class BillFilter(Filters):
    customer = Id()
    number = filters.CharFilter(lookup_expr="iexact", max_length=30)
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

    queryset = with_sums(Bill.objects.all())
    serializer_class = BillSerializer
    filterset_class = BillFilter
    orderings = ("-id", "id", "-due_date", "due_date")
