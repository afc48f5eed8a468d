"""What delivery tells customers: its kinds of message, and one function for each that sends it for a row.

Reference: `order_<id>`, the order that is brought.
"""

from datetime import timedelta

from django.conf import settings

from delivery.models import Delivery
from notifications import outbox
from notifications.registry import MessageKind, Variable, register
from orders.messages import CUSTOMER_NAME

DELIVERY_REMINDER = MessageKind(
    code="delivery_reminder",
    label="Delivery tomorrow",
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
        "kn": "ನಿಮ್ಮ EarlyBird ಡೆಲಿವರಿ {{delivery_date}} ರಂದು ನಿಗದಿಯಾಗಿದೆ",
        "ta": "உங்கள் EarlyBird டெலிவரி {{delivery_date}} அன்று திட்டமிடப்பட்டுள்ளது",
        "te": "మీ EarlyBird డెలివరీ {{delivery_date}} నాడు ఉంటుంది",
        "mr": "तुमची EarlyBird डिलिव्हरी {{delivery_date}} रोजी ठरली आहे",
    },
)
DELIVERY_CONFIRMED = MessageKind(
    code="delivery_confirmed",
    label="Delivered",
    preference="delivery",
    expires=timedelta(hours=24),
    variables=(
        CUSTOMER_NAME,
        Variable("delivery_date", "date", "2026-12-01", "The day it was brought"),
        Variable("order_id", "text", "77", "The order's number"),
    ),
    texts={
        "en": "✓ Delivery Confirmed for {{delivery_date}}",
        "hi": "✓ {{delivery_date}} की डिलीवरी हो गई",
        "kn": "✓ {{delivery_date}} ರ ಡೆಲಿವರಿ ಖಚಿತವಾಗಿದೆ",
        "ta": "✓ {{delivery_date}} டெலிவரி உறுதி செய்யப்பட்டது",
        "te": "✓ {{delivery_date}} డెలివరీ నిర్ధారించబడింది",
        "mr": "✓ {{delivery_date}} ची डिलिव्हरी झाली",
    },
)
DELIVERY_DELAYED = MessageKind(
    code="delivery_delayed",
    label="Delivery late",
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
    return outbox.queue(
        DELIVERY_REMINDER.code,
        to=delivery.order.customer.phone,
        variables={
            "customer_name": delivery.order.customer.name,
            "delivery_date": str(delivery.date),
            "area": delivery.area,
        },
        reference=f"order_{delivery.order_id}",
        key=f"delivery_reminder:{delivery.pk}:{delivery.date}",
        expires_at=delivery.slot_starts_at,
        language=delivery.order.customer.language,
    )


def delivery_confirmed(delivery: Delivery):
    """Tell the customer that it is there."""
    return outbox.queue(
        DELIVERY_CONFIRMED.code,
        to=delivery.order.customer.phone,
        variables={
            "customer_name": delivery.order.customer.name,
            "delivery_date": str(delivery.date),
            "order_id": str(delivery.order_id),
        },
        reference=f"order_{delivery.order_id}",
        key=f"delivery_confirmed:{delivery.pk}",
        language=delivery.order.customer.language,
    )


def delivery_delayed(delivery: Delivery):
    """Tell the customer the new ETA, once for each; worthless two hours after it."""
    eta = delivery.eta.isoformat()
    # Who has no agent yet is called by the shop, not by nobody: WhatsApp refuses an empty value.
    agent_phone = delivery.agent.phone if delivery.agent else settings.MYOPERATOR_PHONE_NUMBER
    return outbox.queue(
        DELIVERY_DELAYED.code,
        to=delivery.order.customer.phone,
        variables={
            "customer_name": delivery.order.customer.name,
            "eta_time": eta,
            "delivery_boy_phone": agent_phone,
        },
        reference=f"order_{delivery.order_id}",
        key=f"delivery_delayed:{delivery.pk}:{eta}",
        expires_at=delivery.eta + DELIVERY_DELAYED.expires,
        language=delivery.order.customer.language,
    )
