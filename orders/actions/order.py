"""Orders: placed, confirmed, cancelled, brought again."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from orders import offers
from orders.actions.refusals import check_not_erased, check_open, check_sold, stands
from orders.models import Customer, Offer, Order, OrderItem, Product
from orders.signals import orders_made


@transaction.atomic
def place_order(
    customer: Customer, delivery_date: date, items: Iterable[tuple[Product, int]], *, placed_by=None
) -> Order:
    """A customer's or staff's order: pending, given its items, confirmed. `items`: (product, quantity)."""
    items = list(items)
    check_open("delivery_date", delivery_date)
    for product, _ in items:
        check_sold("items", product, delivery_date)
    order = Order.objects.create(customer=customer, delivery_date=delivery_date, placed_by=placed_by)
    OrderItem.objects.bulk_create(
        OrderItem(order=order, product=product, quantity=quantity, price=product.price)
        for product, quantity in items
    )
    return confirm(order)


@transaction.atomic
def bring_again(order: Order, delivery_date: date, *, placed_by=None) -> Order:
    """The same items on another day, for what they cost then: the offer that made it cheaper goes with them.

    One that was not delivered is cancelled: brought late all the same, it would be charged for twice.
    """
    check_open("delivery_date", delivery_date)
    order = Order.objects.select_for_update(of=("self",)).select_related("customer").get(pk=order.pk)
    items = list(order.items.select_related("product"))
    for item in items:
        check_sold("items", item.product, delivery_date)
    again = Order.objects.create(customer=order.customer, delivery_date=delivery_date, placed_by=placed_by)
    OrderItem.objects.bulk_create(
        OrderItem(order=again, product=item.product, quantity=item.quantity, price=item.price)
        for item in items
    )
    _confirmed(again, offers.used_by(order))
    if not order.delivered_at:
        cancel(order)
    return again


@transaction.atomic
def confirm(order: Order) -> Order:
    """Give a pending order its number and total, and confirm it: it is brought, and the customer told."""
    order = Order.objects.select_for_update(of=("self",)).select_related("customer").get(pk=order.pk)
    if order.status == Order.Status.CONFIRMED:
        return order
    if order.status == Order.Status.CANCELLED:
        raise stands(f"Order {order} is cancelled. Place a new one.")
    return _confirmed(order, offers.open_for([order.customer_id]).get(order.customer_id))


def _confirmed(order: Order, offer: Offer | None) -> Order:
    check_not_erased(order.customer)
    offers.reckon(order, offer)
    if not order.total:
        raise ValidationError({"items": "An order needs at least one item."})
    if offer:
        offers.use(offer, order)
    order.status = Order.Status.CONFIRMED
    order.save(update_fields=("number", "total", "discount", "status"))
    orders_made.send(sender=Order, orders=[order])
    return order


@transaction.atomic
def cancel(order: Order) -> Order:
    """Call off an order that is not delivered: its delivery goes with it, and what was to be said of it."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.delivered_at:
        raise stands(f"Order {order} is delivered already.")
    if order.status != Order.Status.CANCELLED:
        order.status = Order.Status.CANCELLED
        order.save(update_fields=("status",))  # what goes with it: see `signals.call_off`
    return order
