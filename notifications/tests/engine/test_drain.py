import threading

import pytest

from notifications import outbox
from notifications.models import Attempt, Message, QueuedMessage
from notifications.tests.conftest import ASHA
from notifications.tests.engine.conftest import drained, many

pytestmark = pytest.mark.django_db


def test_a_queued_message_is_sent_once(engine, memory_provider):
    message = outbox.queue("test_news", to="98765 43210", variables={"name": "Asha"})

    engine.drain(5)

    message.refresh_from_db()
    assert (message.status, message.text, message.phone) == ("sent", "Hello Asha", ASHA)
    assert [sent.text for sent in memory_provider.accepted] == ["Hello Asha"]
    assert not QueuedMessage.objects.exists()
    assert Attempt.objects.get().outcome == "accepted"
    assert Message.objects.count() == 1


@pytest.mark.parametrize("threads", [0, 1])
def test_a_machine_that_starts_no_more_threads_sends_all_the_same(
    engine, memory_provider, monkeypatch, threads
):
    start, left = threading.Thread.start, list(range(threads))

    def start_few(thread):
        if thread.name.startswith("slot-"):
            if not left:
                raise RuntimeError("can't start new thread")
            left.pop()
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_few)
    many(6)
    drained(engine)

    assert len(memory_provider.accepted) == 6
    assert engine.slots.busy == 0
