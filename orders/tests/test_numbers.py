"""Numbers that people read are given once."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from notifications import clock
from notifications.tests.at_once import together
from orders import actions, days, numbers
from orders.models import Count, Order, OrderItem
from orders.tests import shop

pytestmark = pytest.mark.django_db


def test_numbers_of_a_prefix_follow_each_other():
    assert numbers.following("BILL-202611") == ["BILL-202611-0001"]
    assert numbers.following("BILL-202611", 2) == ["BILL-202611-0002", "BILL-202611-0003"]


def test_every_prefix_counts_for_itself():
    numbers.following("BILL-202611", 5)
    assert numbers.following("BILL-202612") == ["BILL-202612-0001"]


def test_no_numbers_are_no_step():
    assert numbers.following("BILL-202611", 0) == []
    assert not Count.objects.exists()


def test_a_number_has_room_for_more_than_four_digits():
    Count.objects.create(prefix="EB-20261122", last=9999)
    assert numbers.following("EB-20261122") == ["EB-20261122-10000"]


@pytest.mark.django_db(transaction=True)
def test_four_at_once_are_given_different_numbers():
    given = []
    together(lambda: given.extend(numbers.following("EB-20261122", 5) + numbers.following("EB-20261122")), 4)
    assert len(set(given)) == 24


def test_an_order_is_numbered_by_the_indian_day_it_is_made_on(asha, milk, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2026-11-22T19:30Z"))
    made = [actions.place_order(asha, shop.FIRST, [(milk, 1)]).number for _ in range(2)]
    assert made == ["EB-20261123-0001", "EB-20261123-0002"]


def test_a_pending_order_has_no_number_until_it_is_confirmed_and_keeps_it_then(asha, milk, tomorrow):
    order = Order.objects.create(customer=asha, delivery_date=tomorrow)
    assert (order.number, str(order)) == (None, f"#{order.pk}")
    OrderItem.objects.create(order=order, product=milk)
    number = actions.confirm(order).number
    assert str(actions.cancel(actions.confirm(order))) == number


def test_a_number_is_not_given_again_when_its_order_is_gone(order, asha, milk, tomorrow):
    number = order.number
    order.delivery.delete()
    order.delete()
    assert actions.place_order(asha, tomorrow, [(milk, 1)]).number > number


def test_the_database_knows_no_two_orders_of_one_number(order, asha, tomorrow):
    with pytest.raises(IntegrityError, match="number"):
        Order.objects.create(customer=asha, delivery_date=tomorrow, number=order.number)


def test_the_database_knows_no_confirmed_order_without_a_number(order):
    with pytest.raises(IntegrityError, match="order_confirmed_has_number"):
        Order.objects.filter(pk=order.pk).update(number=None)


def test_placing_an_order_takes_one_query_for_its_number(asha, milk, tomorrow, django_assert_num_queries):
    counted = []
    with connection.execute_wrapper(lambda run, sql, *rest: (counted.append(sql), run(sql, *rest))[1]):
        actions.place_order(asha, tomorrow, [(milk, 1)])
    assert len([sql for sql in counted if "orders_count" in sql]) == 1


def test_orders_are_found_by_their_number(desk, order, api):
    found = desk.get("/admin/orders/order/", {"q": order.number}).content.decode()
    assert f"/admin/orders/order/{order.pk}/change/" in found
    assert [row["id"] for row in api.get("/api/orders", {"number": order.number}).json()["results"]] == [
        order.pk
    ]


def test_orders_that_were_there_before_are_numbered_by_the_day_they_were_made(asha, tomorrow):
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("ALTER TABLE orders_order DROP CONSTRAINT order_confirmed_has_number")
        made = days.moment(shop.FIRST, days.time(0, 30))
        rows = [Order(customer=asha, delivery_date=tomorrow, status="confirmed", total=1) for _ in range(3)]
        rows.append(Order(customer=asha, delivery_date=tomorrow))
        for row in Order.objects.bulk_create(rows):
            Order.objects.filter(pk=row.pk).update(created_at=made)
        Order.objects.filter(pk=rows[0].pk).update(created_at=made - timedelta(hours=1))
        with connection.schema_editor() as editor:
            import_module("orders.migrations.0007_number_orders").number(apps, editor)

    assert list(Order.objects.order_by("pk").values_list("number", flat=True)) == [
        "EB-20261122-0001", "EB-20261123-0001", "EB-20261123-0002", None,
    ]  # fmt: skip
    assert numbers.following("EB-20261123") == ["EB-20261123-0003"]


def test_a_discount_is_not_negative(order):
    with pytest.raises(IntegrityError, match="order_discount_not_negative"):
        Order.objects.filter(pk=order.pk).update(discount=-1)
