"""The status of subscriptions follows their pauses."""

from datetime import timedelta

import pytest

from notifications import clock
from orders import actions, following
from orders.models import Subscription, SubscriptionPause
from orders.tests import shop
from orders.tests.shop import silent

pytestmark = pytest.mark.django_db
TODAY = shop.FIRST
DAY = timedelta(days=1)


@pytest.fixture
def it_is(monkeypatch):
    def set_to(day):
        monkeypatch.setattr(clock, "now", lambda: shop.at(day, "00:05"))

    set_to(TODAY)
    return set_to


@pytest.fixture
def daily(it_is, asha, milk):
    return Subscription.objects.create(customer=asha, product=milk, start=TODAY)


def status():
    return Subscription.objects.get().status


def test_a_subscription_is_paused_on_the_day_its_pause_begins_and_active_on_the_day_it_resumes(daily, it_is):
    actions.pause(daily, TODAY + DAY, TODAY + 3 * DAY)
    seen = []
    for number in range(4):
        it_is(TODAY + number * DAY)
        said = following.follow_pauses(TODAY, silent)
        seen.append((status(), said))

    assert seen == [
        ("active", "0 paused, 0 active again"),
        ("paused", "1 paused, 0 active again"),
        ("paused", "0 paused, 0 active again"),
        ("active", "0 paused, 1 active again"),
    ]


def test_a_subscription_that_resumes_by_itself_is_not_confirmed_again(daily, it_is, texts_of):
    actions.pause(daily, TODAY, TODAY + DAY)
    it_is(TODAY + DAY)

    following.follow_pauses(TODAY, silent)

    assert status() == "active"
    assert len(texts_of("subscription_confirmation")) == 1


def test_a_subscription_that_is_active_for_the_first_time_is_confirmed(it_is, asha, milk, texts_of):
    waiting = Subscription.objects.create(customer=asha, product=milk, start=TODAY, status="paused")
    waiting.pauses.update(from_date=TODAY - DAY, resume_date=TODAY)

    following.follow_pauses(TODAY, silent)

    assert texts_of("subscription_confirmation") == ["✓ Subscription active: Cow milk 500 ml"]


def test_two_pauses_that_meet_are_one_to_the_status(daily, it_is):
    for begins in (TODAY, TODAY + DAY):
        SubscriptionPause.objects.create(subscription=daily, from_date=begins, resume_date=begins + DAY)
    it_is(TODAY + DAY)

    following.follow_pauses(TODAY, silent)

    assert status() == "paused"


@pytest.mark.parametrize("fields", [{"status": "cancelled"}, {"end": TODAY - DAY, "start": TODAY - DAY}])
def test_what_is_over_is_left_as_it_is(daily, fields):
    Subscription.objects.update(**fields)
    daily.pauses.create(from_date=TODAY - DAY)

    assert following.follow_pauses(TODAY, silent) == "0 paused, 0 active again"


def test_a_second_run_changes_nothing(daily):
    daily.pauses.create(from_date=TODAY)

    following.follow_pauses(TODAY, silent)

    assert following.follow_pauses(TODAY, silent) == "0 paused, 0 active again"


def test_it_goes_chunk_by_chunk_and_tells_its_progress(daily, asha, milk, monkeypatch):
    told = []
    monkeypatch.setattr(following, "CHUNK", 2)
    rows = [Subscription.objects.create(customer=asha, product=milk, start=TODAY) for _ in range(4)]
    for row in [daily, *rows]:
        row.pauses.create(from_date=TODAY)

    said = following.follow_pauses(TODAY, lambda done, total=None: told.append((done, total)))

    assert said == "5 paused, 0 active again"
    assert told == [(0, 5), (2, None), (4, None), (5, None)]
