"""Whom an announcement is for."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from orders import days
from orders.models import Announcement, Customer, Order, OrderItem, Product, Subscription


def audience(announcement: Announcement) -> QuerySet[Customer]:
    """The customers it is for, by id."""
    customers = Customer.objects.filter(erased_at=None).order_by("pk").only("name", "phone", "language")
    if announcement.areas:
        customers = customers.filter(area__in=announcement.areas)
    if announcement.languages:
        customers = customers.filter(language__in=announcement.languages)
    if announcement.bought:
        customers = customers.filter(_bought(announcement.bought, announcement))
    if announcement.not_bought:
        customers = customers.filter(~_bought(announcement.not_bought, announcement))
    if announcement.subscribers != Announcement.Subscribers.ANY:
        wanted = announcement.subscribers == Announcement.Subscribers.YES
        customers = customers.filter(_subscribes() if wanted else ~_subscribes())
    return customers


def chunks(announcement: Announcement, size: int) -> Iterator[list[Customer]]:
    """Its customers, so many at a time."""
    customers, last = audience(announcement), 0
    while chunk := list(customers.filter(pk__gt=last)[:size]):
        last = chunk[-1].pk
        yield chunk


def _bought(product: Product, announcement: Announcement) -> Exists:
    # By the customer's orders, which an index finds; by the product it would read everybody's items for each.
    theirs = Order.objects.filter(customer=OuterRef("pk"), status=Order.Status.CONFIRMED)
    if announcement.bought_since:
        theirs = theirs.filter(delivery_date__gte=announcement.bought_since)
    return Exists(theirs.filter(Exists(OrderItem.objects.filter(order=OuterRef("pk"), product=product))))


def _subscribes() -> Exists:
    runs = Q(end__isnull=True) | Q(end__gte=days.today())
    return Exists(
        Subscription.objects.filter(runs, customer=OuterRef("pk"), status=Subscription.Status.ACTIVE)
    )
