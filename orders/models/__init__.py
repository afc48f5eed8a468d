from orders.models.announced import Announced
from orders.models.count import Count
from orders.models.customer import Customer, Product
from orders.models.order import Order, OrderItem
from orders.models.subscription import Subscription, SubscriptionOverride, SubscriptionPause

__all__ = [
    "Announced",
    "Count",
    "Customer",
    "Order",
    "OrderItem",
    "Product",
    "Subscription",
    "SubscriptionOverride",
    "SubscriptionPause",
]
