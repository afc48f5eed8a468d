"""Tomorrow's orders are made from subscriptions."""

from datetime import timedelta
from decimal import Decimal

import pytest

from jobs.models import Job
from notifications import clock
from orders import actions, nightly
from orders.cutoff import cut_off, is_closed
from orders.models import Customer, Offer, Order, OrderItem, Subscription
from orders.signals import orders_made
from orders.tests import shop
from orders.tests.shop import DAY, EVENING, shop_of, silent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def items():
    return {str(item.product): item.quantity for item in OrderItem.objects.all()}


def test_a_subscription_becomes_a_confirmed_order_for_tomorrow(daily, asha):
    assert nightly.make_orders(EVENING, silent) == "1 order for 24 November"

    order = Order.objects.get()
    assert (order.customer, order.delivery_date) == (asha, DAY)
    assert (order.kind, order.status, order.total) == ("subscription", "confirmed", Decimal("65.00"))
    assert order.number == "EB-20261123-0001"


def test_all_products_of_a_customer_are_one_order(daily, asha, curd):
    Subscription.objects.create(customer=asha, product=curd, start=DAY)

    nightly.make_orders(EVENING, silent)

    assert items() == {"Cow milk 500 ml": 2, "Curd 400 g": 1}
    assert Order.objects.get().total == Decimal("103.00")


def test_each_subscription_has_an_item_of_its_own_also_of_one_product(daily, asha, milk):
    other = Subscription.objects.create(customer=asha, product=milk, start=DAY)

    nightly.make_orders(EVENING, silent)

    found = OrderItem.objects.values_list("order__customer", "subscription", "quantity")
    assert sorted(found) == [(asha.pk, daily.pk, 2), (asha.pk, other.pk, 1)]


def test_an_earned_offer_takes_its_quarter_off_the_nightly_order_once(daily, asha):
    now = clock.now()
    offer = Offer.objects.create(
        customer=asha,
        subscription=daily,
        cause="pause-1",
        made_at=now,
        until=now + timedelta(days=7),
        earned_at=now,
    )

    nightly.make_orders(EVENING, silent)
    nightly.make_orders(EVENING + timedelta(days=1), silent)

    first, second = Order.objects.order_by("delivery_date")
    assert first.discount == first.total / 3 > 0 == second.discount
    offer.refresh_from_db()
    assert offer.order == first


def test_the_prices_are_those_of_the_evening(daily, milk):
    milk.price = 40
    milk.save()

    nightly.make_orders(EVENING, silent)

    assert Order.objects.get().total == OrderItem.objects.get().price * 2 == 80


def test_a_product_that_is_not_there_yet_is_left_out(daily, asha, curd):
    curd.available_from = DAY + timedelta(days=1)
    curd.save()
    Subscription.objects.create(customer=asha, product=curd, start=DAY)

    nightly.make_orders(EVENING, silent)

    assert items() == {"Cow milk 500 ml": 2}


def test_an_erased_customer_is_brought_nothing(daily):
    Customer.objects.update(erased_at=clock.now())

    assert nightly.make_orders(EVENING, silent) == "0 orders for 24 November"


def test_who_is_brought_nothing_that_day_has_no_order_and_takes_no_number(daily, milk):
    shop_of(1, milk)
    actions.pause(daily, DAY)

    nightly.make_orders(EVENING, silent)

    assert list(Order.objects.values_list("customer__name", "number")) == [("Person 0", "EB-20261123-0001")]


def test_the_customer_is_told_by_the_reminder_and_not_twice(daily, texts_of):
    nightly.make_orders(EVENING, silent)

    assert texts_of("order_confirmation") == []


def test_the_other_apps_hear_of_the_orders_in_bulk_and_ask_for_no_customer(
    milk, django_assert_num_queries, monkeypatch
):
    heard = []

    def hear(orders, **kwargs):
        with django_assert_num_queries(0):
            heard.append([order.customer.name for order in orders])

    monkeypatch.setattr(orders_made, "receivers", [])
    orders_made.connect(hear)
    shop_of(3, milk)

    nightly.make_orders(EVENING, silent)

    assert heard == [["Person 0", "Person 1", "Person 2"]]


def test_fifty_orders_take_as_many_queries_as_one(milk, django_assert_max_num_queries):
    shop_of(50, milk)

    with django_assert_max_num_queries(24):
        nightly.make_orders(EVENING, silent)

    assert Order.objects.count() == 50


def test_a_customers_own_order_for_the_day_stays_beside_the_nightly_one(daily, asha, milk):
    actions.place_order(asha, DAY, [(milk, 1)])

    nightly.make_orders(EVENING, silent)

    assert Order.objects.filter(delivery_date=DAY).count() == 2


def test_a_missed_night_is_made_up_while_its_day_lasts(daily, at_nine):
    at_nine(DAY, "07:30")

    assert nightly.make_orders(EVENING, silent) == "1 order for 24 November"
    assert Order.objects.get().number == "EB-20261124-0001"


def test_a_night_that_was_missed_by_a_day_is_left_and_said_so(daily, at_nine):
    at_nine(DAY + timedelta(days=1), "00:10")

    said = nightly.make_orders(EVENING, silent)

    assert said == "24 November is over: no orders were made for it."
    assert not Order.objects.exists()


def test_the_progress_is_told_after_each_chunk(milk, monkeypatch):
    told = []
    monkeypatch.setattr(nightly, "CHUNK", 2)
    shop_of(5, milk)

    nightly.make_orders(EVENING, lambda done, total=None: told.append((done, total)))

    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_the_cut_off_of_a_day_is_the_time_staff_set_on_the_evening_before(at_nine):
    assert cut_off(DAY) == shop.at(EVENING, "21:00")
    assert is_closed(DAY)
    Job.objects.update_or_create(pk="nightly_orders", defaults={"at": "22:30"})

    assert cut_off(DAY) == shop.at(EVENING, "22:30")
    assert not is_closed(DAY)
