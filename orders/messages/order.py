"""What a customer is told of an order. Reference: `order_<id>`."""

from datetime import timedelta

from notifications import outbox
from notifications.registry import MessageKind, Variable
from orders import days
from orders.links import to_admin
from orders.messages.customer import CUSTOMER_NAME
from orders.models import Order

ORDER_CONFIRMATION = MessageKind(
    code="order_confirmation",
    label="Order confirmed",
    cause="an order was placed",
    preference="order",
    expires=timedelta(hours=24),  # by hand; an order's own is worthless when its day ends
    answers=True,
    variables=(
        CUSTOMER_NAME,
        Variable("order_id", "text", "EB-20261122-0042", "The order's number"),
        Variable("delivery_date", "date", "2026-12-01", "The day it is brought"),
        Variable("total_amount", "money", "450.00", "What it costs, in rupees"),
    ),
    texts={
        "en": "Order #{{order_id}} confirmed",
        "hi": "ऑर्डर #{{order_id}} पक्का हो गया है",
        "kn": "ಆರ್ಡರ್ #{{order_id}} ಖಚಿತವಾಗಿದೆ",
        "ta": "ஆர்டர் #{{order_id}} உறுதி செய்யப்பட்டது",
        "te": "ఆర్డర్ #{{order_id}} నిర్ధారించబడింది",
        "mr": "ऑर्डर #{{order_id}} निश्चित झाली आहे",
    },
)

to_admin("order_", "orders_order")


def order_confirmed(order: Order):
    """Tell the customer that the order is placed; worthless when its day is over."""
    return outbox.queue(
        ORDER_CONFIRMATION.code,
        to=order.customer.phone,
        variables={
            "customer_name": order.customer.name,
            "order_id": order.number,
            "delivery_date": order.delivery_date.isoformat(),
            "total_amount": str(order.total),
        },
        reference=f"order_{order.pk}",
        key=f"order_confirmation:{order.pk}",
        expires_at=days.end_of(order.delivery_date),
        language=order.customer.language,
    )
