"""Rows are locked in one order everywhere: who meets another waits for them, and neither is thrown out."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from notifications import clock, erasure, outbox, receipts, staff
from notifications.models import Channel, Conversation, QueuedMessage
from notifications.models.revival import wake
from notifications.models.withdrawal import live
from notifications.tests.conftest import ASHA, BILAL
from notifications.tests.engine.conftest import news
from notifications.tests.test_replies import wrote

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr(receipts.nudge, "receipts", lambda: None)
    monkeypatch.setattr(outbox.nudge, "on_commit", lambda: None)
    monkeypatch.setattr(staff.nudge, "on_commit", lambda: None)


@pytest.fixture
def errors():
    return []


def beside(work, errors):
    """Start this on a thread of its own; return when it waits for a lock, or is done."""

    def run():
        try:
            work()
        except DatabaseError as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    for _ in range(100):
        thread.join(0.02)
        if not thread.is_alive() or _somebody_waits():
            break
    return thread


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


def wait_for_the_provider(*messages):
    """The first of them last, so that in the table it comes after the others."""
    for message in reversed(messages):
        QueuedMessage.objects.filter(pk=message.pk).update(
            waits_for="provider", due_at=timezone.now() + timedelta(minutes=5)
        )


def test_who_wakes_what_waited_meets_who_takes_it_back(texts, errors):
    first, second = news(), news(to=BILAL)
    wait_for_the_provider(first, second)
    with transaction.atomic():
        live(pk=first.pk)
        waking = beside(lambda: transaction.atomic()(wake)(clock.now()), errors)
        live(pk=second.pk)
    waking.join(10)

    assert errors == []
    assert not QueuedMessage.objects.filter(due_at__gt=timezone.now()).exists()


def test_an_erasure_meets_the_reply_of_the_same_person(texts, monkeypatch, errors):
    news()
    Conversation.heard({ASHA: timezone.now() - timedelta(days=300)})
    wrote("Stop")
    forget, threads = erasure._forget_wishes, []

    def meanwhile(*given):
        threads.append(beside(lambda: receipts.apply_waiting(clock.now()), errors))
        forget(*given)

    monkeypatch.setattr(erasure, "_forget_wishes", meanwhile)
    erasure.erase(ASHA, "chitra")
    threads[0].join(10)

    assert errors == []


def test_who_is_suspended_while_they_hold_the_channel_is_cut_off_after_ten_seconds():
    def limit():
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            return cursor.fetchone()[0]

    before = limit()
    with transaction.atomic():
        Channel.locked("+918000000000")
        assert limit() == "10s"

    assert limit() == before
