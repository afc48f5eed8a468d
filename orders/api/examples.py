"""What the API's documentation shows of orders and subscriptions."""

from drf_spectacular.utils import OpenApiExample

_ORDER = {
    "id": 77,
    "number": "EB-20261130-0042",
    "customer": 1,
    "kind": "one_time",
    "delivery_date": "2026-12-01",
    "status": "confirmed",
    "discount": "0.00",
    "total": "65.00",
    "items": [{"product": 1, "quantity": 2, "price": "32.50"}],
    "delivered_at": None,
    "created_at": "2026-11-30T10:15:30.123456+05:30",
}
_ORDERED = {"customer": 1, "delivery_date": "2026-12-01", "items": [{"product": 1, "quantity": 2}]}
_PAUSE = {"from_date": "2026-12-10", "resume_date": "2026-12-15", "reason": "Holiday"}
_SUBSCRIPTION = {
    "id": 12,
    "customer": 1,
    "product": 1,
    "quantity": 1,
    "pattern": "custom_days",
    "weekdays": [0, 2, 4],
    "start": "2026-12-01",
    "end": None,
    "status": "active",
    "pauses": [],
    "next_delivery": "2026-12-02",
    "created_at": "2026-11-30T10:15:30.123456+05:30",
}
_LEFT_OUT = {
    "cancelled_orders": [{"id": 78, "number": "EB-20261209-0042", "delivery_date": "2026-12-10"}],
    "changed_orders": [],
    "kept_orders": [],
}
_SUBSCRIBED = {
    name: _SUBSCRIPTION[name]
    for name in ("customer", "product", "quantity", "pattern", "weekdays", "start", "end")
}

ORDER = [
    OpenApiExample("Placed", _ORDER, response_only=True),
    OpenApiExample("Two bottles of milk", _ORDERED, request_only=True),
]
CANCELLED_ORDER = [OpenApiExample("Cancelled", _ORDER | {"status": "cancelled"}, response_only=True)]
RUNNING = [OpenApiExample("Running", _SUBSCRIPTION, response_only=True)]
_ENDED = _SUBSCRIPTION | {"status": "cancelled", "next_delivery": None}
ENDED = [OpenApiExample("Cancelled", _ENDED, response_only=True)]
SUBSCRIPTION = [
    *RUNNING,
    OpenApiExample("Milk on Monday, Wednesday and Friday", _SUBSCRIBED, request_only=True),
]
SUBSCRIPTION_CHANGE = [*RUNNING, OpenApiExample("Two from now on", {"quantity": 2}, request_only=True)]
PAUSE = [
    OpenApiExample("Paused later", _SUBSCRIPTION | {"pauses": [_PAUSE]} | _LEFT_OUT, response_only=True),
    OpenApiExample("Over the holiday", _PAUSE, request_only=True),
]
OVERRIDES = [OpenApiExample("None on one day", [{"date": "2026-12-10", "quantity": 0}], response_only=True)]
OVERRIDE = [
    *OVERRIDES,
    OpenApiExample("Skip a day", {"date": "2026-12-10", "quantity": 0}, request_only=True),
    OpenApiExample("Back to the pattern", {"date": "2026-12-10", "quantity": None}, request_only=True),
]
