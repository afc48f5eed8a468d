"""`/api/subscriptions`: what is brought again and again, and when not."""

from datetime import date
from typing import Any

from drf_spectacular.utils import (
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import actions, days, overrides
from orders.api import examples
from orders.api.access import CustomersRows
from orders.api.fields import ShopSerializer
from orders.api.subscription_days import OrderedSerializer, OverrideSerializer, PauseSerializer
from orders.coming import next_deliveries
from orders.models import Subscription
from rest.errors import stands
from rest.fields import Whole
from rest.filters import Filters, Id
from rest.idempotency import PARAMETER, Key
from rest.rows import Changed

LASTING = ("customer", "product", "start")
CANCELLED = stands(
    "The subscription is cancelled, which is final.", "This subscription is cancelled. Start a new one."
)


class ForeseenList(serializers.ListSerializer):
    """A page of subscriptions, whose next deliveries are looked up together."""

    def to_representation(self, data: Any) -> Any:
        rows = list(data)
        self.context["foreseen"] = next_deliveries(rows)
        return super().to_representation(rows)


@extend_schema_serializer(examples=examples.SUBSCRIPTION)
class SubscriptionSerializer(ShopSerializer):
    """What is brought again and again to one customer."""

    weekdays = serializers.ListField(
        child=Whole(min_value=0, max_value=6),
        required=False,
        max_length=7,
        help_text="Monday is 0. For `custom_days`, and for `weekly` (left out: the weekday it starts on).",
    )
    pauses = serializers.SerializerMethodField(help_text="Present and coming ones, the next first.")
    next_delivery = serializers.SerializerMethodField(
        help_text="The day that is brought next, which may be later than `start`: what is asked for after a day's "
        "cut-off, the evening before, comes too late for it. Today until it is delivered. Null: none within a year."
    )

    class Meta:
        model = Subscription
        list_serializer_class = ForeseenList
        fields = (
            "id", "customer", "product", "quantity", "pattern", "weekdays", "start", "end", "status", "pauses",
            "next_delivery", "created_at",
        )  # fmt: skip
        read_only_fields = ("status", "created_at")
        named = {
            "subscription_end_after_start": "end",
            "subscription_custom_has_days": "weekdays",
            "subscription_weekly_one_day": "weekdays",
        }

    @extend_schema_field(PauseSerializer(many=True))
    def get_pauses(self, subscription: Subscription) -> list[dict[str, Any]]:
        today = days.today()
        pauses = [row for row in subscription.pauses.all() if not row.resume_date or row.resume_date > today]
        return PauseSerializer(sorted(pauses, key=lambda row: row.from_date), many=True).data

    def get_next_delivery(self, subscription: Subscription) -> date | None:
        foreseen = self.context.get("foreseen")
        found = next_deliveries([subscription]) if foreseen is None else foreseen
        return found.get(subscription.pk)

    def validate_weekdays(self, weekdays: list[int]) -> list[int]:
        return sorted(set(weekdays))

    def validate_end(self, end: date | None) -> date | None:
        """An end that is over may be given again, by who sends all that they read."""
        if end and end < days.today() and not (self.instance and self.instance.end == end):
            raise serializers.ValidationError("This day is over. Choose today or a later one.")
        return end

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        why = "This stays as it is. To change it, cancel the subscription and start a new one."
        fixed = [name for name in LASTING if name in attrs] if self.instance else []
        if moved := [name for name in fixed if attrs[name] != getattr(self.instance, name)]:
            raise serializers.ValidationError(dict.fromkeys(moved, why))
        return super().validate(attrs)

    def create(self, validated_data: dict[str, Any]) -> Subscription:
        return actions.subscribe(**validated_data)

    def update(self, instance: Subscription, validated_data: dict[str, Any]) -> Subscription:
        how = {name: value for name, value in validated_data.items() if name not in LASTING}
        return actions.change(instance, **how)


class PausedSerializer(SubscriptionSerializer):
    """The subscription, and what became of the orders there were for its paused days."""

    cancelled_orders = OrderedSerializer(many=True, help_text="Nothing else was in them.")
    changed_orders = OrderedSerializer(many=True, help_text="Brought, without this subscription.")
    kept_orders = OrderedSerializer(
        many=True, help_text="Brought as ordered: it is after their day's cut-off, the evening before."
    )

    class Meta(SubscriptionSerializer.Meta):
        fields = (
            *SubscriptionSerializer.Meta.fields, "cancelled_orders", "changed_orders", "kept_orders",
        )  # fmt: skip


class SubscriptionFilter(Filters):
    customer = Id()
    product = Id()

    class Meta:
        model = Subscription
        fields = ("status", "pattern")


@extend_schema_view(
    list=extend_schema(
        operation_id="subscriptions",
        summary="Subscriptions",
        responses={200: SubscriptionSerializer(many=True)},
    ),
    retrieve=extend_schema(operation_id="subscription", summary="One subscription"),
    create=extend_schema(
        operation_id="start_subscription",
        summary="Start a subscription: the customer is told",
        parameters=[PARAMETER],
        responses={201: SubscriptionSerializer},
    ),
    partial_update=extend_schema(
        operation_id="change_subscription",
        summary="Change quantity, pattern, weekdays or end",
        description="Customer, product and start stay as they are.",
        responses={200: SubscriptionSerializer, **CANCELLED},
        examples=examples.SUBSCRIPTION_CHANGE,
    ),
)
class Subscriptions(Changed, CustomersRows):
    """What is brought again and again. `status` is how it stands today; `pauses` says which days are left out."""

    queryset = Subscription.objects.prefetch_related("pauses")
    serializer_class = SubscriptionSerializer
    filterset_class = SubscriptionFilter

    @extend_schema(
        operation_id="pause_subscription",
        summary="Pause a subscription: the customer is told",
        request=PauseSerializer,
        parameters=[PARAMETER],
        responses={200: PausedSerializer, **CANCELLED},
        examples=examples.PAUSE,
    )
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, **_: Any) -> Response:
        """Nothing is brought from `from_date` (left out: tomorrow) until the day before `resume_date`.

        Days that meet or touch a pause make that one longer; the same again, or days within one, change nothing,
        and there is no second message. What would end a pause sooner is refused: that is what resuming is for.
        """
        subscription = self.get_object()
        asked = PauseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        ordered = Key(request).once(lambda: _ordered(actions.pause(subscription, **asked.validated_data)))
        return Response(self._said(subscription.pk) | ordered)

    @extend_schema(
        operation_id="subscription_overrides",
        summary="Days that differ from the pattern",
        responses={200: OverrideSerializer(many=True)},
        examples=examples.OVERRIDES,
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=())
    def overrides(self, request: Request, **_: Any) -> Response:
        """Today's and coming ones, the next first."""
        return Response(self._differing(self.get_object()))

    @extend_schema(
        operation_id="change_subscription_day",
        summary="Bring another quantity on one day",
        request=OverrideSerializer,
        responses={200: OverrideSerializer(many=True), **CANCELLED},
        examples=examples.OVERRIDE,
    )
    @overrides.mapping.put
    def bring(self, request: Request, **_: Any) -> Response:
        """0 skips the day, null goes back to the pattern. Until the day's cut-off, the evening before.

        Answers all days that differ, as they are now.
        """
        subscription = self.get_object()
        asked = OverrideSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        day, quantity = asked.validated_data["date"], asked.validated_data["quantity"]
        return Response(self._differing(overrides.bring(subscription, day, quantity)))

    def _differing(self, subscription: Subscription) -> Any:
        coming = subscription.overrides.filter(date__gte=days.today()).order_by("date")
        return OverrideSerializer(coming, many=True).data

    @extend_schema(
        operation_id="resume_subscription",
        summary="Resume a subscription from today",
        request=None,
        parameters=[PARAMETER],
        responses={200: SubscriptionSerializer, **CANCELLED},
        examples=examples.RUNNING,
    )
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, **_: Any) -> Response:
        """All its pauses are lifted, and what was to be said of them is withdrawn. Again, nothing changes."""
        return self.done_once(actions.resume)

    @extend_schema(
        operation_id="cancel_subscription",
        summary="Cancel a subscription for good",
        request=None,
        parameters=[PARAMETER],
        responses={200: SubscriptionSerializer},
        examples=examples.ENDED,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_: Any) -> Response:
        """What was to be said of it is withdrawn. Again, nothing changes."""
        return self.done_once(actions.end)


def _ordered(paused: actions.Paused) -> dict[str, Any]:
    """What became of the orders there were for the paused days."""
    return {
        f"{name}_orders": OrderedSerializer(getattr(paused, name), many=True).data
        for name in ("cancelled", "changed", "kept")
    }
