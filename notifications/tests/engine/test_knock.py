"""In an outage of `chat` the account is asked after, which is nobody's message, before one message probes."""

import pytest

from notifications import clock
from notifications.engine.drain import Engine
from notifications.engine.slots import Slots
from notifications.models import Channel, QueuedMessage
from notifications.providers.base import ChannelDown, Listing, NotSent
from notifications.providers.memory import Memory
from notifications.tests.engine.conftest import drained, looked, many, sending_number, statuses


class Askable(Memory):
    """A provider that can be asked; `answer` is what it raises, or None."""

    def __init__(self):
        self.knocks, self.answer = 0, None

    def knock(self, seconds):
        self.knocks += 1
        if self.answer:
            raise self.answer

    def templates(self, seconds):
        return Listing([], True)


@pytest.fixture
def provider():
    return Askable()


@pytest.fixture
def outage(engine, asked, moved, provider):
    """An engine in an outage whose first probe is due: nothing answers."""
    asked.always = provider.answer = NotSent("refused")
    many(10)
    mine = Engine(Slots(provider, 50))
    looked(mine)
    assert sending_number().state == Channel.State.OUTAGE
    asked.texts.clear()
    moved.forward(seconds=16)
    return mine


def test_while_nobody_answers_no_message_is_tried(outage, asked, provider, moved):
    for _ in range(3):
        looked(outage)
        moved.forward(seconds=16)
    assert (provider.knocks, asked.texts) == (3, [])


def test_one_knock_in_fifteen_seconds_for_all_workers(outage, provider, engine):
    another = Engine(Slots(provider, 50))
    looked(outage)
    looked(another)
    looked(outage)
    assert provider.knocks == 1


def test_when_it_answers_one_message_probes_and_reopens(outage, asked, provider):
    asked.always = provider.answer = None
    drained(outage)
    assert (sending_number().state, statuses()) == (Channel.State.OPEN, {"sent"})
    assert provider.knocks == 1


def test_who_answers_and_yet_takes_no_message_keeps_it_shut(outage, asked, provider, moved):
    provider.answer, asked.always = None, ChannelDown("The MyOperator wallet is empty.", "CHAT_4001")
    for _ in range(3):
        looked(outage)
        moved.forward(seconds=36)
    assert sending_number().state == Channel.State.DOWN
    assert (provider.knocks, len(asked.texts)) == (3, 3)


def test_who_does_not_know_us_any_more_makes_the_channel_down(outage, asked, provider):
    provider.answer = ChannelDown("MyOperator does not accept our credentials.", "401")
    looked(outage)
    channel = sending_number()
    assert (channel.state, channel.reason) == ("down", "MyOperator does not accept our credentials.")
    assert asked.texts == []


@pytest.mark.parametrize("code", ["403", "404", "405"])
def test_who_may_not_be_asked_is_probed_with_a_message(outage, asked, provider, code):
    """A key that is good for messages only, an account without that question: nothing else would ever reopen it."""
    provider.answer, asked.always = ChannelDown("No.", code), None
    drained(outage)
    assert (sending_number().state, statuses()) == (Channel.State.OPEN, {"sent"})


@pytest.mark.parametrize(("code", "asked_again"), [("403", 1), ("404", 2)])
def test_once_a_message_was_refused_too_a_refusal_to_tell_is_believed(
    outage, asked, provider, moved, code, asked_again
):
    provider.answer = asked.always = ChannelDown("No.", code)
    for _ in range(2):
        looked(outage)
        moved.forward(seconds=36)
    assert sending_number().state == Channel.State.DOWN
    assert len(asked.texts) == asked_again


def test_a_bug_in_asking_keeps_it_shut(outage, asked, provider):
    provider.answer = ZeroDivisionError()
    looked(outage)
    assert (sending_number().state, asked.texts) == (Channel.State.OUTAGE, [])


def test_the_provider_of_send_message_is_not_asked(engine):
    assert not engine.slots.can_knock


def test_what_may_not_go_does_not_keep_a_message_behind_it_from_probing(outage, asked, provider):
    QueuedMessage.objects.filter(message__text__in=[f"Hello {n}" for n in range(5)]).update(
        expires_at=clock.now()
    )
    asked.always = provider.answer = None
    drained(outage)
    assert (sending_number().state, statuses()) == (Channel.State.OPEN, {"expired", "sent"})
    assert provider.knocks == 1
