"""What the API's documentation shows of deliveries."""

from drf_spectacular.utils import OpenApiExample

_DELIVERY = {
    "id": 77,
    "order": 77,
    "number": "EB-20261130-0042",
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
    "not_delivered_at": None,
    "reason": "",
    "note": "Ring twice",
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

_WHY = {"reason": "nobody_home", "note": "Rang twice, called once."}
_NOT_DELIVERED = _WHY | {"status": "not_delivered", "not_delivered_at": "2026-12-01T07:10:15.123456+05:30"}
NOT_DELIVERED_BECAUSE = [OpenApiExample("Nobody home", _WHY, request_only=True)]
NOT_DELIVERED = [OpenApiExample("Not delivered", _DELIVERY | _NOT_DELIVERED, response_only=True)]

_CANCELLED = "The delivery of order EB-20261130-0043 is cancelled."
MARK_MANY = [OpenApiExample("Two", {"ids": [77, 78]}, request_only=True)]
MARKED_MANY = [
    OpenApiExample(
        "One was cancelled",
        {
            "delivered": 1,
            "items": [
                {"id": 77, "status": "delivered", "error": None},
                {"id": 78, "status": "cancelled", "error": _CANCELLED},
            ],
        },
        response_only=True,
    )
]
_ROUTE = {"date": "2026-12-01", "area": "Indiranagar"}
ROUTE = [OpenApiExample("An area", _ROUTE, request_only=True)]
DELAY_MANY = [
    OpenApiExample("An area, to half past nine", _ROUTE | _ETA, request_only=True),
    OpenApiExample(
        "An agent's route, by half an hour",
        {"date": "2026-12-01", "agent": 7, "minutes": 30},
        request_only=True,
    ),
]
_KNOWN = "The delivery of order EB-20261130-0043 is expected at 10:00 on 01 December already."
DELAYED_MANY = [
    OpenApiExample(
        "One is expected later already",
        {"delayed": 24, "told": 24, "refused": [{"id": 78, "error": _KNOWN}]},
        response_only=True,
    )
]
SENT_OUT = [OpenApiExample("They left", {"out_for_delivery": 25}, response_only=True)]
