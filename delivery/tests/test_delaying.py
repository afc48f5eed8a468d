"""A route or an area that is late: in one step, and who knows a later time already is told nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from delivery import actions
from delivery.actions import Delay, Route
from delivery.actions.delaying import _judge
from delivery.actions.routes import NOBODY
from delivery.models import Delivery
from delivery.tests.test_marking import many
from notifications import clock
from notifications.models import Message
from orders import days
from orders.models import Customer, Order

pytestmark = pytest.mark.django_db


def etas():
    """Of every order: when it is expected, as the clock shows it in India."""
    rows = Delivery.objects.order_by("pk")
    return [timezone.localtime(row.eta).strftime("%H:%M") if row.eta else None for row in rows]


def test_a_route_is_delayed_by_minutes_after_each_is_expected(delivery, imrans, later, texts_of):
    actions.delay(imrans, later)
    outcome = actions.delay_many(Delivery.objects.all(), Delay(minutes=30))

    assert etas() == ["08:30", "09:30"]
    assert (len(outcome.done), len(outcome.told), outcome.customers) == (2, 2, 2)
    assert texts_of("delivery_delayed")[1:] == ["⏰ Delivery ETA: 8:30 AM", "⏰ Delivery ETA: 9:30 AM"]


def test_a_route_is_delayed_to_a_time_and_what_is_later_already_stays(delivery, imrans, later):
    actions.delay(imrans, later + timedelta(hours=1))
    outcome = actions.delay_many(Delivery.objects.all(), Delay(eta=later))

    assert etas() == ["09:00", "10:00"]
    assert [row.pk for row in outcome.told] == [delivery.pk]
    (refused,) = outcome.refused
    assert refused.why.startswith(f"The delivery of order {imrans.order} is expected at 10:00")


def test_the_same_time_again_is_told_once(delivery, later, texts_of):
    for _ in range(2):
        actions.delay_many(Delivery.objects.all(), Delay(eta=later))
    assert len(texts_of("delivery_delayed")) == 1


def test_a_time_within_the_slot_is_told_to_nobody(delivery, texts_of):
    within = delivery.slot_ends_at - timedelta(minutes=15)
    outcome = actions.delay_many(Delivery.objects.all(), Delay(eta=within))
    assert (len(outcome.done), outcome.told, texts_of("delivery_delayed")) == (1, [], [])


def test_what_is_over_is_named(delivery, imrans, later):
    actions.mark_delivered(delivery)
    outcome = actions.delay_many(Delivery.objects.all(), Delay(eta=later))
    assert [row.why for row in outcome.refused] == [f"The delivery of order {delivery.order} is delivered."]


@pytest.mark.parametrize(
    ("wrong", "why"), [(timedelta(days=-3), "is over"), (timedelta(days=4), "more than 2 days after")]
)
def test_a_time_that_cannot_be_is_refused_for_each(delivery, imrans, later, wrong, why):
    outcome = actions.delay_many(Delivery.objects.all(), Delay(eta=later + wrong))
    assert [why in row.why for row in outcome.refused] == [True, True]
    assert etas() == [None, None]


def test_what_is_late_already_is_delayed_from_now(delivery):
    Delivery.objects.update(date=days.today() - timedelta(days=1))
    actions.delay_many(Delivery.objects.all(), Delay(minutes=30))
    assert clock.now() < Delivery.objects.get().eta < clock.now() + timedelta(minutes=31)


def test_each_is_told_their_agents_number(his, imrans, later):
    actions.delay_many(Delivery.objects.all(), Delay(eta=later))
    told = Message.objects.filter(kind="delivery_delayed").order_by("pk")
    assert told[0].variables["delivery_boy_phone"] == "+919876543299"
    assert {message.expires_at for message in told} == {later + timedelta(hours=2)}


def test_many_say_what_one_says(delivery, imrans, later, texts_of):
    actions.delay(delivery, later)
    actions.delay_many(Delivery.objects.filter(pk=imrans.pk), Delay(eta=later))
    one, other = texts_of("delivery_delayed")
    assert one == other


def test_looking_ahead_changes_nothing_and_sees_what_will_be(delivery, imrans, later):
    actions.delay(imrans, later + timedelta(hours=1))
    ahead = actions.foresee(Delivery.objects.all(), Delay(eta=later))
    before = etas()
    done = actions.delay_many(Delivery.objects.all(), Delay(eta=later))

    assert before == [None, "10:00"]
    assert (ahead.told, ahead.refused, ahead.customers) == (done.told, done.refused, done.customers)


def test_one_customer_with_two_deliveries_is_one_person_who_is_told(asha, milk, tomorrow, delivery, later):
    actions.plan([Order.objects.create(customer=asha, delivery_date=tomorrow)])
    outcome = actions.foresee(Delivery.objects.all(), Delay(eta=later))
    assert (len(outcome.told), outcome.customers) == (2, 1)


def test_sixty_take_as_many_statements_as_three(milk, tomorrow, later):
    rows, counts = many(milk, tomorrow, 63), []
    for some in (rows.order_by("pk")[:3], rows.order_by("-pk")[:60]):
        chosen = Delivery.objects.filter(pk__in=[row.pk for row in some])
        with CaptureQueriesContext(connection) as captured:
            actions.delay_many(chosen, Delay(eta=later))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8


def test_a_route_is_what_is_to_be_brought_of_a_day_an_area_and_an_agent(his, imrans, bilal, tomorrow):
    def found(*route):
        return set(Route(*route).ahead())

    assert found(tomorrow) == {his, imrans}
    assert found(tomorrow, "INDIRANAGAR") == found(tomorrow, None, bilal.pk) == {his}
    assert found(tomorrow, None, NOBODY) == found(tomorrow, "Jayanagar", NOBODY) == {imrans}
    assert found(tomorrow, "") == found(tomorrow + timedelta(days=1)) == set()


def test_what_nobody_has_yet_in_an_area_is_given_to_an_agent_in_one_step(his, imrans, bilal, tomorrow):
    assert actions.assign_unassigned(tomorrow, "Jayanagar", bilal) == [imrans.pk]
    assert actions.assign_unassigned(tomorrow, "Jayanagar", bilal) == []
    assert {row.agent for row in Delivery.objects.all()} == {bilal}


def test_only_what_is_pending_is_sent_out(delivery, imrans, texts_of):
    actions.mark_delivered(delivery)
    assert actions.send_out(Delivery.objects.all()) == [imrans.pk]
    assert actions.send_out(Delivery.objects.all()) == []
    assert [row.status for row in Delivery.objects.order_by("pk")] == ["delivered", "out_for_delivery"]


known = st.none() | st.integers(-60, 600)


@given(st.lists(known, min_size=1, max_size=5), st.integers(1, 300) | st.none(), st.integers(-120, 900))
def test_nobody_is_told_an_earlier_time_and_everybody_a_later_one(known, minutes, to):
    """`known` and `to` are minutes after the slot's end, tomorrow."""
    day = days.today() + timedelta(days=1)
    rows = [Delivery(pk=n, date=day, order=Order(pk=n, customer=Customer(pk=n))) for n in range(len(known))]
    for row, late in zip(rows, known, strict=True):
        row.eta = None if late is None else row.slot_ends_at + timedelta(minutes=late)
    before = [row.expected_by for row in rows]
    how = Delay(minutes) if minutes else Delay(eta=rows[0].slot_ends_at + timedelta(minutes=to))
    outcome = _judge(rows, how)

    later = [row for row, expected_by in zip(rows, before, strict=True) if row.expected_by > expected_by]
    assert outcome.told == later
    for row, was, late in zip(rows, before, known, strict=True):
        assert late is None or row.eta >= was  # what the customer was told is never moved earlier
    assert len(outcome.done) + len(outcome.refused) == len(rows)
