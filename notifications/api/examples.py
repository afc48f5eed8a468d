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
}
