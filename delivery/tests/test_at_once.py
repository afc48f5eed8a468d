"""Two who do the same thing at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from delivery import actions as deliveries
from delivery.models import Delivery
from notifications.models import Message
from orders import actions
from orders.models import Order, OrderItem
from orders.tests.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act, row, times=4):
    """Call `act(row)` in several threads; what they raise is raised."""

    def call(_):
        try:
            return act(row)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(call, range(times)))


def test_an_order_confirmed_by_four_at_once_is_one_message_and_one_delivery(asha, milk, tomorrow):
    order = Order.objects.create(customer=asha, delivery_date=tomorrow)
    OrderItem.objects.create(order=order, product=milk)
    at_once(actions.confirm, order)
    assert Message.objects.filter(kind="order_confirmation").count() == 1
    assert Delivery.objects.count() == 1


def test_a_delivery_marked_by_four_at_once_is_told_once(order):
    done = at_once(deliveries.mark_delivered, order.delivery)
    assert len({delivery.delivered_at for delivery in done}) == 1
    assert Message.objects.filter(kind="delivery_confirmed").count() == 1


def test_a_pause_asked_for_by_four_at_once_is_one_pause(subscription, tomorrow):
    assert len(set(at_once(lambda row: actions.pause(row, tomorrow).pause, subscription))) == 1
    assert Message.objects.filter(kind="pause_confirmation").count() == 1


def test_a_delivery_marked_through_the_api_by_four_at_once_is_told_once(order, chitra):
    def mark(pk):
        return signed_in(chitra).post(f"/api/deliveries/{pk}/mark-delivered").json()["delivered_at"]

    assert len(set(at_once(mark, order.delivery.pk))) == 1
    assert Message.objects.filter(kind="delivery_confirmed").count() == 1


def test_an_order_cancelled_while_it_is_marked_delivered_is_one_of_both(order):
    """They lock the order and the delivery one after the other, and never wait for each other."""
    turns = iter([deliveries.mark_delivered, actions.cancel] * 4)

    def act(order):
        act = next(turns)
        try:
            act(order.delivery if act is deliveries.mark_delivered else order)
        except ValidationError as refusal:
            return refusal.message_dict["status"]

    for why in filter(None, at_once(act, order, times=8)):
        assert "is delivered already" in why[0] or "is cancelled" in why[0]
    order.refresh_from_db()
    assert (order.status, order.delivered_at is None) in {("cancelled", True), ("confirmed", False)}
