"""The page of a subscription at the desk: the rules of the API hold here too."""

import threading
import time
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils.formats import date_format

from jobs import ticking
from jobs.models import Job
from notifications import clock
from notifications.tests.at_once import together
from orders import actions, days
from orders.cutoff import cut_off
from orders.models import Customer, Order, Product, Subscription, SubscriptionOverride
from orders.pauses import written
from orders.tests.test_pauses import nightly

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = "/admin/orders/subscription/"
EMPTY = {f"{name}-{form}": 0 for name in ("pauses", "overrides") for form in ("TOTAL_FORMS", "INITIAL_FORMS")}


@pytest.fixture
def running(asha, milk, moved):
    """Asha's, since yesterday of the moved clock, which shows noon."""
    return Subscription.objects.create(customer=asha, product=milk, start=days.today() - DAY)


@pytest.fixture
def soon(running):
    return days.today() + 3 * DAY


def change(desk, row, **fields):
    posted = {"quantity": row.quantity, "pattern": row.pattern} | EMPTY | fields
    return desk.post(f"{LIST}{row.pk}/change/", posted, follow=True).content.decode()


def add(desk, customer, product, start, **fields):
    posted = {
        "customer": customer.pk,
        "product": product.pk,
        "quantity": 1,
        "pattern": "daily",
        "start": start,
    }
    return desk.post(f"{LIST}add/", posted | EMPTY | fields, follow=True).content.decode()


def override(row, day, quantity, old=None, delete=False):
    fields = {"overrides-TOTAL_FORMS": 1, "overrides-INITIAL_FORMS": int(old is not None)}
    fields |= {"overrides-0-subscription": row.pk, "overrides-0-date": day, "overrides-0-quantity": quantity}
    if old:
        fields |= {"overrides-0-id": old.pk}
    return fields | ({"overrides-0-DELETE": "on"} if delete else {})


def days_that_differ():
    return list(SubscriptionOverride.objects.values_list("date", "quantity"))


# --- the subscription itself ------------------------------------------------------------------------------


def test_customer_product_and_start_stay(desk, running, curd):
    bilal = Customer.objects.create(name="Bilal", phone="98765 43211")
    before = (running.customer, running.product, running.start)

    change(desk, running, customer=bilal.pk, product=curd.pk, start=days.today(), quantity=3)

    running.refresh_from_db()
    assert running.quantity == 3
    assert (running.customer, running.product, running.start) == before


def test_a_start_that_is_over_or_far_ahead_is_refused(desk, asha, milk, moved):
    assert "This day is over" in add(desk, asha, milk, days.today() - DAY)
    assert "more than a year ahead" in add(desk, asha, milk, days.today() + days.AHEAD + DAY)
    assert not Subscription.objects.exists()


def test_a_product_that_is_not_there_yet_is_refused(desk, asha, moved):
    paneer = Product.objects.create(
        name="Paneer", unit="200 g", price="95", available_from=days.today() + DAY
    )

    assert "is there only from" in add(desk, asha, paneer, days.today())
    assert not Subscription.objects.exists()


def test_a_customer_who_was_erased_is_refused(desk, asha, milk, moved):
    Customer.objects.update(erased_at=clock.now())

    assert "was erased at their own wish" in add(desk, asha, milk, days.today())
    assert not Subscription.objects.exists()


def test_an_end_that_is_over_is_refused_and_one_that_was_kept_is_not(desk, running):
    assert "This day is over" in change(desk, running, end=days.today() - DAY)
    Subscription.objects.update(end=days.today() - DAY)

    change(desk, running, end=days.today() - DAY, quantity=3)

    assert Subscription.objects.get().quantity == 3


def test_the_last_of_all_days_may_be_the_end(desk, running):
    change(desk, running, end="9999-12-31")
    running.refresh_from_db()
    assert running.end == date.max


def test_a_cancelled_one_is_looked_at_and_not_changed(desk, running):
    actions.end(running)

    assert 'name="_save"' not in desk.get(f"{LIST}{running.pk}/change/").content.decode()
    assert "This subscription is cancelled" in change(desk, running, quantity=3)
    assert Subscription.objects.get().quantity == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_cancels_while_it_is_saved_is_not_overwritten(chitra, running):
    def saved():
        desk = Client()
        desk.force_login(chitra)
        return change(desk, running, quantity=3)

    pages = []
    with transaction.atomic():
        actions.end(running)
        saving = _begun(lambda: pages.append(saved()))
    saving.join(20)

    assert "This subscription is cancelled" in pages[0]
    assert Subscription.objects.get().status == "cancelled"


def _begun(work):
    """A thread that has come to wait for our lock."""
    thread = threading.Thread(target=together, args=(work, 1))
    thread.start()
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return thread
    raise AssertionError("nobody waited")


def test_an_earlier_end_takes_it_off_orders_whose_cut_off_is_not_over(desk, running, soon):
    order = nightly(running, soon)

    change(desk, running, end=soon - DAY)

    order.refresh_from_db()
    assert order.status == "cancelled"


# --- what is next -----------------------------------------------------------------------------------------


def test_staff_are_told_the_first_day_that_is_really_brought(desk, asha, milk, moved):
    first = days.today() + DAY
    moved.set(cut_off(first) + timedelta(minutes=1))
    ticking.tick(clock.now())

    page = add(desk, asha, milk, first)

    assert f"Next delivery: {written(first + DAY)}." in page


