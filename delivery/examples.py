"""What the API's documentation shows of deliveries."""

from drf_spectacular.utils import OpenApiExample

_DELIVERY = {
    "id": 77,
    "order": 77,
    "customer": {
        "id": 1,
        "name": "Asha Rao",
        "phone": "+919876543210",
        "address": "12, 100 Feet Road",
        "area": "Indiranagar",
    },
    "items": [{"product": 1, "name": "Cow milk", "unit": "500 ml", "quantity": 2}],
    "date": "2026-12-01",
    "slot_start": "06:00",
    "slot_end": "08:00",
    "area": "Indiranagar",
    "eta": None,
    "status": "out_for_delivery",
    "agent": 7,
    "agent_name": "Bilal",
    "agent_phone": "+919876543299",
    "delivered_at": None,
}
_ETA = {"eta": "2026-12-01T09:30:00+05:30"}
_DELIVERED = {"status": "delivered", "delivered_at": "2026-12-01T07:10:15.123456+05:30"}

DELIVERY = [OpenApiExample("On its way", _DELIVERY, response_only=True)]
DELIVERED = [OpenApiExample("Delivered", _DELIVERY | _DELIVERED, response_only=True)]
ASSIGN = [OpenApiExample("An agent", {"agent": 7}, request_only=True)]
DELAYED = [
    OpenApiExample("Half past nine", _ETA, request_only=True),
    OpenApiExample("Delayed", _DELIVERY | {"eta": "2026-12-01T09:30:00.000000+05:30"}, response_only=True),
]
