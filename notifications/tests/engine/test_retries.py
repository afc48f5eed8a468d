"""A try that failed and may heal: 0, 5, 15 and 30 minutes, then it is over for this one message."""

from datetime import timedelta

import pytest

from notifications import clock, schedule
from notifications.models import MessageEvent, QueuedMessage
from notifications.providers.base import Accepted, NotNow, Rejected, TooFast, Uncertain
from notifications.tests.conftest import BILAL
from notifications.tests.engine.conftest import drained, events, news, offer, outcomes, status, waiting

pytestmark = pytest.mark.django_db


def test_a_message_the_provider_fails_for_is_tried_at_0_5_15_and_30_minutes_while_others_are_sent(
    engine, asked, moved
):
    asked.answers["Hello Asha"] = NotNow("Their fault.", "500")
    message = news()
    tried = []

    for minute in range(0, 42, 2):
        other = news(name=f"minute {minute}", to=BILAL)
        before = asked.texts.count("Hello Asha")
        drained(engine)
        if asked.texts.count("Hello Asha") > before:
            tried.append(minute)
        assert status(other) == "sent"
        moved.forward(minutes=2)

    assert len(tried) == 4
    assert tried[0] == 0
    # We look every two minutes, and jitter adds up to a tenth.
    assert 5 <= tried[1] < 5 * 1.1 + 2
    assert 15 <= tried[2] < 15 * 1.1 + 4
    assert 30 <= tried[3] < 30 * 1.1 + 6
    assert status(message) == "failed"


def test_each_wait_is_five_ten_and_fifteen_minutes_with_jitter_only_upward(engine, asked, moved):
    asked.always = NotNow("Their fault.", "500")
    message, waits = news(), []

    for _ in range(3):
        drained(engine)
        waits.append(waiting(message).due_at - clock.now())
        moved.set(waiting(message).due_at)
    drained(engine)

    for wait, minutes in zip(waits, (5, 10, 15), strict=True):
        assert timedelta(minutes=minutes, seconds=-5) <= wait <= timedelta(minutes=minutes * 1.1)
    assert (status(message), outcomes(message)) == ("failed", ["not_now"] * 4)
    assert not QueuedMessage.objects.exists()


@pytest.mark.parametrize("random", [0.0, 0.5, 1.0])
def test_jitter_is_at_most_a_tenth_of_the_wait_and_only_upward(random):
    now = clock.now()

    wait = schedule.next_try(1, [5, 10, 15], now, lambda: random) - now

    assert wait == timedelta(minutes=5 * (1 + random / 10))


def test_a_utility_message_of_unknown_fate_is_sent_again_and_the_log_says_so(engine, asked, moved):
    message = news()
    asked.always = Uncertain("No answer.", "timeout")
    drained(engine)
    assert status(message) == "uncertain"

    asked.always = None
    moved.forward(minutes=6)
    drained(engine)

    assert (status(message), outcomes(message)) == ("sent", ["uncertain", "accepted"])
    assert events(message) == ["sent_again"]


def test_an_offer_of_unknown_fate_is_held_for_staff(engine, asked, moved):
    message = offer()
    asked.always = Uncertain("No answer.", "timeout")
    drained(engine)

    moved.forward(hours=1)
    drained(engine)

    assert (status(message), waiting(message).held_for) == ("uncertain", "uncertain")
    assert asked.texts == ["An offer"]


def test_what_is_uncertain_after_its_last_try_is_held(engine, asked, moved):
    asked.always = Uncertain("No answer.", "timeout")
    message = news()
    for _ in range(4):
        drained(engine)
        moved.forward(minutes=20)
    drained(engine)

    assert (status(message), waiting(message).held_for) == ("uncertain", "uncertain")
    assert len(asked.texts) == 4
    assert "held" in events(message)


def test_a_rejection_fails_with_code_and_words_at_once(engine, asked):
    asked.always = Rejected("This number is not on WhatsApp.", "131026")
    message = news()
    drained(engine)

    message.refresh_from_db()
    assert (message.status, message.error_code) == ("failed", "131026")
    assert message.error == "This number is not on WhatsApp."


def test_a_person_who_is_written_to_too_fast_waits_four_to_the_n_seconds_but_at_least_six(
    engine, asked, moved
):
    asked.answers["Hello Asha"] = TooFast("This person.", "131056", person=True)
    message, waits = news(), []
    for _ in range(3):
        drained(engine)
        waits.append(round((waiting(message).due_at - clock.now()).total_seconds()))
        moved.set(waiting(message).due_at)
    other = news(name="Bilal", to=BILAL)
    drained(engine)

    assert all(abs(wait - named) <= 1 for wait, named in zip(waits, [6, 16, 64], strict=True))
    assert (waiting(message).tries, status(other)) == (0, "sent")


def test_a_marketing_cap_is_asked_again_after_a_day_and_at_most_twice(engine, asked, moved):
    asked.always = NotNow("The cap.", "131049", retry_after=86400, person=True)
    message = news(expires_at=clock.now() + timedelta(days=9))
    drained(engine)
    assert waiting(message).due_at - clock.now() > timedelta(hours=23)

    for _ in range(4):
        moved.forward(hours=25)
        drained(engine)

    assert (status(message), len(asked.texts)) == ("failed", 3)


def test_an_expired_message_is_never_sent_late(engine, asked, moved):
    message = news(at=clock.now() + timedelta(minutes=1), expires_at=clock.now() + timedelta(minutes=5))
    moved.forward(minutes=6)
    drained(engine)

    assert (status(message), asked.texts) == ("expired", [])
    assert events(message) == ["expired"]


def test_one_provider_id_for_every_message_costs_nothing_but_a_note(engine, asked):
    asked.always = Accepted("the same")
    messages = [news(name=name) for name in "abc"]
    drained(engine)

    assert {status(message) for message in messages} == {"sent"}
    assert MessageEvent.objects.filter(what="repeated_id").count() == 2
