"""Tomorrow's orders are made once, however often, by however many, and whatever happens meanwhile."""

import pytest
from django.db import OperationalError, transaction

from jobs import ticking
from jobs.models import JobRun
from notifications import clock
from notifications.tests.at_once import together
from orders import actions, nightly, numbers
from orders.models import Customer, Order, OrderItem, Subscription
from orders.signals import orders_made
from orders.tests import shop
from orders.tests.shop import DAY, EVENING, shop_of, silent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def items():
    return {str(item.product): item.quantity for item in OrderItem.objects.all()}


def test_a_second_run_makes_nothing(daily):
    nightly.make_orders(EVENING, silent)

    assert nightly.make_orders(EVENING, silent) == "0 orders for 24 November, 1 in all"
    assert Order.objects.count() == OrderItem.objects.count() == 1


def test_what_is_subscribed_to_after_the_run_is_not_added_to_its_order(daily, asha, curd):
    nightly.make_orders(EVENING, silent)
    Subscription.objects.create(customer=asha, product=curd, start=DAY)

    nightly.make_orders(EVENING, silent)

    assert items() == {"Cow milk 500 ml": 2}


def test_an_order_that_was_cancelled_is_not_made_again(daily):
    nightly.make_orders(EVENING, silent)
    actions.cancel(Order.objects.get())

    nightly.make_orders(EVENING, silent)

    assert Order.objects.get().status == "cancelled"


@pytest.fixture
def broken():
    """The names of customers whose orders break, when everything of them but their deliveries is there."""
    names: set[str] = set()

    def hear(orders, **kwargs):
        if names & {order.customer.name for order in orders}:
            raise ZeroDivisionError

    orders_made.connect(hear)
    yield names
    orders_made.disconnect(hear)


def test_who_breaks_a_chunk_keeps_nobody_else_from_their_order_and_is_made_by_the_next_run(
    milk, monkeypatch, broken
):
    monkeypatch.setattr(nightly, "CHUNK", 4)
    shop_of(10, milk)
    broken |= {"Person 5"}
    alone = Customer.objects.get(name="Person 5")

    with pytest.raises(nightly.SomeLeftOut, match=f"9 orders for 24 November, but 1 left .* {alone.pk}$"):
        nightly.make_orders(EVENING, silent)
    assert Order.objects.count() == OrderItem.objects.count() == 9
    broken.clear()
    nightly.make_orders(EVENING, silent)

    assert Order.objects.count() == OrderItem.objects.count() == 10
    assert Order.objects.values("customer").distinct().count() == 10


def test_where_everything_breaks_it_is_not_tried_for_everybody_apart(milk, monkeypatch, broken):
    tries = []
    make = nightly._make
    monkeypatch.setattr(nightly, "CHUNK", 32)
    monkeypatch.setattr(nightly, "_make", lambda *asked: tries.append(1) or make(*asked))
    shop_of(320, milk)
    broken |= {f"Person {number}" for number in range(320)}

    with pytest.raises(nightly.SomeLeftOut, match="0 orders for 24 November, but 320 left"):
        nightly.make_orders(EVENING, silent)

    assert len(tries) < 70


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_without_any_lock_make_one_order_each(milk, monkeypatch):
    monkeypatch.setattr(nightly, "CHUNK", 7)
    shop_of(40, milk)

    together(lambda: nightly.make_orders(EVENING, silent), 4)

    assert Order.objects.count() == OrderItem.objects.count() == 40
    assert Order.objects.values("customer").distinct().count() == 40


@pytest.fixture
def meanwhile(monkeypatch):
    """Does something when the run has read a chunk and holds nothing of it yet."""
    following = numbers.following

    def do(act):
        def first(*asked):
            act()
            return following(*asked)

        monkeypatch.setattr(numbers, "following", first)

    return do


def test_who_pauses_while_the_run_looks_on_is_brought_nothing(daily, meanwhile):
    meanwhile(lambda: actions.pause(daily, DAY))

    assert nightly.make_orders(EVENING, silent) == "0 orders for 24 November"


def test_who_is_erased_while_the_run_looks_on_is_brought_nothing(daily, meanwhile):
    meanwhile(lambda: Customer.objects.update(erased_at=clock.now()))

    assert nightly.make_orders(EVENING, silent) == "0 orders for 24 November"


def test_who_resumes_while_the_run_looks_on_takes_nobodys_number(daily, milk, meanwhile):
    shop_of(1, milk)
    actions.pause(daily, EVENING)
    meanwhile(lambda: actions.resume(daily))

    assert nightly.make_orders(EVENING, silent) == "1 order for 24 November"
    assert Order.objects.get().customer.name == "Person 0"


@pytest.mark.django_db(transaction=True)
def test_a_subscription_waits_with_its_pause_until_its_order_is_there_to_be_told_of(daily):
    refused = []

    def ask():
        try:
            with transaction.atomic():
                Subscription.objects.select_for_update(nowait=True).get(pk=daily.pk)
        except OperationalError as error:
            refused.append(error)

    def hear(orders, **kwargs):
        together(ask, 1)

    orders_made.connect(hear)
    try:
        nightly.make_orders(EVENING, silent)
    finally:
        orders_made.disconnect(hear)

    assert len(refused) == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_the_cut_off_make_the_orders_once_and_none_before(daily, at_nine):
    ticking.tick(shop.at(EVENING, "20:59"))
    assert not Order.objects.exists()

    together(lambda: ticking.tick(shop.at(EVENING, "21:00")), 2)

    assert Order.objects.count() == 1
    assert JobRun.objects.get(job="nightly_orders").said == "1 order for 24 November"
