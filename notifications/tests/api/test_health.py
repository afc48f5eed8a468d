"""`GET /api/notifications/health`."""

import socket
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from notifications import outbox
from notifications.models import Channel, QueuedMessage
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db

URL = "/api/notifications/health"


def test_anybody_may_ask(anybody):
    response = anybody.get(URL)

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "redis": "ok",
        "channel": {"state": "open", "reason": None, "since": None},
        "queue": {"waiting": 0, "more": False, "oldest_due_seconds": 0.0},
        "warnings": [],
    }


def test_a_wrong_token_does_not_matter(anybody):
    anybody.credentials(HTTP_AUTHORIZATION="Bearer wrong")

    assert anybody.get(URL).status_code == 200


def test_it_says_what_waits_and_for_how_long(anybody, texts):
    outbox.queue("test_alarm", to=ASHA, variables={})
    QueuedMessage.objects.update(due_at=timezone.now() - timedelta(minutes=5))

    queue = anybody.get(URL).json()["queue"]

    assert queue["waiting"] == 1
    assert 299 < queue["oldest_due_seconds"] < 310


def test_what_is_due_later_is_not_late(anybody, texts):
    outbox.queue("test_alarm", to=ASHA, variables={}, at=timezone.now() + timedelta(hours=1))

    assert anybody.get(URL).json()["queue"]["oldest_due_seconds"] == 0


def test_a_long_queue_is_not_counted_to_its_end(anybody, texts, monkeypatch):
    monkeypatch.setattr("notifications.api.health.MOST_COUNTED", 2)
    outbox.queue_many("test_alarm", [outbox.Item(ASHA, {}) for _ in range(5)])

    assert anybody.get(URL).json()["queue"] | {"oldest_due_seconds": 0} == {
        "waiting": 2, "more": True, "oldest_due_seconds": 0,
    }  # fmt: skip


@pytest.mark.parametrize("state", ["outage", "down", "stopped"])
def test_a_channel_that_is_shut_is_degraded_with_the_reason(anybody, settings, state):
    Channel.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER, state=state, reason="No credit left.")

    response = anybody.get(URL)

    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["channel"]["state"] == state
    assert response.json()["channel"]["reason"] == "No credit left."


def test_a_redis_socket_is_asked_with_celerys_words_for_its_database(anybody, settings):
    base = settings.REDIS_URL.partition("?")[0]
    settings.REDIS_URL = f"{base}?virtual_host=3" if base.startswith("redis+socket:") else base

    assert anybody.get(URL).json()["redis"] == "ok"


def test_redis_away_is_degraded(anybody, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = anybody.get(URL)

    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["redis"] == "unreachable"


def test_redis_hanging_costs_a_third_of_a_second(anybody, settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.REDIS_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        begun = time.monotonic()
        response = anybody.get(URL)

    assert response.json()["redis"] == "unreachable"
    assert time.monotonic() - begun < 1


def test_the_database_away_is_503(anybody, monkeypatch):
    def away():
        raise OperationalError("connection to server at secret-host failed")

    monkeypatch.setattr("notifications.api.health._channel", away)

    response = anybody.get(URL)

    assert (response.status_code, response.json()["status"]) == (503, "down")
    assert "secret" not in response.content.decode()
