"""What delivery does when orders are made or cancelled, and the messages its own rows cause."""

from django.dispatch import receiver

from delivery import actions, messages
from delivery.models import Delivery
from orders.signals import announces, order_cancelled, orders_made


@receiver(orders_made)
def plan_deliveries(sender, orders, **kwargs) -> None:
    actions.plan(orders)


@receiver(order_cancelled)
def call_off_delivery(sender, order, **kwargs) -> None:
    actions.call_off(order)


@announces(Delivery)
def announce_delivery(delivery: Delivery) -> None:
    if delivery.status == Delivery.Status.DELIVERED:
        messages.delivery_confirmed(delivery)
    elif delivery.delayed:
        messages.delivery_delayed(delivery)
