"""How beat ends."""

import signal

import pytest
from celery.signals import beat_init

from earlybird.celery import STOPS


@pytest.fixture
def beat():
    handlers = {number: signal.getsignal(number) for number in STOPS}
    beat_init.send(sender=None)
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_beat_told_to_stop_unwinds_and_asks_nothing_of_the_database(beat):
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)


def test_beat_told_twice_is_not_interrupted_on_its_way_out(beat):
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    for number in STOPS:
        signal.raise_signal(number)
