"""Pauses: which days they are, and what becomes of the orders there were for them."""

from contextlib import suppress
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from jobs.models import Job
from notifications.models import Message
from orders import actions, days
from orders.cutoff import cut_off
from orders.models import Customer, Order, OrderItem, Product, Subscription

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def curd(db):
    return Product.objects.create(name="Curd", unit="400 g", price="38.00")


def spans(subscription):
    """The days of its pauses, from today on: (first, until)."""
    today = days.today()
    return [
        ((row.from_date - today).days, row.resume_date and (row.resume_date - today).days)
        for row in subscription.pauses.order_by("from_date")
    ]


def pause(subscription, first, until=None, **how):
    today = days.today()
    return actions.pause(subscription, today + first * DAY, until and today + until * DAY, **how)


def nightly(subscription, day, *others):
    """What the nightly run makes: one order with an item for each of these subscriptions."""
    order = Order.objects.create(customer=subscription.customer, kind="subscription", delivery_date=day)
    for one in (subscription, *others):
        OrderItem.objects.create(order=order, product=one.product, quantity=one.quantity, subscription=one)
    return actions.confirm(order)


# --- which days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "asked", "now"),
    [
        ([(5, 10)], (20, 25), [(5, 10), (20, 25)]),
        ([(5, 10)], (8, 15), [(5, 15)]),
        ([(5, 10)], (10, 15), [(5, 15)]),
        ([(5, 10)], (2, 5), [(2, 10)]),
        ([(5, 10)], (2, 7), [(2, 10)]),
        ([(5, 10)], (2, None), [(2, None)]),
        ([(5, 10)], (6, 9), [(5, 10)]),
        ([(5, None)], (7, None), [(5, None)]),
        ([(5, None)], (2, 5), [(2, None)]),
        ([(5, 10), (12, 14)], (9, 12), [(5, 14)]),
        ([(5, 10), (12, 14), (20, 21)], (4, None), [(4, None)]),
    ],
)
def test_what_is_asked_for_is_joined_with_what_there_is(subscription, there, asked, now):
    for one in there:
        pause(subscription, *one)

    pause(subscription, *asked)

    assert spans(subscription) == now


def said(day):
    return f"{day.day} {day:%B %Y}"


@pytest.mark.parametrize(
    ("there", "asked", "end"),
    [
        ((5, 10), (5, 8), "until {}"),
        ((5, None), (7, 9), "until resumed"),
        ((5, None), (2, 9), "until resumed"),
    ],
)
def test_what_would_end_a_pause_sooner_is_refused_with_its_dates(subscription, there, asked, end):
    pause(subscription, *there)
    first, until = days.today() + 5 * DAY, days.today() + 10 * DAY

    with pytest.raises(ValidationError) as refused:
        pause(subscription, *asked)

    until = end.format(said(until))
    assert refused.value.message_dict == {
        "resume_date": [f"It is paused from {said(first)} {until} already. To end that sooner, resume."]
    }
    assert spans(subscription) == [there]


def test_a_pause_that_is_over_stays_as_it_was(subscription, moved):
    pause(subscription, -5)
    actions.resume(subscription)

    pause(subscription, 0)

    assert spans(subscription) == [(-5, 0), (0, None)]


def test_a_pause_that_is_made_longer_keeps_its_id_and_its_reason(subscription):
    first = pause(subscription, 5, 10, reason="Holiday").pause

    again = pause(subscription, 10, 12).pause

    assert (again, again.reason) == (first, "Holiday")


def test_the_customer_is_told_the_new_day_and_not_the_old_one_any_more(subscription, texts_of):
    pause(subscription, 5, 10)
    pause(subscription, 8, 15)

    told = Message.objects.filter(kind="pause_confirmation").order_by("pk")
    assert [message.status for message in told] == ["cancelled", "queued"]
    resumes = days.today() + 15 * DAY
    assert told[1].variables["resume_date"] == str(resumes)


def test_days_within_a_pause_are_told_to_nobody(subscription, texts_of):
    pause(subscription, 5, 10)
    pause(subscription, 5, 10)
    pause(subscription, 6, 9)

    assert len(texts_of("pause_confirmation")) == 1
    assert Message.objects.get(kind="pause_confirmation").status == "queued"


