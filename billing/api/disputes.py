"""`/api/billing/disputes`: what customers say is wrong, and how it was settled."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing import actions
from billing.models import Bill, Dispute
from orders.api.access import CustomersRows
from orders.api.fields import ShopSerializer
from orders.models import Order
from rest.access import Access, may
from rest.errors import stands
from rest.fields import BIGGEST, RowId, Text, Whole
from rest.filters import Filters, Id
from rest.idempotency import PARAMETER
from rest.rows import MadeOnce
from rest.rupees import ReceivedField, SignedSumField

GIVEN = {"order": 77, "what": "damaged", "words": "Two of the bottles were broken."}
MADE = GIVEN | {
    "id": 5,
    "customer": 1,
    "bill": None,
    "status": "open",
    "outcome": "",
    "reason": "",
    "adjustment": None,
    "redelivery": None,
    "opened_at": "2026-12-01T07:40:01.123456+05:30",
    "settled_at": None,
}
CREDIT = {"amount": "65.00", "reason": "Two bottles were broken"}
SETTLED = MADE | {
    "status": "settled",
    "outcome": "adjustment",
    "reason": CREDIT["reason"],
    "adjustment": "-65.00",
    "settled_at": "2026-12-01T09:00:01.123456+05:30",
}
REFUSED = MADE | {
    "status": "refused",
    "outcome": "refusal",
    "reason": "The photo shows another shop's bottles",
    "settled_at": "2026-12-01T09:00:01.123456+05:30",
}
EXAMPLES = [
    OpenApiExample("Open", MADE, response_only=True),
    OpenApiExample("Broken bottles", GIVEN, request_only=True),
]
OVER = stands("It is settled already, in another way.", "This dispute is settled already: refusal.")


@extend_schema_serializer(examples=EXAMPLES)
class DisputeSerializer(ShopSerializer):
    """Something wrong with an order, or with a bill: name one of the two. One may be open about each."""

    order = RowId(queryset=Order.objects.all(), required=False, allow_null=True)
    bill = RowId(queryset=Bill.objects.all(), required=False, allow_null=True)
    adjustment = SignedSumField(
        source="adjustment.amount", default=None, allow_null=True, help_text="Rupees; − is credit."
    )

    class Meta:
        model = Dispute
        fields = (
            "id", "customer", "order", "bill", "what", "words", "status", "outcome", "reason", "adjustment",
            "redelivery", "opened_at", "settled_at",
        )  # fmt: skip
        read_only_fields = (
            "customer",
            "status",
            "outcome",
            "reason",
            "redelivery",
            "opened_at",
            "settled_at",
        )
        validators = ()  # the action says which field is wrong

    def create(self, validated_data: dict[str, Any]) -> Dispute:
        about = validated_data.get("order") or validated_data.get("bill")
        if about is None:
            raise serializers.ValidationError({"order": "Name an order or a bill, one of the two."})
        by = self.context["request"].user
        return actions.open_dispute(about.customer, **validated_data, by=by)


class SettleSerializer(serializers.Serializer):
    """`amount` and `reason` credit the customer; `delivery_date` brings the order again, and credits the old one."""

    amount = ReceivedField(required=False, help_text="Rupees to credit, at most what was charged.")
    reason = Text(required=False, max_length=300, help_text="The customer reads it on the bill.")
    delivery_date = serializers.DateField(required=False, help_text="The day to bring it again.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("amount" in attrs) == ("delivery_date" in attrs):
            raise serializers.ValidationError(
                {"amount": "Give an amount, or a delivery date, one of the two."}
            )
        if "amount" in attrs and "reason" not in attrs:
            raise serializers.ValidationError({"reason": "Say why; the customer reads it."})
        return attrs


class RefuseSerializer(serializers.Serializer):
    """Why nothing is changed."""

    reason = Text(max_length=300)


class DisputeAccess(Access):
    """As for all rows, and customers may say what is wrong with their own orders and bills."""

    def has_permission(self, request: Request, view: Any) -> bool:
        opens = request.user.is_authenticated and not request.user.is_staff and view.action == "create"
        return opens or super().has_permission(request, view)


class DisputeFilter(Filters):
    customer = Id()
    order = Id()
    bill = Id()

    class Meta:
        model = Dispute
        fields = ("status", "what", "outcome")


@extend_schema_view(
    list=extend_schema(
        operation_id="disputes", summary="Disputes", responses={200: DisputeSerializer(many=True)}
    ),
    retrieve=extend_schema(operation_id="dispute", summary="One dispute"),
    create=extend_schema(
        operation_id="open_dispute",
        summary="Say what is wrong with an order or a bill",
        parameters=[PARAMETER],
        responses={201: DisputeSerializer},
    ),
)
class Disputes(MadeOnce, CustomersRows):
    """What customers say is wrong: all of it for staff, their own for customers."""

    queryset = Dispute.objects.select_related("adjustment")
    serializer_class = DisputeSerializer
    filterset_class = DisputeFilter
    permission_classes = (DisputeAccess,)

    def _checked(self) -> Any:
        self._hide_what_is_others()
        return super()._checked()

    def _hide_what_is_others(self) -> None:
        """To a customer, another's order or bill is not there: 404, as when they ask for it."""
        user, given = self.request.user, self.request.data
        if may(user, "add", Dispute) or not isinstance(given, dict):
            return
        customer = getattr(user, "customer", None)
        for name, model in (("order", Order), ("bill", Bill)):
            pk = _id(given.get(name))
            if pk and not model.objects.filter(pk=pk, customer=customer and customer.pk).exists():
                raise Http404

    @extend_schema(
        operation_id="settle_dispute",
        summary="Settle a dispute: credit it, or bring it again",
        request=SettleSerializer,
        parameters=[PARAMETER],
        responses={200: DisputeSerializer, **OVER},
        examples=[
            OpenApiExample("Credit", CREDIT, request_only=True),
            OpenApiExample("Bring it again", {"delivery_date": "2026-12-02"}, request_only=True),
            OpenApiExample("Settled", SETTLED, response_only=True, status_codes=["200"]),
        ],
    )
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, **_: Any) -> Response:
        """Again in the same way, nothing changes; in another way: 409."""
        return self.done_once(self._settled)

    def _settled(self, dispute: Dispute) -> Dispute:
        given, by = self._given(SettleSerializer), self.request.user
        if "delivery_date" in given:
            return actions.settle_by_redelivery(dispute, given["delivery_date"], by=by)
        return actions.settle_by_adjustment(dispute, given["amount"], given["reason"], by=by)

    @extend_schema(
        operation_id="refuse_dispute",
        summary="Refuse a dispute, with a reason",
        request=RefuseSerializer,
        parameters=[PARAMETER],
        responses={200: DisputeSerializer, **OVER},
        examples=[
            OpenApiExample("Refuse", {"reason": REFUSED["reason"]}, request_only=True),
            OpenApiExample("Refused", REFUSED, response_only=True, status_codes=["200"]),
        ],
    )
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, **_: Any) -> Response:
        """Again, nothing changes; settled: 409."""
        return self.done_once(
            lambda dispute: actions.refuse(dispute, self._given(RefuseSerializer)["reason"], by=request.user)
        )

    def _given(self, form: type[serializers.Serializer]) -> dict[str, Any]:
        asked = form(data=self.request.data)
        asked.is_valid(raise_exception=True)
        return asked.validated_data


def _id(given: Any) -> int | None:
    """Of which row `RowId` would take this for the id: 77.0 is 77 in JSON. None where it refuses it."""
    try:
        return Whole(min_value=1, max_value=BIGGEST).run_validation(given)
    except serializers.ValidationError:
        return None
