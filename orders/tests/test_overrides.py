"""One day of a subscription that differs, by the API."""

from datetime import timedelta

import pytest

from orders import actions, days
from orders.cutoff import cut_off
from orders.models import Subscription
from orders.tests.conftest import named

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def day(moved):
    """The day after tomorrow of the moved clock."""
    return days.today() + 2 * DAY


@pytest.fixture
def bring(api, subscription):
    """Ask for a quantity on a day; None of a quantity is the pattern's."""

    def ask(day, quantity):
        body = {"date": str(day), "quantity": quantity}
        return api.put(f"/api/subscriptions/{subscription.pk}/overrides", body, format="json")

    return ask


def test_a_day_has_another_quantity(bring, day):
    assert bring(day, 3).json() == [{"date": str(day), "quantity": 3}]


def test_asking_again_changes_that_day(bring, day):
    for quantity in (3, 0, 0):
        answer = bring(day, quantity)
    assert answer.json() == [{"date": str(day), "quantity": 0}]


def test_null_goes_back_to_the_pattern(bring, day, subscription):
    bring(day, 3)
    for _ in range(2):
        assert bring(day, None).json() == []
    assert not subscription.overrides.exists()


def test_coming_days_are_listed_the_next_first(bring, api, subscription, day):
    for one in (day + DAY, day):
        bring(one, 2)
    subscription.overrides.create(date=days.today() - DAY, quantity=5)
    listed = api.get(f"/api/subscriptions/{subscription.pk}/overrides").json()
    assert listed == [{"date": str(day), "quantity": 2}, {"date": str(day + DAY), "quantity": 2}]


def test_a_day_can_be_changed_until_its_cut_off(bring, day, moved):
    moved.set(cut_off(day) - timedelta(seconds=20))
    assert bring(day, 3).status_code == 200

    moved.set(cut_off(day) + timedelta(seconds=1))
    answer = bring(day, 4)

    before = day - DAY
    assert answer.status_code == 400
    assert named(answer) == {"date": f"This day could be changed until 21:00 on {before.day} {before:%B %Y}."}


def test_days_outside_the_subscription_are_refused(bring, day):
    Subscription.objects.update(start=day, end=day)
    assert "starts only on" in named(bring(day - DAY, 1))["date"]
    assert "ends before" in named(bring(day + DAY, 1))["date"]
    assert "is over" in named(bring(day - 9 * DAY, 1))["date"]


@pytest.mark.parametrize("quantity", [-1, 1001, "2", 1.5, True])
def test_a_quantity_that_is_none_is_refused(bring, day, quantity):
    assert list(named(bring(day, quantity))) == ["quantity"]


def test_a_cancelled_subscription_has_no_days_to_change(bring, day, subscription):
    actions.end(subscription)
    assert bring(day, 2).status_code == 409


def test_a_day_within_a_pause_is_refused_with_its_days_and_may_be_skipped(bring, day, subscription):
    actions.pause(subscription, day, day + DAY)
    assert "is paused from" in named(bring(day, 2))["date"]
    assert bring(day, 0).status_code == 200
    assert bring(day + DAY, 2).status_code == 200
