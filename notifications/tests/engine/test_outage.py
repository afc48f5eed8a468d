"""The provider cannot be reached, fails for everybody, refuses us, or says "too fast": nothing is given up."""

from datetime import timedelta

import pytest

from notifications import clock, outbox
from notifications.models import Message, QueuedMessage
from notifications.providers.base import ChannelDown, NotNow, NotSent, Rejected, Uncertain
from notifications.tests.conftest import BILAL
from notifications.tests.engine.conftest import (
    another_engine,
    drained,
    events,
    looked,
    many,
    news,
    sending_number,
    status,
    statuses,
    waiting,
)

pytestmark = pytest.mark.django_db

REFUSED = NotSent("Connection refused.", "refused")
BROKEN = NotNow("Their fault.", "500")


@pytest.mark.parametrize("count", [1, 1000])
def test_nothing_is_given_up_while_the_provider_cannot_be_reached_for_45_minutes(engine, asked, moved, count):
    asked.always = REFUSED
    many(count)
    for seconds in [5] * 6 + [180] * 15:
        looked(engine)
        moved.forward(seconds=seconds)

    assert sending_number().state == "outage"
    assert statuses() == {"queued"}
    assert set(QueuedMessage.objects.values_list("tries", flat=True)) == {0}

    asked.always = None
    for _ in range(3):  # the probe reopens the channel; the backlog begins with four slots
        drained(engine)
        moved.forward(seconds=20)
    assert statuses() == {"sent"}
    assert Message.objects.filter(status="sent").count() == count


def test_three_refusals_in_a_row_make_an_outage(engine, asked, moved):
    asked.always = REFUSED
    many(3)
    looked(engine)
    moved.forward(seconds=2)
    looked(engine)

    assert sending_number().state == "outage"
    assert sending_number().reason == "Connection refused."


def test_one_answer_between_them_makes_it_none(engine, asked):
    asked.answers |= {
        "Hello 0": REFUSED,
        "Hello 1": REFUSED,
        "Hello 2": Rejected("No.", "1"),
        "Hello 3": REFUSED,
    }
    for number in range(4):
        news(name=str(number), to=f"+919700000{number:03d}")
        drained(engine)

    assert sending_number().state == "open"


def test_an_outage_is_probed_once_per_fifteen_seconds_by_one_and_the_same_message(engine, asked, moved):
    asked.always = REFUSED
    many(20)
    drained(engine)
    asked.texts.clear()

    engines = [engine, another_engine(), another_engine()]
    for _ in range(12):  # a minute, three workers
        for one in engines:
            looked(one)
        moved.forward(seconds=5)

    assert 2 <= len(asked.texts) <= 4
    assert len(set(asked.texts)) == 1


def test_ten_troubles_in_a_row_from_different_messages_are_an_outage_and_no_tries(engine, asked, moved):
    asked.always = BROKEN
    many(10)
    drained(engine)

    assert sending_number().state == "outage"
    assert set(QueuedMessage.objects.values_list("tries", flat=True)) == {0}


def test_nine_are_not_an_outage(engine, asked):
    asked.always = BROKEN
    many(9)
    drained(engine)

    assert sending_number().state == "open"
    assert set(QueuedMessage.objects.values_list("tries", flat=True)) == {1}


def test_one_message_that_fails_ten_times_is_not_an_outage(engine, asked, moved, settings):
    settings.NOTIFICATION_RETRY_MINUTES = [1.0] * 12
    asked.always = BROKEN
    message = news()
    for _ in range(11):
        drained(engine)
        moved.forward(minutes=2)

    assert sending_number().state == "open"
    assert waiting(message).tries == 11


def test_a_message_whose_last_try_fell_in_the_outage_does_not_stay_failed(engine, asked, moved):
    asked.always = BROKEN
    message = news(to=BILAL)
    QueuedMessage.objects.filter(pk=message.pk).update(tries=3)
    drained(engine)
    assert status(message) == "failed"  # nobody knows yet

    many(9)
    drained(engine)
    assert (status(message), waiting(message).tries) == ("queued", 3)
    assert "given_back" in events(message)

    asked.always = None
    moved.forward(seconds=16)
    drained(engine)
    assert status(message) == "sent"


def test_what_is_not_true_any_more_gets_no_try_back(engine, asked):
    asked.always = BROKEN
    message = news(to=BILAL, reference="order_1")
    QueuedMessage.objects.filter(pk=message.pk).update(tries=3)
    drained(engine)
    outbox.withdraw("order_1", ["test_news"], "The order was cancelled.")

    many(9)
    drained(engine)

    assert sending_number().state == "outage"
    assert status(message) == "failed"


def test_a_message_held_after_its_last_try_fell_in_the_outage_is_not_held(engine, asked, moved):
    asked.always = Uncertain("No answer.", "timeout")
    message = news(to=BILAL)
    QueuedMessage.objects.filter(pk=message.pk).update(tries=3)
    drained(engine)
    assert waiting(message).held_for == "uncertain"

    many(9)
    drained(engine)

    assert (waiting(message).held_for, waiting(message).tries) == (None, 3)
    assert waiting(message).due_at > clock.now() + timedelta(minutes=14)


def test_what_was_refused_for_good_is_not_revived(engine, asked):
    asked.answers["Hello Asha"] = Rejected("No.", "131026")
    message = news()
    drained(engine)
    asked.always = BROKEN
    many(10)
    drained(engine)

    assert status(message) == "failed"


def test_an_outage_by_halves_gives_its_tries_back(engine, asked):
    for number in range(0, 24, 2):
        asked.answers[f"Hello {number}"] = BROKEN
    many(24)
    engine.slots.width = 1  # one after the other, so that no ten fail in a row
    engine.slots.most = 1
    drained(engine)

    assert sending_number().reason == "Half of the last 20 seconds failed."
    assert set(QueuedMessage.objects.values_list("tries", flat=True)) == {0}


def test_one_message_that_alone_is_refused_like_our_account_does_not_keep_the_channel_shut(
    engine, asked, moved
):
    asked.answers["Hello Asha"] = ChannelDown("Unauthorized.", "401")
    refused = news()
    looked(engine)
    other = news(name="Bilal", to=BILAL)

    for _ in range(3):
        moved.forward(seconds=16)
        looked(engine)

    assert (status(refused), status(other)) == ("queued", "sent")


@pytest.mark.parametrize("answer", [BROKEN, NotSent("Not available.", "503")])
def test_a_probe_that_alone_fails_each_time_does_not_keep_the_channel_shut(engine, asked, moved, answer):
    asked.answers["Hello Asha"] = ChannelDown("Unauthorized.", "401")
    broken = news()
    looked(engine)
    asked.answers["Hello Asha"] = answer
    other = news(name="Bilal", to=BILAL)
    QueuedMessage.objects.filter(pk=broken.pk).update(due_at=clock.now() - timedelta(minutes=1))

    for _ in range(4):
        if (
            status(other) == "queued"
        ):  # later, three of the broken one in a row would be an outage of their own
            moved.forward(seconds=16)
            looked(engine)

    assert status(other) == "sent"
