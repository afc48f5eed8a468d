"""The promised 25 %: earned by coming back in time, and off the next order once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from notifications import clock, engine, outbox
from notifications.signals import message_finished
from orders import actions, churn, days, offers
from orders.models import Customer, Offer, Order, Product, Subscription
from orders.tests.conftest import Clock, at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def away(asha, milk, moved):
    """Asha's milk, paused for two weeks."""
    outbox.opt_in(asha.phone)
    subscription = Subscription.objects.create(customer=asha, product=milk, start=days.today() - 100 * DAY)
    actions.pause(subscription, days.today() - 14 * DAY)
    return subscription


@pytest.fixture
def offer(away):
    churn.ask_back(days.today(), lambda *_: None)
    return Offer.objects.get()


def ordered(customer, milk, quantity=2):
    return actions.place_order(customer, days.today() + DAY, [(milk, quantity)])


def is_earned(offer):
    offer.refresh_from_db()
    return offer.earned_at is not None


def test_the_next_order_of_who_resumes_in_time_costs_a_quarter_less(offer, away, asha, milk):
    actions.resume(away)

    order = ordered(asha, milk)

    assert (order.total, order.discount) == (Decimal("48.75"), Decimal("16.25"))
    offer.refresh_from_db()
    assert offer.order == order


def test_the_order_after_that_costs_what_it_costs(offer, away, asha, milk):
    actions.resume(away)
    ordered(asha, milk)
    assert (ordered(asha, milk).total, ordered(asha, milk).discount) == (65, 0)


def test_an_order_of_who_has_not_resumed_costs_what_it_costs(offer, asha, milk):
    assert ordered(asha, milk).total == 65


def test_whoever_resumes_too_late_has_earned_nothing(offer, away, asha, milk, moved):
    moved.forward(days=7, seconds=5)
    actions.resume(away)
    assert not is_earned(offer)
    assert ordered(asha, milk).total == 65


@pytest.mark.parametrize(("kind", "earns"), [("churn_risk", True), ("order_confirmation", False)])
def test_a_promise_that_was_held_up_stands_for_seven_days_from_when_it_went(offer, away, moved, kind, earns):
    """An outage of two days: Asha reads it then, and comes back on her seventh day."""
    reference = f"subscription_{away.pk}"
    moved.forward(days=2)
    for other in ("", "order_7", "subscription_x"):
        message_finished.send(None, message_id=0, kind="churn_risk", reference=other, status="sent")
    message_finished.send(None, message_id=1, kind=kind, reference=reference, status="sent")
    message_finished.send(None, message_id=1, kind=kind, reference=reference, status="failed")
    moved.forward(days=6, hours=23)
    actions.resume(away)
    assert is_earned(offer) == earns


@pytest.mark.django_db(transaction=True)
def test_that_it_went_is_heard_of_from_the_engine(offer, moved):
    before = offer.until
    moved.forward(days=1)
    while engine.drain():
        pass
    offer.refresh_from_db()
    assert offer.until >= before + DAY


def test_once_earned_an_offer_waits_for_the_next_order(offer, away, asha, milk, moved):
    actions.resume(away)
    moved.forward(days=30)
    assert ordered(asha, milk).discount == Decimal("16.25")


def test_resuming_twice_earns_once(offer, away, asha, milk):
    actions.resume(away)
    actions.resume(away)
    assert [ordered(asha, milk).discount > 0 for _ in range(2)] == [True, False]


def test_a_pause_that_runs_out_in_time_earns_it_too(offer, away, moved):
    away.pauses.update(resume_date=days.today() + 3 * DAY)
    moved.forward(days=3)
    actions.follow_pauses(away)
    assert is_earned(offer)


@pytest.fixture
def lapsed(away):
    """Not paused: ended, fifteen days ago."""
    away.pauses.all().delete()
    Subscription.objects.update(end=days.today() - 15 * DAY, status="active")
    away.refresh_from_db()
    return away


def test_a_new_subscription_earns_the_offer_of_one_that_ended(lapsed, offer, asha, milk):
    actions.subscribe(asha, milk, days.today() + DAY)
    assert is_earned(offer)


def test_so_does_one_made_at_the_desk(lapsed, offer, asha, milk, desk):
    none = {f"{name}-{form}_FORMS": 0 for name in ("pauses", "overrides") for form in ("TOTAL", "INITIAL")}
    fields = {"customer": asha.pk, "product": milk.pk, "quantity": 1, "pattern": "daily"}
    desk.post("/admin/orders/subscription/add/", fields | {"start": days.today() + DAY} | none)
    assert is_earned(offer)


def test_so_does_a_later_end(lapsed, offer):
    actions.change(lapsed, end=days.today() + 30 * DAY)
    assert is_earned(offer)


def test_resuming_what_has_ended_earns_nothing(lapsed, offer):
    actions.resume(lapsed)
    assert not is_earned(offer)


