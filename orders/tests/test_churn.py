"""Asking customers back who are away."""

from datetime import timedelta

import pytest

from jobs import registry
from notifications import clock, outbox
from notifications.models import Message
from notifications.tests.at_once import together
from orders import actions, churn, days
from orders.checks import churn_days_make_sense
from orders.models import Customer, Offer, Product, Subscription

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def opted_in(asha):
    return outbox.opt_in(asha.phone)


@pytest.fixture
def running(asha, milk):
    """Asha's milk, brought for a long time."""
    return Subscription.objects.create(customer=asha, product=milk, start=days.today() - 100 * DAY)


def ended(subscription, days_ago):
    Subscription.objects.filter(pk=subscription.pk).update(end=days.today() - days_ago * DAY)


def run(day=None):
    return registry.get("churn_risk").run(day or days.today(), lambda *_: None)


def asked():
    return list(Message.objects.filter(kind="churn_risk").order_by("pk").values_list("status", flat=True))


def test_who_has_been_paused_for_two_weeks_is_asked_back_and_offered_a_quarter_off(
    running, opted_in, texts_of
):
    actions.pause(running, days.today() - 14 * DAY)

    assert run() == "1 asked back and offered 25 %."

    assert texts_of("churn_risk") == ["❤️ We miss you! Resume for 25% OFF"]
    offer = Offer.objects.get()
    assert (offer.customer, offer.subscription, offer.percent) == (running.customer, running, 25)
    assert offer.until - offer.made_at == timedelta(days=7)


def test_who_has_been_paused_for_less_is_not(running, opted_in):
    actions.pause(running, days.today() - 13 * DAY)
    run()
    assert asked() == []


def test_the_number_of_days_is_a_setting(running, opted_in, settings):
    settings.CHURN_DAYS = 3
    actions.pause(running, days.today() - 3 * DAY)
    run()
    assert asked() == ["queued"]


@pytest.mark.parametrize(("days_ago", "statuses"), [(15, ["queued"]), (14, [])])
def test_whose_subscription_has_been_over_for_two_weeks_is_asked_back(running, opted_in, days_ago, statuses):
    ended(running, days_ago)
    run()
    assert asked() == statuses


def test_who_cancelled_for_good_is_left_in_peace(running, opted_in):
    actions.pause(running, days.today() - 14 * DAY)
    ended(running, 15)
    actions.end(running)
    run()
    assert asked() == []


def test_who_is_back_is_not_asked(running, opted_in):
    actions.pause(running, days.today() - 20 * DAY, days.today())
    run()
    assert asked() == []


def test_who_has_another_subscription_running_is_not_asked(running, opted_in, milk):
    actions.pause(running, days.today() - 14 * DAY)
    Subscription.objects.create(customer=running.customer, product=milk, start=days.today() + DAY)
    run()
    assert asked() == []


def test_another_subscription_that_is_over_is_none(running, opted_in, milk):
    actions.pause(running, days.today() - 14 * DAY)
    start = days.today() - 9 * DAY
    Subscription.objects.create(customer=running.customer, product=milk, start=start, end=start)
    run()
    assert asked() == ["queued"]


def test_a_customer_is_asked_back_once_for_each_pause(running, opted_in, moved):
    actions.pause(running, days.today() - 14 * DAY)
    for _ in range(3):
        run()
        moved.forward(days=1)
    assert asked() == ["queued"]

    actions.resume(running)
    actions.pause(running, days.today())
    moved.forward(days=14)
    run()

    assert asked() == ["cancelled", "queued"]
    assert Offer.objects.count() == 2


def test_a_customer_with_two_subscriptions_away_is_asked_once(running, opted_in, milk, moved):
    other = Subscription.objects.create(
        customer=running.customer, product=milk, start=days.today() - 90 * DAY
    )
    for one, since in ((running, 20), (other, 15)):
        actions.pause(one, days.today() - since * DAY)
    third = Subscription.objects.create(
        customer=running.customer, product=milk, start=days.today() - 90 * DAY
    )
    ended(third, 16)

    run()
    moved.forward(days=1)
    run()

    assert asked() == ["queued"]


def test_who_did_not_ask_for_offers_is_neither_told_nor_offered_and_asked_about_once(running, moved):
    actions.pause(running, days.today() - 14 * DAY)
    for _ in range(3):
        run()
        moved.forward(days=1)

    assert asked() == ["suppressed"]
    assert not Offer.objects.exists()


def test_days_that_were_missed_are_made_up_once(running, opted_in, moved):
    actions.pause(running, days.today() - 14 * DAY)
    missed = days.today()
    moved.forward(days=3)
    for number in range(4):
        run(missed + number * DAY)

    assert asked() == ["queued"]


def test_who_went_away_long_before_we_looked_is_not_woken_up(running, opted_in):
    actions.pause(running, days.today() - 60 * DAY)
    run()
    assert asked() == []


def test_who_has_resumed_is_not_asked_back_any_more(running, opted_in):
    actions.pause(running, days.today() - 14 * DAY)
    run()
    actions.resume(running)
    assert asked() == ["cancelled"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once(running, opted_in):
    actions.pause(running, days.today() - 14 * DAY)

    together(run, 4)

    assert asked() == ["queued"]
    assert Offer.objects.count() == 1


def test_many_customers_are_asked_in_chunks_with_few_queries(
    milk, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(churn, "CHUNK", 10)
    customers = Customer.objects.bulk_create(
        Customer(name=f"C{number}", phone=f"+9198765{number:05}") for number in range(30)
    )
    for customer in customers:
        outbox.opt_in(customer.phone)
        away = Subscription.objects.create(customer=customer, product=milk, start=days.today() - 90 * DAY)
        actions.pause(away, days.today() - 14 * DAY)

    with django_assert_max_num_queries(40):
        assert run() == "30 asked back and offered 25 %."

    assert Offer.objects.count() == 30


def test_asking_by_hand_makes_the_offer_too(running, opted_in):
    actions.pause(running, days.today())
    for _ in range(2):
        churn.ask([churn.absence_of(running)], clock.now())
    assert asked() == ["queued"]
    assert Offer.objects.get().cause == f"pause-{running.pauses.get().pk}"
    assert Product.objects.count() == 1


@pytest.mark.parametrize(("number", "ids"), [(14, []), (1, []), (0, ["orders.E001"]), (-3, ["orders.E001"])])
def test_a_number_of_days_that_makes_no_sense_is_said_by_check(settings, number, ids):
    settings.CHURN_DAYS = number
    assert [error.id for error in churn_days_make_sense()] == ids
