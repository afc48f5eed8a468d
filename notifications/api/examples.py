"""What the API's documentation shows."""

from drf_spectacular.utils import OpenApiExample

_ASKED = {
    "phone": "+919876543210",
    "message_type": "delivery_reminder",
    "context": {"delivery_date": "2026-02-01", "customer_name": "John"},
    "reference_id": "order_123",
    "immediate": True,
}
_SENT = {
    "id": "msg_42",
    "phone": "+919876543210",
    "message_type": "delivery_reminder",
    "status": "sent",
    "message_text": "Your EarlyBird delivery scheduled for February 1",
    "sent_at": "2026-01-27T10:15:30.123456+05:30",
    "reference_id": "order_123",
    "created_at": "2026-01-27T10:15:30.012345+05:30",
    "delivered_at": None,
    "read_at": None,
    "language": "en",
    "tries": 1,
    "retried": False,
    "error_code": None,
    "error": None,
    "expires_at": "2026-01-28T10:15:30.012345+05:30",
}
_UNSENT = _SENT | {"sent_at": None, "tries": 0}

SEND = [OpenApiExample("A delivery reminder", _ASKED, request_only=True)]
SENT = [
    OpenApiExample("Sent", _SENT),
    OpenApiExample(
        "The customer wants none",
        _UNSENT
        | {
            "status": "suppressed",
            "message_text": "",
            "error_code": "opted_out",
            "error": "The customer switched all messages off.",
        },
    ),
]
QUEUED = [OpenApiExample("Queued", _UNSENT | {"status": "queued"})]
HEALTHY = {
    "status": "ok",
    "database": "ok",
    "redis": "ok",
    "channel": {"state": "open", "reason": None, "since": "2026-01-27T10:15:30.123456+05:30"},
    "queue": {"waiting": 3, "more": False, "oldest_due_seconds": 0.4},
    "warnings": [],
}

_FIGURES = {
    "total": 1200,
    "queued": 3,
    "sending": 0,
    "retrying": 1,
    "uncertain": 0,
    "sent": 100,
    "delivered": 400,
    "read": 666,
    "failed": 20,
    "expired": 0,
    "suppressed": 8,
    "cancelled": 2,
    "accepted": 1166,
    "arrived": 1066,
    "success_rate": 0.9831,
    "delivery_rate": 0.9142,
    "read_rate": 0.5712,
    "average_send_seconds": 0.412,
    "p95_send_seconds": 0.873,
    "cost": "151.58",
}
STATISTICS = [
    OpenApiExample(
        "One day",
        {
            "days": 1,
            "from": "2026-01-27",
            "until": "2026-01-27",
            **_FIGURES,
            "by_kind": [{"message_type": "delivery_reminder", **_FIGURES}],
            "by_day": [{"date": "2026-01-27", **_FIGURES}],
        },
    )
]

_ASKED_LATER = {name: _ASKED[name] for name in _ASKED if name != "immediate"}
BULK = [
    OpenApiExample(
        "Two, one of them wrong",
        {"messages": [_ASKED_LATER, {"phone": "12345", "message_type": "delivery_reminder"}]},
        request_only=True,
    )
]
BULK_DONE = [
    OpenApiExample(
        "One is queued",
        {
            "queued": 1,
            "suppressed": 0,
            "failed": 0,
            "refused": 1,
            "results": [
                {"index": 0, "message": _UNSENT | {"status": "queued"}, "errors": []},
                {
                    "index": 1,
                    "message": None,
                    "errors": [
                        {
                            "code": "bad_phone",
                            "detail": "The phone number •••••• is not one we can message: give ten digits that "
                            "start with 6–9, for example 98765 43210, or + and the country code.",
                            "attr": "phone",
                        }
                    ],
                },
            ],
        },
    )
]
AGAIN = _UNSENT | {"status": "queued"}
NOT_AGAIN = [
    OpenApiExample(
        "It was delivered",
        {
            "type": "client_error",
            "errors": [
                {
                    "code": "state",
                    "detail": "It cannot be sent again. It is delivered.",
                    "attr": None,
                }
            ],
        },
    )
]
RAN = {"processed": 12, "sent": 11, "retrying": 1, "failed": 0, "under_way": 0, "remaining": 0}
WANTED = {"language": "hi", "payment": False, "quiet_from": "22:00", "quiet_until": "07:00"}
WISHES = [
    OpenApiExample(
        "No payments, quiet nights, Hindi",
        {
            "phone": "+919876543210",
            "language": "hi",
            "enabled": True,
            "order": True,
            "subscription": True,
            "delivery": True,
            "payment": False,
            "promotional": True,
            "marketing_opt_in": True,
            "marketing_opt_in_at": "2026-01-27T10:15:30.123456+05:30",
            "quiet_from": "22:00",
            "quiet_until": "07:00",
            "updated_at": "2026-01-27T10:15:30.123456+05:30",
        },
    )
]
