"""A channel that refuses us, that staff stopped, or that we asked too fast."""

from datetime import timedelta

import pytest

from notifications import clock
from notifications.engine.claim import claim
from notifications.models import Attempt, Channel, Message, QueuedMessage
from notifications.providers.base import ChannelDown, NotNow, TooFast
from notifications.tests.engine.conftest import drained, many, sending_number, statuses

pytestmark = pytest.mark.django_db


def test_a_refusal_of_our_account_stops_everything_until_a_probe_reopens_it(engine, asked, moved):
    asked.always = ChannelDown("The wallet is empty.", "CHAT_4001")
    many(30)
    drained(engine)
    first = len(asked.texts)
    assert first <= 4  # the width it began with
    assert (sending_number().state, statuses()) == ("down", {"queued"})

    drained(engine)
    assert len(asked.texts) == first

    asked.always = None
    moved.forward(seconds=16)
    drained(engine)
    assert (sending_number().state, statuses()) == ("open", {"sent"})


@pytest.mark.parametrize(
    "failure", [ChannelDown("The wallet is empty.", "CHAT_4001"), TooFast("Slow down.", "429")]
)
def test_what_waits_for_its_place_in_the_pace_does_not_start_once_we_are_told_to_stop(
    engine, asked, settings, failure
):
    settings.MYOPERATOR_RATE_LIMIT = 4  # 250 ms apart: the first answer is recorded before the second may go
    asked.always = failure
    many(4)
    drained(engine)

    assert len(asked.texts) == 1
    assert statuses() == {"queued"}
    assert set(QueuedMessage.objects.values_list("tries", "lease_until")) == {(0, None)}


def test_what_was_turned_away_is_sent_when_sending_goes_on(engine, asked, moved, settings):
    settings.MYOPERATOR_RATE_LIMIT = 4
    asked.answers["Hello 0"] = TooFast("Slow down.", "429", retry_after=30)
    many(4)
    drained(engine)

    asked.answers.clear()
    moved.forward(seconds=31)
    drained(engine)
    assert statuses() == {"sent"}
    assert set(Message.objects.values_list("tries", flat=True)) == {1}


def test_what_staff_stopped_stays_stopped(engine, asked, moved):
    many(1)
    Channel.objects.update_or_create(number="", defaults={"state": "stopped"})
    for _ in range(3):
        drained(engine)
        moved.forward(hours=1)

    assert (asked.texts, statuses()) == ([], {"queued"})


def test_an_answer_that_comes_after_staff_stopped_does_not_reopen(engine, asked):
    many(1)
    jobs = claim(1, clock.now(), deadline=15).jobs
    Channel.objects.update(state="stopped")
    engine.recorder.record([engine.slots.send_here(job) for job in jobs])

    assert (sending_number().state, statuses()) == ("stopped", {"sent"})


def test_too_fast_waits_as_long_as_it_says_and_uses_no_try(engine, asked, moved):
    asked.always = TooFast("Slow down.", "429", retry_after=30)
    many(2)
    drained(engine)
    before = len(asked.texts)

    moved.forward(seconds=25)
    drained(engine)
    assert len(asked.texts) == before

    asked.always = None
    moved.forward(seconds=10)
    drained(engine)
    assert statuses() == {"sent"}
    assert set(Message.objects.values_list("tries", flat=True)) == {1}
    assert Attempt.objects.filter(outcome="too_fast").exists()


def test_too_fast_without_a_time_waits_five_seconds(engine, asked):
    asked.always = TooFast("Slow down.", "429")
    many(1)
    drained(engine)

    assert timedelta(0) < sending_number().not_before - clock.now() <= timedelta(seconds=5)


def test_a_marketing_cap_of_many_people_is_no_outage(engine, asked):
    asked.always = NotNow("The cap.", "131049", retry_after=86400, person=True)
    many(30)
    drained(engine)

    assert sending_number().state == "open"
