"""What orders tells customers: its kinds of message, and one function for each that sends it for a row."""

from notifications.registry import register
from orders.messages.announcement import announcing, kind_of, stop_announcing, wordings
from orders.messages.customer import CUSTOMER_NAME
from orders.messages.order import ORDER_CONFIRMATION, order_confirmed
from orders.messages.product import NEW_PRODUCT, new_product
from orders.messages.subscription import (
    CHURN_RISK,
    PAUSE_CONFIRMATION,
    SUBSCRIPTION_CONFIRMATION,
    asking_back,
    churn_risk,
    pause_recorded,
    subscription_active,
)

__all__ = [
    "CUSTOMER_NAME",
    "KINDS",
    "NEW_PRODUCT",
    "announcing",
    "asking_back",
    "churn_risk",
    "kind_of",
    "new_product",
    "order_confirmed",
    "pause_recorded",
    "stop_announcing",
    "subscription_active",
    "wordings",
]

KINDS = (ORDER_CONFIRMATION, SUBSCRIPTION_CONFIRMATION, PAUSE_CONFIRMATION, CHURN_RISK, NEW_PRODUCT)
register(*KINDS)
