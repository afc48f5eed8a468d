"""Two who do the same thing at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from delivery import actions as deliveries
from delivery import daily
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


def test_two_deliveries_of_one_customer_marked_at_the_same_moment_are_told_once(order, asha, milk, tomorrow):
    rows = [order.delivery, actions.place_order(asha, tomorrow, [(milk, 1)]).delivery]
    turns = iter([*rows, *rows])
    at_once(lambda _: deliveries.mark_delivered(next(turns)), None)
    told = Message.objects.filter(kind="delivery_confirmed")
    covered, sent = told.get(status="suppressed"), told.get(status="queued")
    assert covered.error.endswith(f"by the message about {sent.reference_id}.")


def test_all_of_a_day_marked_by_four_at_once_are_told_once_each(order, asha, milk, tomorrow, imrans):
    actions.place_order(asha, tomorrow, [(milk, 1)])
    done = at_once(lambda _: deliveries.mark_many(Delivery.objects.order_by("?")), None)
    assert [len(outcome.done) for outcome in done] == [3] * 4
    told = Message.objects.filter(kind="delivery_confirmed").values_list("status", flat=True)
    assert sorted(told) == ["queued", "queued", "suppressed"]


def test_a_route_delayed_by_four_at_once_to_one_time_is_told_once(order, imrans, later):
    how = deliveries.Delay(eta=later)
    at_once(lambda _: deliveries.delay_many(Delivery.objects.all(), how), None)
    assert Message.objects.filter(kind="delivery_delayed").count() == 2


def test_reminders_made_by_four_at_once_are_one_for_each_delivery(order, imrans, tomorrow):
    evening = tomorrow - timedelta(days=1)
    at_once(lambda _: daily.remind(evening, lambda *_: None), None)
    assert Message.objects.filter(kind="delivery_reminder").count() == 2


def test_an_order_cancelled_while_reminders_are_made_is_not_reminded_of(order, tomorrow):
    turns = iter([True, False] * 2)
    evening = tomorrow - timedelta(days=1)
    at_once(lambda _: actions.cancel(order) if next(turns) else daily.remind(evening, lambda *_: None), None)
    assert not Message.objects.filter(kind="delivery_reminder", status="queued").exists()
