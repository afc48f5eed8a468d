"""Tomorrow's orders are made from subscriptions, once."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs import ticking
from jobs.models import Job, JobRun
from notifications import clock
from notifications.tests.at_once import together
from orders import actions, nightly, numbers
from orders.cutoff import cut_off, is_closed
from orders.models import Customer, Order, OrderItem, Product, Subscription
from orders.signals import orders_made
from orders.tests import shop

pytestmark = pytest.mark.django_db
EVENING = shop.FIRST
DAY = EVENING + timedelta(days=1)


def silent(done, total=None):
    """Nobody looks at the progress."""


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    """Sets the clock; it stands at the cut-off of DAY."""

    def set_to(day, time="21:00"):
        monkeypatch.setattr(clock, "now", lambda: shop.at(day, time))

    set_to(EVENING)
    return set_to


@pytest.fixture
def daily(asha, milk):
    return Subscription.objects.create(customer=asha, product=milk, quantity=2, start=DAY)


@pytest.fixture
def curd(db):
    return Product.objects.create(name="Curd", unit="400 g", price="38")


def shop_of(number, product):
    """So many more customers with a subscription of one product each."""
    customers = Customer.objects.bulk_create(
        Customer(name=f"Person {serial}", phone=f"+9170{serial:08d}") for serial in range(number)
    )
    Subscription.objects.bulk_create(
        Subscription(customer=customer, product=product, start=DAY) for customer in customers
    )


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


def test_two_subscriptions_of_one_product_are_one_item(daily, asha, milk):
    Subscription.objects.create(customer=asha, product=milk, start=DAY)

    nightly.make_orders(EVENING, silent)

    assert items() == {"Cow milk 500 ml": 3}


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


def test_a_second_run_makes_nothing(daily):
    nightly.make_orders(EVENING, silent)

    assert nightly.make_orders(EVENING, silent) == "0 orders for 24 November"
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


@pytest.fixture
def breaks_once():
    """The second chunk breaks, when everything of it but its deliveries is there."""
    broken = iter([False, True])

    def hear(orders, **kwargs):
        if next(broken, False):
            raise ZeroDivisionError

    orders_made.connect(hear)
    yield
    orders_made.disconnect(hear)


def test_what_broke_keeps_nobody_else_from_their_order_and_is_made_by_the_next_run(
    milk, monkeypatch, breaks_once
):
    monkeypatch.setattr(nightly, "CHUNK", 2)
    shop_of(6, milk)

    with pytest.raises(nightly.SomeLeftOut, match=r"4 orders for 24 November, but 2 customers were left out"):
        nightly.make_orders(EVENING, silent)
    assert Order.objects.count() == OrderItem.objects.count() == 4
    nightly.make_orders(EVENING, silent)

    assert Order.objects.count() == OrderItem.objects.count() == 6
    assert Order.objects.values("customer").distinct().count() == 6


def test_the_progress_is_told_after_each_chunk(milk, monkeypatch):
    told = []
    monkeypatch.setattr(nightly, "CHUNK", 2)
    shop_of(5, milk)

    nightly.make_orders(EVENING, lambda done, total=None: told.append((done, total)))

    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


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


def plan(asks):
    """Day → customer's id → product's name → quantity, by the plain calendar."""
    sheet = {}
    for row, terms, pauses, overrides in asks:
        for day, quantity in shop.expected(terms, pauses, overrides).items():
            basket = sheet.setdefault((day, row.customer_id), Counter())
            basket[row.product_id] += quantity
    return sheet


def brought():
    """The same, by the orders there are."""
    sheet = {}
    for item in OrderItem.objects.select_related("order"):
        basket = sheet.setdefault((item.order.delivery_date, item.order.customer_id), Counter())
        basket[item.product_id] += item.quantity
    return sheet


def subscribed(customer, product, terms, pauses, overrides):
    row = Subscription.objects.create(customer=customer, product=product, **terms)
    for begins, resumes in pauses:
        row.pauses.create(from_date=begins, resume_date=resumes)
    for day, quantity in overrides.items():
        row.overrides.create(date=day, quantity=quantity)
    return row, terms, pauses, overrides


_asks = st.tuples(st.integers(0, 2), st.integers(0, 1), shop.terms(), shop.pauses(), shop.overrides)


@given(asks=st.lists(_asks, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_two_weeks_of_any_shop_bring_what_a_plain_calendar_says(asks, asha, milk, curd, at_nine, settings):
    settings.EARLYBIRD_NOTIFY = False
    bilal, chitra = (
        Customer.objects.get_or_create(name=f"{n}", phone=f"+9198765432{n}")[0] for n in (11, 12)
    )
    with transaction.atomic():
        rows = [subscribed([asha, bilal, chitra][who], [milk, curd][what], *how) for who, what, *how in asks]
        for number in range(-1, shop.DAYS):
            evening = shop.FIRST + timedelta(days=number)
            at_nine(evening)
            nightly.make_orders(evening, silent)
        assert brought() == plan(rows)
        totals = {order.pk: order.total for order in Order.objects.all()}
        assert totals == {
            order.pk: sum(i.quantity * i.price for i in order.items.all()) for order in Order.objects.all()
        }
        transaction.set_rollback(True)


def test_the_cut_off_of_a_day_is_the_time_staff_set_on_the_evening_before(at_nine):
    assert cut_off(DAY) == shop.at(EVENING, "21:00")
    assert is_closed(DAY)
    Job.objects.update_or_create(pk="nightly_orders", defaults={"at": "22:30"})

    assert cut_off(DAY) == shop.at(EVENING, "22:30")
    assert not is_closed(DAY)
