"""The days of a subscription that differ: pauses, what was ordered for them, other quantities."""

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from orders import days
from orders.api.fields import ShopSerializer
from orders.models import Order, SubscriptionPause
from orders.models.subscription import MOST
from rest.fields import Whole


def ahead(day: date | None) -> date | None:
    """A day that can still be planned for, or none. Raises the API's ValidationError."""
    if day and (why := days.refusal(day)):
        raise serializers.ValidationError(why)
    return day


class PauseSerializer(ShopSerializer):
    """Days on which nothing is brought."""

    class Meta:
        model = SubscriptionPause
        fields = ("from_date", "resume_date", "reason")
        extra_kwargs = {
            "from_date": {"required": False, "help_text": "Left out: tomorrow."},
            "resume_date": {"help_text": "The first day that is brought again. Null: until resumed."},
        }
        named = {"pause_resumes_after_it_began": "resume_date"}

    def validate_from_date(self, day: date) -> date | None:
        return ahead(day)

    def validate_resume_date(self, day: date | None) -> date | None:
        return ahead(day)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return super().validate({"from_date": days.today() + timedelta(days=1), **attrs})


class OrderedSerializer(ShopSerializer):
    """An order that there was for a day that is paused."""

    class Meta:
        model = Order
        fields = ("id", "number", "delivery_date")


class OverrideSerializer(serializers.Serializer):
    """What is brought on one day, in place of what the pattern says."""

    date = serializers.DateField()
    quantity = Whole(
        min_value=0,
        max_value=MOST,
        allow_null=True,
        help_text="0: nothing. Null: as the pattern says, which is never in an answer.",
    )
