"""What delivery tells customers: its kinds of message, and one function for each that sends it for a row.

Reference: `order_<id>`, the order that is brought.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings

from delivery.models import Delivery
from notifications import outbox
from notifications.registry import MessageKind, Variable, register
from orders.messages import CUSTOMER_NAME

DELIVERY_REMINDER = MessageKind(
    code="delivery_reminder",
    label="Delivery tomorrow",
    cause="a delivery comes the next day (the nightly run)",
    preference="delivery",
    hours="reminder",
    expires=timedelta(hours=12),  # by hand; a delivery's own is worthless when its slot begins
    variables=(
        CUSTOMER_NAME,
        Variable("delivery_date", "date", "2026-12-01", "The day it is brought"),
        Variable("area", "text", "Indiranagar", "Where the customer lives"),
    ),
    texts={
        "en": "Your EarlyBird delivery scheduled for {{delivery_date}}",
        "hi": "आपकी EarlyBird डिलीवरी {{delivery_date}} को तय है",
        "kn": "ನಿಮ್ಮ EarlyBird ಡೆಲಿವರಿ ನಿಗದಿಯಾಗಿದೆ: {{delivery_date}}",
        "ta": "உங்கள் EarlyBird டெலிவரி {{delivery_date}} அன்று திட்டமிடப்பட்டுள்ளது",
        "te": "మీ EarlyBird డెలివరీ {{delivery_date}} నాడు ఉంటుంది",
        "mr": "तुमची EarlyBird डिलिव्हरी {{delivery_date}} रोजी ठरली आहे",
    },
)
DELIVERY_CONFIRMED = MessageKind(
    code="delivery_confirmed",
    label="Delivered",
    cause="a delivery was marked delivered",
    preference="delivery",
    expires=timedelta(hours=24),
    variables=(
        CUSTOMER_NAME,
        Variable("delivery_date", "date", "2026-12-01", "The day it was brought"),
        Variable("order_id", "text", "EB-20261201-0042", "The order's number"),
    ),
    texts={
        "en": "✓ Delivery Confirmed for {{delivery_date}}",
        "hi": "✓ {{delivery_date}} की डिलीवरी हो गई",
        "kn": "✓ ಡೆಲಿವರಿ ಖಚಿತವಾಗಿದೆ: {{delivery_date}}",
        "ta": "✓ {{delivery_date}} டெலிவரி உறுதி செய்யப்பட்டது",
        "te": "✓ {{delivery_date}} డెలివరీ నిర్ధారించబడింది",
        "mr": "✓ {{delivery_date}}ची डिलिव्हरी झाली",
    },
)
DELIVERY_DELAYED = MessageKind(
    code="delivery_delayed",
    label="Delivery late",
    cause="a delivery's time moved later",
    preference="delivery",
    urgent=True,
    expires=timedelta(hours=2),  # by hand; a delivery's own counts from its ETA
    variables=(
        CUSTOMER_NAME,
        Variable("eta_time", "time", "08:30", "When it will be there"),
        Variable("delivery_boy_phone", "phone", "+919876543299", "Who brings it"),
    ),
    texts={
        "en": "⏰ Delivery ETA: {{eta_time}}",
        "hi": "⏰ डिलीवरी का अनुमानित समय: {{eta_time}}",
        "kn": "⏰ ಡೆಲಿವರಿಯ ಅಂದಾಜು ಸಮಯ: {{eta_time}}",
        "ta": "⏰ டெலிவரி வரும் நேரம்: {{eta_time}}",
        "te": "⏰ డెలివరీ అంచనా సమయం: {{eta_time}}",
        "mr": "⏰ डिलिव्हरीची अंदाजे वेळ: {{eta_time}}",
    },
)
KINDS = (DELIVERY_REMINDER, DELIVERY_CONFIRMED, DELIVERY_DELAYED)
register(*KINDS)


def delivery_reminder(delivery: Delivery):
    """Remind the customer of a delivery, once for its day; worthless when its slot begins."""
    return outbox.queue(DELIVERY_REMINDER.code, **reminder_of(delivery))


def deliveries_reminded(deliveries: Iterable[Delivery]) -> int:
    """Remind of many. Returns how many reminders are new."""
    return _many(DELIVERY_REMINDER, reminder_of, deliveries)


def delivery_confirmed(delivery: Delivery):
    """Tell the customer that it is there: once for all deliveries of their day, by the first."""
    return outbox.queue(DELIVERY_CONFIRMED.code, **confirmation_of(delivery))


def deliveries_confirmed(deliveries: Iterable[Delivery]) -> int:
    return _many(DELIVERY_CONFIRMED, confirmation_of, deliveries)


def delivery_delayed(delivery: Delivery):
    """Tell the customer the new ETA, once for each; worthless two hours after it."""
    return outbox.queue(DELIVERY_DELAYED.code, **_delayed(delivery))


def deliveries_delayed(deliveries: Iterable[Delivery]) -> int:
    return _many(DELIVERY_DELAYED, _delayed, deliveries)


def _many(kind: MessageKind, given: Callable[[Delivery], dict], deliveries: Iterable[Delivery]) -> int:
    """For rows written by `update`, which no signal tells of. So EARLYBIRD_NOTIFY is asked here too."""
    if not settings.EARLYBIRD_NOTIFY:
        return 0
    return outbox.queue_many(kind.code, (outbox.Item(**given(delivery)) for delivery in deliveries))


def _about(delivery: Delivery, **variables: str) -> dict:
    """What the outbox takes for every kind."""
    customer = delivery.order.customer
    return {
        "to": customer.phone,
        "variables": {"customer_name": customer.name} | variables,
        "reference": f"order_{delivery.order_id}",
        "language": customer.language,
    }


def reminder_of(delivery: Delivery) -> dict:
    """What the outbox takes to remind of a delivery."""
    return _about(delivery, delivery_date=str(delivery.date), area=delivery.area) | {
        "key": f"delivery_reminder:{delivery.pk}:{delivery.date}",
        "expires_at": delivery.slot_starts_at,
    }


def confirmation_of(delivery: Delivery) -> dict:
    """What the outbox takes to tell that it is there."""
    return _about(delivery, delivery_date=str(delivery.date), order_id=str(delivery.order.number)) | {
        "key": f"delivery_confirmed:{delivery.pk}",
        "once": f"delivery_confirmed:customer-{delivery.order.customer_id}:{delivery.date}",
    }


def _delayed(delivery: Delivery) -> dict:
    eta = delivery.eta.isoformat()
    # Who has no agent yet is called by the shop, not by nobody: WhatsApp refuses an empty value.
    agent_phone = delivery.agent.phone if delivery.agent else settings.MYOPERATOR_PHONE_NUMBER
    return _about(delivery, eta_time=eta, delivery_boy_phone=agent_phone) | {
        "key": f"delivery_delayed:{delivery.pk}:{eta}",
        "expires_at": delivery.eta + DELIVERY_DELAYED.expires,
    }