def test_a_cancelled_order_gives_the_offer_back_to_the_next(offer, away, asha, milk):
    actions.resume(away)
    actions.cancel(ordered(asha, milk))
    assert ordered(asha, milk).discount == Decimal("16.25")


def test_an_offer_is_its_customers_own(offer, away, milk):
    actions.resume(away)
    bilal = Customer.objects.create(name="Bilal", phone="98765 43211")
    assert ordered(bilal, milk).discount == 0


def test_what_is_taken_off_an_order_changes_its_discount_too(offer, away, asha, milk):
    actions.resume(away)
    curd = Product.objects.create(name="Curd", unit="400 g", price="38.00")
    also = Subscription.objects.create(customer=asha, product=curd, start=days.today())
    order = Order.objects.create(customer=asha, kind="subscription", delivery_date=days.today() + 3 * DAY)
    for one in (away, also):
        order.items.create(product=one.product, subscription=one)
    order = actions.confirm(order)
    assert (order.total, order.discount) == (Decimal("52.87"), Decimal("17.63"))

    actions.pause(also, order.delivery_date)

    order.refresh_from_db()
    assert (order.total, order.discount) == (Decimal("24.37"), Decimal("8.13"))


@pytest.mark.parametrize(
    ("amount", "off"), [("0.01", "0.00"), ("0.02", "0.01"), ("0.10", "0.03"), ("65", "16.25")]
)
def test_half_a_paisa_is_rounded_up(amount, off):
    assert offers.reduce(Decimal(amount), Offer(percent=25)) == Decimal(off)


@given(st.decimals("0.01", "99999999.99", places=2))
def test_something_is_always_left_to_pay(amount):
    off = offers.reduce(amount, Offer(percent=25))
    assert 0 <= off < amount
    assert abs(off - amount / 4) <= Decimal("0.005")


@pytest.mark.django_db(transaction=True)
def test_of_orders_placed_at_once_one_has_the_offer(offer, away, asha, milk):
    actions.resume(away)
    made = at_once(lambda: ordered(asha, milk))
    assert sorted(order.discount for order in made) == [0, 0, 0, Decimal("16.25")]


def test_open_offers_are_found_for_many_customers_at_once(offer, away, asha, django_assert_num_queries):
    actions.resume(away)
    with transaction.atomic(), django_assert_num_queries(1):
        assert offers.open_for([asha.pk, 0]) == {asha.pk: offer}


# --- whatever happens, in any order -------------------------------------------------------------------


class Life(RuleBasedStateMachine):
    """Pauses, resumes, orders and cancellations of one customer, over weeks."""

    clock: Clock

    @initialize()
    def a_customer(self):
        with transaction.atomic():
            Offer.objects.all().delete()
        number = Customer.objects.count()
        self.customer = Customer.objects.create(name="Asha", phone=f"+9198765{number:05}")
        outbox.opt_in(self.customer.phone)
        self.milk = Product.objects.get_or_create(name="Milk", unit="1 l", defaults={"price": "33.33"})[0]
        self.subscription = Subscription.objects.create(
            customer=self.customer, product=self.milk, start=days.today() - 100 * DAY
        )
        self.came_back = []

    @rule(length=st.one_of(st.none(), st.integers(1, 30)))
    def pause(self, length):
        if not self.subscription.pauses.filter(churn._still_paused(days.today())).exists():
            actions.pause(self.subscription, days.today(), length and days.today() + length * DAY)

    @rule()
    def resume(self):
        actions.resume(self.subscription)
        self.came_back.append(clock.now())

    @rule(span=st.sampled_from([1, 3, 7, 14]))
    def time_passes(self, span):
        for _ in range(span):
            self.clock.forward(days=1)
            was = Subscription.objects.get(pk=self.subscription.pk).status
            if was != actions.follow_pauses(Subscription.objects.get(pk=self.subscription.pk)).status:
                self.came_back.append(clock.now())
            churn.ask_back(days.today(), lambda *_: None)

    @rule()
    def order(self):
        ordered(self.customer, self.milk, 1)

    @precondition(lambda self: self.customer.orders.exclude(status="cancelled").exists())
    @rule()
    def cancel(self):
        actions.cancel(self.customer.orders.exclude(status="cancelled").first())

    @invariant()
    def an_offer_is_used_once_by_who_came_back_in_time(self):
        if not hasattr(self, "customer"):
            return
        standing = self.customer.orders.filter(status="confirmed")
        reduced = {order.pk for order in standing if order.discount}
        used = Offer.objects.filter(customer=self.customer, order__isnull=False)
        assert {offer.order_id for offer in used} == reduced
        for offer in used:
            assert any(offer.made_at <= at <= offer.until + timedelta(seconds=1) for at in self.came_back)
        for order in standing:
            assert order.total + order.discount == Decimal("33.33")


def test_no_offer_is_used_twice_or_without_coming_back_in_time(moved):
    Life.clock = moved
    run_state_machine_as_test(Life, settings=few(max_examples=12, stateful_step_count=25, deadline=None))
