"""What the log says of a request."""

import logging

import pytest
from django.conf import settings

from earlybird.discreet import Discreet


def logged(name, words, *arguments):
    record = logging.LogRecord(name, logging.WARNING, "", 0, words, arguments, None)
    assert Discreet().filter(record)
    return record.getMessage()


@pytest.mark.parametrize("number", ["+919876543210", "9876543210", "%2B91%2098765%2043210", "098765-43210/"])
@pytest.mark.parametrize("path", ["history", "preferences"])
def test_a_number_in_a_path_is_masked(path, number):
    said = logged("django.request", "%s: %s", "Not Found", f"/api/notifications/{path}/{number}")

    assert said.startswith(f"Not Found: /api/notifications/{path}/")
    assert said.endswith("••3210")
    assert "98765" not in said


def test_a_secret_in_the_path_of_the_webhook_is_left_out():
    said = logged("django.security.DisallowedHost", "Bad Request: %s", "/webhooks/myoperator/s3cret/")

    assert said == "Bad Request: /webhooks/myoperator/••••"


def test_other_lines_stay_as_they_are():
    assert (
        logged("django.request", "Not Found: %s", "/api/orders/9876543210")
        == "Not Found: /api/orders/9876543210"
    )
    assert logged("notifications.engine", "%d sent", 3) == "3 sent"


def test_every_handler_is_discreet():
    assert all("discreet" in handler["filters"] for handler in settings.LOGGING["handlers"].values())


@pytest.mark.django_db
def test_a_refused_request_shows_no_number(client, caplog):
    handler = caplog.handler
    handler.addFilter(Discreet())

    client.get("/api/notifications/history/9876543210")

    assert "98765" not in "".join(record.getMessage() for record in caplog.records)
    assert "••3210" in caplog.text
