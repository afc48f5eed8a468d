"""When a subscription is brought next: what is said beforehand is what then happens."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs import ticking
from jobs.models import Job
from notifications import clock
from notifications.models import Message
from orders import actions, nightly
from orders.coming import next_deliveries, next_delivery
from orders.models import Order, OrderItem, Subscription
from orders.tests import shop
from orders.tests.shop import DAY, EVENING, silent
from orders.tests.test_nightly_calendar import subscribed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
ONE = timedelta(days=1)


@pytest.fixture
def made(daily, at_nine):
    """Tomorrow's orders are made."""
    ticking.tick(clock.now())
    at_nine(EVENING, "21:10")


def test_before_the_cut_off_it_is_tomorrow(daily, at_nine):
    at_nine(EVENING, "20:59")
    assert next_delivery(daily) == DAY


def test_who_subscribes_after_the_cut_off_is_brought_something_the_day_after_tomorrow(
    made, daily, asha, curd
):
    late = actions.subscribe(asha, curd, DAY)

    assert (next_delivery(daily), next_delivery(late)) == (DAY, DAY + ONE)


def test_who_subscribes_from_today_is_not_told_today(made, asha, curd):
    assert next_delivery(actions.subscribe(asha, curd, EVENING)) == DAY + ONE


def test_who_resumes_after_the_cut_off_is_brought_something_the_day_after_tomorrow(daily, at_nine):
    actions.pause(daily, EVENING)
    ticking.tick(clock.now())
    at_nine(EVENING, "21:10")

    assert next_delivery(actions.resume(daily)) == DAY + ONE


def test_what_is_kept_of_a_pause_or_a_cancelled_subscription_is_still_named(made, daily):
    actions.pause(daily, DAY)
    assert next_delivery(daily) == DAY

    actions.end(daily)
    assert next_delivery(daily) == DAY


def test_an_order_that_was_called_off_is_not_made_again(made, daily):
    actions.cancel(Order.objects.get())

    assert next_delivery(daily) == DAY + ONE


def test_todays_counts_until_it_is_delivered(made, daily, at_nine):
    at_nine(DAY, "06:30")
    seen = [next_delivery(daily)]
    Order.objects.update(delivered_at=clock.now())

    assert [*seen, next_delivery(daily)] == [DAY, DAY + ONE]


def test_orders_that_could_not_be_made_yet_are_still_expected(daily, monkeypatch, at_nine):
    monkeypatch.setattr(nightly, "_make", lambda *_: 1 / 0)
    ticking.tick(clock.now())
    at_nine(DAY, "05:00")

    assert next_delivery(daily) == DAY


def test_a_cut_off_that_staff_move_on_after_it_makes_no_second_order(made, asha, curd):
    Job.objects.filter(pk="nightly_orders").update(at="23:00")

    assert next_delivery(actions.subscribe(asha, curd, DAY)) == DAY + ONE


def test_it_is_not_before_the_product_is_there(daily, milk):
    milk.available_from = DAY + 4 * ONE
    milk.save()

    assert next_delivery(daily) == DAY + 4 * ONE


@pytest.mark.parametrize("how", ["paused", "over", "cancelled"])
def test_who_is_brought_nothing_within_a_year_has_none(daily, how):
    if how == "paused":
        actions.pause(daily, EVENING)
    else:
        Subscription.objects.update(**{"over": {"end": DAY}, "cancelled": {"status": "cancelled"}}[how])
        ticking.tick(clock.now())
        Order.objects.update(status="cancelled")

    assert next_delivery(Subscription.objects.get()) is None


def test_the_customer_is_told_the_day_that_is_really_the_first(made, asha, curd):
    actions.subscribe(asha, curd, DAY)

    told = Message.objects.filter(kind="subscription_confirmation").latest("pk")
    assert told.variables["start_date"] == str(DAY + ONE)


def test_fifty_are_found_in_as_many_queries_as_one(milk, django_assert_num_queries):
    shop.shop_of(50, milk)
    rows = list(Subscription.objects.prefetch_related("pauses"))
    ticking.tick(clock.now())

    with django_assert_num_queries(7):
        found = next_deliveries(rows)

    assert set(found.values()) == {DAY}
    assert len(found) == 50


_asks = st.tuples(st.integers(0, 1), shop.terms(), shop.pauses(), shop.overrides)


@given(asks=st.lists(_asks, min_size=1, max_size=4), night=st.integers(-1, 6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
def test_whatever_is_subscribed_to_the_day_that_is_said_is_the_one_that_comes(
    asks, night, asha, milk, curd, at_nine, settings
):
    settings.EARLYBIRD_NOTIFY = False
    with transaction.atomic():
        rows = [subscribed(asha, [milk, curd][what], *how)[0] for what, *how in asks]
        evening = shop.FIRST + night * ONE
        at_nine(evening)
        ticking.tick(clock.now())
        said = next_deliveries(rows)
        for number in range(1, 15):
            at_nine(evening + number * ONE)
            nightly.make_orders(evening + number * ONE, silent)
        coming = OrderItem.objects.filter(order__delivery_date__gte=evening)
        came = {
            row.pk: item.order.delivery_date
            for row in rows
            if (item := coming.filter(subscription=row).order_by("order__delivery_date").first())
        }
        transaction.set_rollback(True)
    assert {pk: day for pk, day in said.items() if day <= evening + 15 * ONE} == came
