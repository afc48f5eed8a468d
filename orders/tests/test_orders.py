from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import transaction

from notifications.models import Message
from orders import actions, days
from orders.models import Order, Product
from orders.signals import order_cancelled, orders_made

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What the other apps hear, as (signal, order ids)."""
    news = []

    def made(orders, **kwargs):
        news.append(("made", [order.pk for order in orders]))

    def cancelled(order, **kwargs):
        news.append(("cancelled", [order.pk]))

    orders_made.connect(made)
    order_cancelled.connect(cancelled)
    yield news
    orders_made.disconnect(made)
    order_cancelled.disconnect(cancelled)


def test_a_placed_order_is_confirmed_with_the_total_of_its_items(asha, milk, tomorrow):
    curd = Product.objects.create(name="Curd", unit="400 g", price="38")
    order = actions.place_order(asha, tomorrow, [(milk, 2), (curd, 1)])
    assert (order.status, order.total, order.items.count()) == ("confirmed", Decimal("103.00"), 2)


def test_a_placed_order_is_announced_once(order, texts_of):
    assert texts_of("order_confirmation") == [f"Order #{order.number} confirmed"]


def test_the_announcement_carries_what_staff_may_write_into_the_text(order):
    message = Message.objects.get(kind="order_confirmation")
    assert message.reference_id == f"order_{order.pk}"
    assert message.variables == {
        "customer_name": "Asha",
        "order_id": order.number,
        "delivery_date": str(order.delivery_date),
        "total_amount": "65.00",
    }


def test_the_announcement_is_worthless_when_the_day_of_delivery_is_over(order, tomorrow):
    midnight = days.moment(tomorrow + timedelta(days=1), days.time.min)
    assert Message.objects.get(kind="order_confirmation").expires_at == midnight


def test_the_announcement_is_in_the_customers_language(asha, milk, tomorrow, texts_of):
    asha.language = "hi"
    asha.save()
    order = actions.place_order(asha, tomorrow, [(milk, 1)])
    assert texts_of("order_confirmation") == [f"ऑर्डर #{order.number} पक्का हो गया है"]


def test_saving_an_order_twice_announces_it_once(order, texts_of):
    order.save()
    order.save()
    assert len(texts_of("order_confirmation")) == 1


def test_an_order_that_a_program_writes_with_texts_is_announced(asha, tomorrow, texts_of):
    order = Order.objects.create(
        customer=asha, delivery_date=str(tomorrow), total="65.00", status="confirmed"
    )
    assert (order.delivery_date, order.total) == (tomorrow, Decimal("65.00"))
    assert texts_of("order_confirmation") == [f"Order #{order.number} confirmed"]


def test_confirming_an_order_twice_announces_it_once(order, heard, texts_of):
    actions.confirm(order)
    assert heard == []
    assert len(texts_of("order_confirmation")) == 1


def test_a_pending_order_is_not_announced(asha, tomorrow, texts_of):
    Order.objects.create(customer=asha, delivery_date=tomorrow)
    assert texts_of("order_confirmation") == []


def test_a_nightly_order_is_not_announced(asha, tomorrow, texts_of):
    Order.objects.create(
        customer=asha, delivery_date=tomorrow, kind="subscription", status="confirmed", total=1
    )
    assert texts_of("order_confirmation") == []


def test_an_order_from_a_fixture_is_not_announced(order, texts_of):
    Message.objects.all().delete()
    fixture = serializers.serialize("json", [order])
    another = fixture.replace(f'"pk": {order.pk}', '"pk": 999').replace(order.number, "EB-20261122-9999")
    for row in serializers.deserialize("json", another):
        row.save()
    assert texts_of("order_confirmation") == []


def test_nothing_is_announced_where_notifications_are_off(settings, asha, milk, tomorrow):
    settings.EARLYBIRD_NOTIFY = False
    actions.place_order(asha, tomorrow, [(milk, 1)])
    assert not Message.objects.exists()


def test_a_number_that_cannot_be_messaged_does_not_stop_the_order(asha, milk, tomorrow, settings):
    settings.MYOPERATOR_PHONE_NUMBER = asha.phone
    assert actions.place_order(asha, tomorrow, [(milk, 1)]).status == "confirmed"
    assert Message.objects.get().status == "failed"


@pytest.mark.django_db(transaction=True)
def test_an_order_that_rolls_back_leaves_no_message(asha, milk, tomorrow):
    with transaction.atomic():
        actions.place_order(asha, tomorrow, [(milk, 1)])
        transaction.set_rollback(True)
    assert not Order.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_save_whose_message_breaks_leaves_no_order(asha, tomorrow, monkeypatch):
    monkeypatch.setattr("orders.messages.order_confirmed", lambda order: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Order.objects.create(customer=asha, delivery_date=tomorrow, status="confirmed", total=1)
    assert not Order.objects.exists()


def test_an_order_without_items_is_refused(asha, tomorrow):
    with pytest.raises(ValidationError, match="at least one item"):
        actions.place_order(asha, tomorrow, [])


def test_an_order_for_a_day_that_is_over_is_refused(asha, milk):
    with pytest.raises(ValidationError) as refused:
        actions.place_order(asha, days.today() - timedelta(days=1), [(milk, 1)])
    assert list(refused.value.message_dict) == ["delivery_date"]


def test_a_product_cannot_be_ordered_for_a_day_before_it_is_there(asha, milk, tomorrow):
    milk.available_from = tomorrow + timedelta(days=1)
    with pytest.raises(ValidationError, match="is there only from"):
        actions.place_order(asha, tomorrow, [(milk, 1)])


def test_the_other_apps_hear_of_a_confirmed_order(heard, order):
    assert heard == [("made", [order.pk])]


def test_cancelling_an_order_withdraws_its_confirmation(order, heard):
    assert actions.cancel(order).status == "cancelled"
    assert Message.objects.get(kind="order_confirmation").status == "cancelled"
    assert heard == [("cancelled", [order.pk])]


def test_an_order_that_a_program_saves_as_cancelled_is_called_off(order, heard):
    order.status = Order.Status.CANCELLED
    order.save()
    assert Message.objects.get(kind="order_confirmation").status == "cancelled"
    assert heard == [("cancelled", [order.pk])]


def test_cancelling_an_order_twice_changes_nothing(order, heard):
    actions.cancel(order)
    actions.cancel(order)
    assert len(heard) == 1


def test_a_cancelled_order_is_not_confirmed_again(order):
    actions.cancel(order)
    with pytest.raises(ValidationError, match="is cancelled"):
        actions.confirm(order)


def test_a_delivered_order_cannot_be_cancelled(order):
    Order.objects.filter(pk=order.pk).update(delivered_at="2026-12-01T07:00+05:30")
    with pytest.raises(ValidationError, match="delivered already"):
        actions.cancel(order)
