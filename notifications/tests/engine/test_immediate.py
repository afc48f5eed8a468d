"""`immediate: true`: one try inside the request, through the same pace, outage state and record."""

import time

import pytest

from notifications import clock
from notifications.engine import immediate, process
from notifications.engine.claim import claim
from notifications.models import Channel, QueuedMessage
from notifications.providers.base import NotNow
from notifications.tests.conftest import BILAL
from notifications.tests.engine.conftest import drained, many, news, outcomes, status, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_engine(engine, monkeypatch):
    """The request's process has this engine."""
    monkeypatch.setattr(immediate, "engine", lambda: engine)
    return engine


def take(message):
    return immediate.take(message.pk, time.monotonic())


def test_a_message_taken_by_a_request_is_nobody_elses(engine, asked):
    message = news()
    assert take(message)
    drained(engine)

    assert asked.texts == []
    assert status(message) == "sending"


def test_send_now_sends_and_records(asked):
    message = news()
    answered = immediate.send_now(take(message))

    assert answered.failure is None
    assert (status(message), outcomes(message), asked.texts) == ("sent", ["accepted"], ["Hello Asha"])
    assert not QueuedMessage.objects.exists()


def test_a_try_that_fails_goes_on_on_the_schedule(asked):
    asked.always = NotNow("Their fault.", "500")
    message = news()
    immediate.send_now(take(message))

    assert (status(message), waiting(message).tries) == ("retrying", 1)


def test_only_the_message_that_was_asked_for_is_taken():
    many(5)
    message = news()

    assert take(message).claimed.message_id == message.pk
    assert QueuedMessage.objects.exclude(lease_until=None).count() == 1


@pytest.mark.parametrize("state", ["outage", "down", "stopped"])
def test_a_shut_channel_leaves_it_queued(state):
    Channel.objects.create(number="", state=state, probe_at=clock.now())
    message = news()

    assert take(message) is None
    assert status(message) == "queued"


def test_a_pace_that_is_spoken_for_leaves_it_queued(settings):
    settings.MYOPERATOR_RATE_LIMIT = 3
    for number in range(4):
        take(news(to=f"+91980000000{number}"))
    message = news(to=BILAL)

    assert take(message) is None
    assert status(message) == "queued"


def test_the_wait_for_the_pace_is_part_of_the_five_seconds(settings):
    settings.MYOPERATOR_RATE_LIMIT = 5
    many(3)
    claim(3, clock.now(), deadline=15)
    begun = time.monotonic()
    job = immediate.take(news(to=BILAL).pk, begun)

    assert job.start_at - begun + job.outgoing.deadline <= immediate.SECONDS


def test_beside_a_campaign_that_takes_all_the_pace_it_still_has_a_turn(settings):
    settings.MYOPERATOR_RATE_LIMIT = 10
    many(20)
    assert claim(20, clock.now(), deadline=15).jobs
    assert not claim(20, clock.now(), deadline=15).jobs

    assert immediate.take(news(to=BILAL).pk, time.monotonic())


def test_a_third_at_the_same_moment_finds_no_place():
    with immediate.Place() as first, immediate.Place() as second, immediate.Place() as third:
        assert (first.taken, second.taken, third.taken) == (True, True, False)
    with immediate.Place() as again:
        assert again.taken


def test_a_process_has_one_engine(settings):
    assert process.engine() is process.engine()
