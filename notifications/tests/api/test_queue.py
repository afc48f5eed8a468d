"""`POST /api/notifications/process-queue`: what is due is sent now, within ten seconds."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications import outbox, staff
from notifications.engine import on_request
from notifications.models import Channel, Message, QueuedMessage
from notifications.providers.base import NotNow, NotSent, Rejected
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/notifications/process-queue"
NOTHING = {"processed": 0, "sent": 0, "retrying": 0, "failed": 0, "under_way": 0, "remaining": 0}


def news(to=ASHA, name="Asha", **more):
    return outbox.queue("test_news", to=to, variables={"name": name}, **more)


def test_what_is_due_is_sent(chitra, texts, memory_provider):
    news()
    news(to=BILAL)

    answer = chitra.post(URL)

    assert answer.status_code == 200
    assert answer.json() == NOTHING | {"processed": 2, "sent": 2}
    assert len(memory_provider.accepted) == 2


def test_nothing_due_is_nothing_done(chitra, texts, memory_provider):
    news(at=timezone.now() + timedelta(hours=1))

    assert chitra.post(URL).json() == NOTHING
    assert not memory_provider.asked


def test_each_outcome_is_counted_as_what_the_message_became(chitra, texts, memory_provider):
    failures = {"Hello a": NotNow("A fault.", "500"), "Hello b": Rejected("No such number.", "131026")}

    def answer_by_text(outgoing):
        if outgoing.text in failures:
            raise failures[outgoing.text]

    memory_provider.answer_with(answer_by_text)
    for n, name in enumerate("abc"):
        news(to=f"970000000{n}", name=name)

    assert chitra.post(URL).json() == NOTHING | {"processed": 3, "sent": 1, "retrying": 1, "failed": 1}


def test_a_run_counts_only_its_own(chitra, texts):
    news()
    chitra.post(URL)
    news(to=BILAL)

    assert chitra.post(URL).json() == NOTHING | {"processed": 1, "sent": 1}


def test_while_the_channel_is_stopped_what_is_due_remains(chitra, texts, memory_provider):
    staff.stop_channel("chitra", "The wrong text went out.")
    news()

    assert chitra.post(URL).json() == NOTHING | {"remaining": 1}
    assert not memory_provider.asked


def test_in_an_outage_nothing_but_a_probe_starts(chitra, texts, memory_provider, monkeypatch):
    def away(outgoing):
        raise NotSent("MyOperator cannot be reached.", "refused")

    memory_provider.answer_with(away)
    for n in range(20):
        news(to=f"97000000{n:02}")
    monkeypatch.setattr(on_request, "CLAIMING", 0.2)

    first = chitra.post(URL).json()
    asked = len(memory_provider.asked)
    second = chitra.post(URL).json()

    assert Channel.objects.get().state == "outage"
    assert first["processed"] == first["retrying"] == asked
    assert second["processed"] == 0
    assert len(memory_provider.asked) == asked < 20
    assert Message.objects.filter(status="failed").count() == 0


def test_remaining_is_counted_to_a_thousand(chitra, texts):
    staff.stop_channel("chitra", "Wait.")
    outbox.queue_many("test_news", [outbox.Item(f"97{n:08d}", {"name": n}) for n in range(1005)])

    assert chitra.post(URL).json()["remaining"] == 1000


def test_what_is_held_leased_or_not_due_does_not_remain(chitra, texts):
    staff.stop_channel("chitra", "Wait.")
    held, leased, later, _due = (news() for _ in range(4))
    QueuedMessage.objects.filter(pk=held.pk).update(held_for="staff")
    until = timezone.now() + timedelta(seconds=30)
    QueuedMessage.objects.filter(pk=leased.pk).update(lease_until=until, token=1)
    QueuedMessage.objects.filter(pk=later.pk).update(due_at=until)

    assert chitra.post(URL).json()["remaining"] == 1


class Slow:
    """MyOperator takes its time: an answer waits until it is let go."""

    def __init__(self):
        self.asked, self.go = threading.Event(), threading.Event()

    def __call__(self, outgoing):
        self.asked.set()
        assert self.go.wait(20)


@pytest.fixture
def slow(memory_provider):
    provider = Slow()
    memory_provider.answer_with(provider)
    yield provider
    provider.go.set()
    until_free()


def until_free():
    assert on_request._running.acquire(timeout=20)
    on_request._running.release()


def test_a_slow_answer_is_not_waited_for_beyond_the_time_and_is_recorded(chitra, texts, slow, monkeypatch):
    message = news()
    monkeypatch.setattr(on_request, "CLAIMING", 0.2)
    monkeypatch.setattr(on_request, "SECONDS", 0.3)

    begun = time.monotonic()
    answer = chitra.post(URL)

    assert answer.json() == NOTHING | {"under_way": 1}
    assert time.monotonic() - begun < 5
    slow.go.set()
    until_free()
    assert Message.objects.get(pk=message.pk).status == "sent"


def test_who_comes_second_in_the_same_process_is_told(chitra, texts, slow):
    news()
    answers = []

    def ask():
        try:
            answers.append(chitra.post(URL))
        finally:
            connection.close()

    first = threading.Thread(target=ask)
    first.start()
    assert slow.asked.wait(10)

    second = chitra.post(URL)

    slow.go.set()
    first.join()
    assert (second.status_code, second.json()) == (200, NOTHING)
    assert answers[0].json() == NOTHING | {"processed": 1, "sent": 1}


def test_a_run_that_breaks_leaves_the_queue_free_for_the_next(chitra, texts, monkeypatch):
    def broken(*_):
        raise RuntimeError

    chitra.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(on_request.Engine, "_fill", broken)
        assert chitra.post(URL).status_code == 500
    until_free()
    news()

    assert chitra.post(URL).json() == NOTHING | {"processed": 1, "sent": 1}


def test_only_staff_with_the_permission_run_it(anybody, asha, dev):
    assert [client.post(URL).status_code for client in (anybody, asha, dev)] == [401, 403, 403]