def test_a_pause_that_ends_before_it_begins_is_refused(subscription):
    with pytest.raises(ValidationError, match="must come after"):
        pause(subscription, 5, 5)


HORIZON = 40
steps = st.lists(
    st.one_of(
        st.tuples(st.just("pause"), st.integers(0, 15), st.one_of(st.none(), st.integers(1, 15))),
        st.tuples(st.just("resume"), st.just(0), st.none()),
    ),
    min_size=1,
    max_size=10,
)


class AnyPauses(TestCase):
    """After any pauses and resumes, the paused days are those asked for, less those resumed."""

    @few(max_examples=60, deadline=None)
    @given(steps)
    def test_the_paused_days_are_those_asked_for(self, steps):
        customer = Customer.objects.create(name="Asha", phone="98765 43210")
        milk = Product.objects.create(name="Cow milk", unit="500 ml", price="32.50")
        subscription = Subscription.objects.create(customer=customer, product=milk, start=days.today())
        wanted: set[int] = set()
        for what, first, length in steps:
            wanted = self._after(subscription, what, first, length and first + length, wanted)
            assert paused_days(subscription) == wanted
            assert_apart(spans(subscription))

    def _after(self, subscription, what, first, until, wanted):
        if what == "resume":
            actions.resume(subscription)
            return set()
        try:
            pause(subscription, first, until)
        except ValidationError:
            return wanted  # nothing may have changed
        told = Message.objects.filter(kind="pause_confirmation").count()
        # Days that were joined to a longer pause are refused the second time, with the dates of that pause.
        with suppress(ValidationError):
            pause(subscription, first, until)
        assert Message.objects.filter(kind="pause_confirmation").count() == told
        return wanted | set(range(first, until or HORIZON))


def paused_days(subscription):
    return {
        day
        for first, until in spans(subscription)
        for day in range(first, HORIZON if until is None else until)
    }


def assert_apart(spans):
    for (_, until), (first, _) in pairwise(spans):
        assert until is not None
        assert until < first


# --- what is ordered already ------------------------------------------------------------------------------


@pytest.fixture
def day(moved):
    """The day after tomorrow of the moved clock: its cut-off is tomorrow at nine in the evening."""
    return days.today() + 2 * DAY


def at_cut_off(moved, day, **off):
    moved.set(cut_off(day) + timedelta(**off))


def test_the_cut_off_is_the_nightly_runs_time_the_day_before(db):
    assert cut_off(date(2026, 12, 2)) == days.moment(date(2026, 12, 1), time(21))


def test_the_cut_off_moves_with_the_nightly_run(db):
    Job.objects.update_or_create(pk="nightly_orders", defaults={"at": time(18)})
    assert cut_off(date(2026, 12, 2)) == days.moment(date(2026, 12, 1), time(18))


def test_before_the_cut_off_the_order_of_a_paused_day_is_cancelled(subscription, day, moved):
    order = nightly(subscription, day)
    at_cut_off(moved, day, seconds=-5)

    paused = actions.pause(subscription, day, day + DAY)

    order.refresh_from_db()
    assert order.status == "cancelled"
    assert (paused.cancelled, paused.changed, paused.kept) == ([order], [], [])


def test_after_the_cut_off_the_order_of_a_paused_day_is_kept(subscription, day, moved):
    order = nightly(subscription, day)
    at_cut_off(moved, day, seconds=5)

    paused = actions.pause(subscription, day, day + DAY)

    order.refresh_from_db()
    assert order.status == "confirmed"
    assert (paused.cancelled, paused.changed, paused.kept) == ([], [], [order])


def test_what_else_is_in_the_order_is_still_brought(subscription, curd, day):
    other = Subscription.objects.create(customer=subscription.customer, product=curd, start=day)
    order = nightly(subscription, day, other)

    paused = actions.pause(subscription, day)

    order.refresh_from_db()
    assert (order.status, str(order.total)) == ("confirmed", "38.00")
    assert [item.product for item in order.items.all()] == [curd]
    assert (paused.cancelled, paused.changed, paused.kept) == ([], [order], [])