def test_staff_are_told_that_nothing_is_to_be_delivered(desk, running):
    page = change(desk, running, **override(running, days.today() + DAY, 0), end=days.today() + DAY)

    assert "Nothing is to be delivered." in page


def test_the_list_says_the_next_day_of_each_in_few_queries(desk, running, django_assert_max_num_queries):
    Subscription.objects.bulk_create(
        Subscription(customer=running.customer, product=running.product, start=running.start)
        for _ in range(30)
    )
    with django_assert_max_num_queries(20):
        page = desk.get(LIST).content.decode()

    assert page.count(date_format(days.today() + DAY)) == 31


def test_resuming_from_the_list_says_the_next_day(desk, running):
    actions.pause(running, days.today())

    page = desk.post(LIST, {"action": "resume", "_selected_action": running.pk}, follow=True).content.decode()

    assert f"Next delivery: {written(days.today() + DAY)}." in page


def test_cancelling_keeps_what_is_ordered_after_its_cut_off_and_says_so(desk, running, moved):
    tomorrow = days.today() + DAY
    moved.set(cut_off(tomorrow) + timedelta(minutes=1))
    ticking.tick(clock.now())

    page = desk.post(LIST, {"action": "end", "_selected_action": running.pk}, follow=True).content.decode()

    assert Order.objects.get().status == "confirmed"
    assert f"Next delivery: {written(tomorrow)}." in page


def test_cancelling_before_the_cut_off_takes_it_off_what_is_ordered(running, soon, curd):
    other = Subscription.objects.create(customer=running.customer, product=curd, start=running.start)
    alone, both = nightly(running, soon), nightly(running, soon + DAY, other)

    actions.end(running)

    alone.refresh_from_db()
    both.refresh_from_db()
    assert (alone.status, both.status, str(both.total)) == ("cancelled", "confirmed", "38.00")


# --- days that differ, and pauses ---------------------------------------------------------------------------


def test_a_day_that_differs_is_added_changed_and_taken_away(desk, running, soon):
    change(desk, running, **override(running, soon, 4))
    assert days_that_differ() == [(soon, 4)]

    change(desk, running, **override(running, soon + DAY, 0, old=SubscriptionOverride.objects.get()))
    assert days_that_differ() == [(soon + DAY, 0)]

    change(desk, running, **override(running, soon + DAY, 0, SubscriptionOverride.objects.get(), delete=True))
    assert days_that_differ() == []


def test_a_day_after_its_cut_off_is_neither_added_nor_changed_nor_taken_away(desk, running):
    today = days.today()
    assert "could be changed until 21:00" in change(desk, running, **override(running, today, 4))
    row = running.overrides.create(date=today, quantity=2)

    for fields in (override(running, today, 4, row), override(running, today, 2, row, delete=True)):
        assert "could be changed until 21:00" in change(desk, running, **fields)
    assert "could be changed until" in change(desk, running, **override(running, today + 5 * DAY, 2, row))
    assert days_that_differ() == [(today, 2)]


def test_a_day_after_its_cut_off_that_stays_as_it_is_hinders_nothing(desk, running):
    row = running.overrides.create(date=days.today(), quantity=2)

    change(desk, running, **override(running, row.date, 2, row), quantity=3)

    assert Subscription.objects.get().quantity == 3


def test_a_day_whose_orders_are_made_is_not_changed_though_staff_moved_the_cut_off(desk, running, moved):
    tomorrow = days.today() + DAY
    moved.set(cut_off(tomorrow) + timedelta(minutes=1))
    ticking.tick(clock.now())
    Job.objects.filter(pk="nightly_orders").update(at="23:00")

    assert "could be changed until" in change(desk, running, **override(running, tomorrow, 4))


def test_days_outside_the_subscription_or_within_a_pause_are_refused(desk, running, soon):
    Subscription.objects.update(end=soon)
    actions.pause(running, soon, soon + DAY)

    assert "ends before" in change(desk, running, end=soon, **override(running, soon + DAY, 4))
    assert "is paused from" in change(desk, running, end=soon, **override(running, soon, 4))
    assert days_that_differ() == []


def test_a_day_may_differ_from_the_first_day_on(desk, asha, milk, moved):
    start = days.today() + 2 * DAY
    fields = {"overrides-TOTAL_FORMS": 1, "overrides-0-date": start, "overrides-0-quantity": 5}

    add(desk, asha, milk, start, **fields)

    assert days_that_differ() == [(start, 5)]


def test_a_form_without_a_start_says_so_whatever_else_is_in_it(desk, asha, milk, soon):
    fields = {"overrides-TOTAL_FORMS": 1, "overrides-0-date": soon, "overrides-0-quantity": 5}

    assert "This field is required" in add(desk, asha, milk, "", **fields)


def test_days_that_are_over_are_not_in_the_way(desk, running, soon):
    running.overrides.create(date=days.today() - DAY, quantity=777)
    running.overrides.create(date=soon, quantity=888)

    page = desk.get(f"{LIST}{running.pk}/change/").content.decode()

    assert 'value="888"' in page
    assert 'value="777"' not in page


@pytest.mark.parametrize("first", [-1, 366])
def test_a_pause_that_is_over_or_far_ahead_is_refused(desk, running, first):
    day = days.today() + first * DAY
    fields = {"pauses-TOTAL_FORMS": 1, "pauses-0-from_date": day, "pauses-0-subscription": running.pk}

    page = change(desk, running, **fields)

    assert "This day is" in page
    assert not running.pauses.exists()
