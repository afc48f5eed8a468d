"""`/api/billing/refunds`: money that was given back."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view

from billing.models import Refund
from orders.api.access import CustomersRows
from orders.api.fields import ShopSerializer
from rest.filters import Filters, Id
from rest.idempotency import PARAMETER
from rest.rows import MadeOnce
from rest.rupees import ReceivedField

GIVEN = {"customer": 1, "amount": "50.00", "method": "upi", "payment": 31, "reason": "Paid twice"}
MADE = GIVEN | {
    "id": 4,
    "transaction_id": "432109876544",
    "bill": 9,
    "refunded_at": "2026-12-04T11:02:01.123456+05:30",
}
EXAMPLES = [
    OpenApiExample("A refund", MADE, response_only=True),
    OpenApiExample("Of one payment", GIVEN | {"transaction_id": "432109876544"}, request_only=True),
]


@extend_schema_serializer(examples=EXAMPLES)
class RefundSerializer(ShopSerializer):
    """Money given back, of one payment or of what the customer paid in all; never more than that."""

    amount = ReceivedField(help_text="Rupees, more than nothing and at most what was paid.")

    class Meta:
        model = Refund
        fields = (
            "id", "customer", "amount", "method", "transaction_id", "payment", "bill", "reason", "refunded_at",
        )  # fmt: skip
        read_only_fields = ("bill", "refunded_at")
        named = {"refund_transaction_once": "transaction_id"}
        validators = ()  # `named` says which field is wrong

    def create(self, validated_data: dict[str, Any]) -> Refund:
        return super().create(validated_data | {"by": self.context["request"].user})


class RefundFilter(Filters):
    customer = Id()
    payment = Id()
    bill = Id()

    class Meta:
        model = Refund
        fields = ("method",)


@extend_schema_view(
    list=extend_schema(
        operation_id="refunds", summary="Refunds", responses={200: RefundSerializer(many=True)}
    ),
    retrieve=extend_schema(operation_id="refund", summary="One refund"),
    create=extend_schema(
        operation_id="record_refund",
        summary="Record a refund: the customer's balance goes up by it again",
        parameters=[PARAMETER],
        responses={201: RefundSerializer},
    ),
)
class Refunds(MadeOnce, CustomersRows):
    """What customers were given back: all of it for staff, their own for customers."""

    queryset = Refund.objects.all()
    serializer_class = RefundSerializer
    filterset_class = RefundFilter