def test_pausing_again_leaves_the_orders_as_they_are(subscription, curd, day):
    other = Subscription.objects.create(customer=subscription.customer, product=curd, start=day)
    order = nightly(subscription, day, other)
    actions.pause(subscription, day)

    paused = actions.pause(subscription, day)

    order.refresh_from_db()
    assert str(order.total) == "38.00"
    assert (paused.cancelled, paused.changed, paused.kept) == ([], [], [])


def test_orders_of_other_days_and_what_was_ordered_by_hand_are_left_alone(subscription, milk, day):
    theirs = [
        nightly(subscription, day - DAY),
        nightly(subscription, day + DAY),
        actions.place_order(subscription.customer, day, [(milk, 1)]),
    ]

    paused = actions.pause(subscription, day, day + DAY)

    assert (paused.cancelled, paused.changed, paused.kept) == ([], [], [])
    assert {Order.objects.get(pk=order.pk).status for order in theirs} == {"confirmed"}


def test_what_was_brought_already_is_not_named(subscription, moved):
    order = nightly(subscription, days.today())
    Order.objects.filter(pk=order.pk).update(delivered_at="2026-12-01T07:00+05:30")

    assert actions.pause(subscription, days.today()).kept == []


def test_the_answer_of_the_api_names_the_orders(api, subscription, day, moved):
    kept, cancelled = nightly(subscription, day), nightly(subscription, day + DAY)
    at_cut_off(moved, day, seconds=5)

    answer = api.post(f"/api/subscriptions/{subscription.pk}/pause", {"from_date": str(day)}, format="json")

    assert answer.status_code == 200
    assert answer.json()["kept_orders"] == [{"id": kept.pk, "number": kept.number, "delivery_date": str(day)}]
    assert answer.json()["cancelled_orders"] == [
        {"id": cancelled.pk, "number": cancelled.number, "delivery_date": str(day + DAY)}
    ]
    assert answer.json()["changed_orders"] == []


# --- at the desk ------------------------------------------------------------------------------------------


def posted(subscription, *pauses):
    """The subscription's page as the browser posts it, with these pauses added: (from, until)."""
    fields = {
        "customer": subscription.customer_id,
        "product": subscription.product_id,
        "quantity": 1,
        "pattern": "daily",
        "start": subscription.start,
        "pauses-TOTAL_FORMS": len(pauses),
        "pauses-INITIAL_FORMS": 0,
        "overrides-TOTAL_FORMS": 0,
        "overrides-INITIAL_FORMS": 0,
    }
    for number, (first, until) in enumerate(pauses):
        fields |= {f"pauses-{number}-from_date": first, f"pauses-{number}-resume_date": until or ""}
        fields |= {f"pauses-{number}-subscription": subscription.pk}
    return fields


def at_desk(desk, subscription, *pauses):
    address = f"/admin/orders/subscription/{subscription.pk}/change/"
    return desk.post(address, posted(subscription, *pauses), follow=True)


def test_staff_are_told_what_became_of_the_orders(desk, subscription, day, moved):
    kept, cancelled = nightly(subscription, day), nightly(subscription, day + DAY)
    at_cut_off(moved, day, seconds=5)

    page = at_desk(desk, subscription, (day, None)).content.decode()

    assert f"Cancelled: order {cancelled} for {said(day + DAY)}." in page
    assert f"cut-off is over: order {kept} for {said(day)}." in page


def test_two_pauses_that_meet_become_one_at_the_desk_too(desk, subscription, tomorrow):
    at_desk(desk, subscription, (tomorrow, tomorrow + 2 * DAY), (tomorrow + DAY, tomorrow + 4 * DAY))

    assert spans(subscription) == [(1, 5)]


@pytest.mark.parametrize("until", [timedelta(0), 2 * DAY])
def test_a_pause_that_cannot_be_is_an_error_in_the_form(desk, subscription, tomorrow, until):
    actions.pause(subscription, tomorrow)

    page = at_desk(desk, subscription, (tomorrow, tomorrow + until)).content.decode()

    assert "Please correct the error" in page
    assert spans(subscription) == [(1, None)]


def test_a_pause_of_a_cancelled_subscription_is_an_error_in_the_form(desk, subscription, tomorrow):
    actions.end(subscription)

    page = at_desk(desk, subscription, (tomorrow, None)).content.decode()

    assert "This subscription is cancelled" in page
