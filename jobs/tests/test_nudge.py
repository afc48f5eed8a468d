"""Telling a worker, from a thread of its own: Redis is never in the way of who saves an order."""

import itertools
import logging
import os
import threading
import time

import pytest

from jobs import nudge

PATIENCE = 5  # seconds; only a test that fails waits so long


class Broker:
    """Stands in for Celery's application: what was published, and what publishing does."""

    def __init__(self):
        self.published, self.entered, self.go_on = [], threading.Event(), threading.Event()
        self.fails = None
        self.go_on.set()

    def send_task(self, task, **options):
        self.entered.set()
        self.go_on.wait()
        self.published.append((task, time.monotonic()))
        if self.fails:
            raise self.fails

    def times(self, nudger):
        return [moment for task, moment in self.published if task == nudger.task]


@pytest.fixture
def broker(monkeypatch):
    fake = Broker()
    monkeypatch.setattr(nudge, "current_app", fake)
    yield fake
    fake.fails = None
    fake.go_on.set()


@pytest.fixture
def nudger(request):
    """One with a task name of its own: threads of earlier tests may still have something to say."""
    return nudge.Nudger(request.node.name)


def wait_for(condition):
    ends = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < ends:
        time.sleep(0.002)
    assert condition()


def test_a_nudge_is_published(broker, nudger):
    nudger.nudge()

    wait_for(lambda: len(broker.times(nudger)) == 1)


def test_who_nudges_does_not_wait_for_a_broker_that_hangs(broker, nudger):
    broker.go_on.clear()
    nudger.nudge()
    assert broker.entered.wait(PATIENCE)

    nudger.nudge()  # comes back, though the broker has not

    assert broker.times(nudger) == []


def test_nudges_while_the_broker_hangs_are_one_nudge_after(broker, nudger):
    broker.go_on.clear()
    for _ in range(1000):
        nudger.nudge()
    assert broker.entered.wait(PATIENCE)
    nudger.nudge()
    broker.go_on.set()

    wait_for(lambda: len(broker.times(nudger)) == 2)


@pytest.mark.parametrize("error", [ConnectionRefusedError("refused"), RuntimeError("a bug in the transport")])
def test_a_broker_that_is_dead_is_logged_and_asked_again(broker, nudger, error, caplog):
    broker.fails = error
    with caplog.at_level(logging.WARNING):
        nudger.nudge()
        wait_for(lambda: "nudge lost" in caplog.text)

    broker.fails = None
    nudger.nudge()

    wait_for(lambda: len(broker.times(nudger)) == 2)


def test_at_most_one_nudge_is_published_per_pause(broker, nudger):
    ends = time.monotonic() + 0.3
    while time.monotonic() < ends:
        nudger.nudge()
    times = broker.times(nudger)

    assert len(times) > 1
    assert all(later - earlier >= nudge.PAUSE for earlier, later in itertools.pairwise(times))


def test_a_process_that_was_forked_nudges_too(broker, nudger):
    nudger.nudge()
    wait_for(lambda: broker.times(nudger))
    read_end, write_end = os.pipe()
    broker.send_task = lambda task, **_: os.write(write_end, b"!")

    child = os.fork()
    if child == 0:
        try:
            nudger.nudge()
            broker.go_on.clear()
            broker.go_on.wait(PATIENCE)
        finally:
            os._exit(0)

    assert os.read(read_end, 1) == b"!"
    os.kill(child, 9)
    os.waitpid(child, 0)
