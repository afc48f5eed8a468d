from orders.models.announced import Announced
from orders.models.announcement import Announcement
from orders.models.count import Count
from orders.models.customer import Customer, Product
from orders.models.offer import Offer
from orders.models.order import Order, OrderItem
from orders.models.subscription import Subscription, SubscriptionOverride, SubscriptionPause

__all__ = [
    "Announced",
    "Announcement",
    "Count",
    "Customer",
    "Offer",
    "Order",
    "OrderItem",
    "Product",
    "Subscription",
    "SubscriptionOverride",
    "SubscriptionPause",
]
