"""When the dispatchers are nudged, and that it costs no order anything. How is `jobs.nudge`'s."""

import pytest
from django.db import connection, transaction

from notifications import nudge, outbox
from notifications.tests.conftest import ASHA


@pytest.mark.django_db(transaction=True)
def test_nothing_is_nudged_before_the_commit(monkeypatch, texts):
    nudged = []
    monkeypatch.setattr(nudge._dispatch, "nudge", lambda: nudged.append(connection.in_atomic_block))

    with transaction.atomic():
        outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
        assert nudged == []

    assert nudged == [False]


@pytest.mark.django_db(transaction=True)
def test_a_nudge_that_cannot_start_does_not_fail_the_order(monkeypatch, texts):
    def no_thread():
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(nudge._dispatch, "nudge", no_thread)

    assert outbox.queue("test_news", to=ASHA, variables={"name": "Asha"}).status == "queued"
