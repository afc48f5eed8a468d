"""What every address under /api/ has in common: errors in one shape, the schema, the page to try it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/api/", "/api/nothing", "/api/notifications/health/", "/api/notifications/history/1/2"]
)
@pytest.mark.parametrize("debug", [True, False])
def test_an_unknown_address_is_404_in_json(client, settings, path, debug):
    settings.DEBUG = debug

    response = client.post(path)

    assert (response.status_code, response["Content-Type"]) == (404, "application/json")
    assert response.json()["errors"][0]["code"] == "not_found"


def test_a_slash_too_many_is_pointed_out(client):
    assert "no slash" in client.get("/api/notifications/health/").json()["errors"][0]["detail"]


def test_people_get_a_page_for_an_unknown_address(client):
    response = client.get("/nothing")

    assert (response.status_code, response["Content-Type"].split(";")[0]) == (404, "text/html")


def test_a_bug_is_500_in_json(monkeypatch):
    def broken(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr("rest.errors.no_endpoint.__wrapped__", broken, raising=False)
    monkeypatch.setattr("notifications.api.health._redis", broken)

    response = Client(raise_request_exception=False).get("/api/notifications/health")

    assert response.status_code == 500
    assert response.json()["type"] == "server_error"
    assert b"secret" not in response.content


def test_a_body_that_is_too_large_is_413_in_json(settings):
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(User.objects.create_superuser("chitra"))
    body = b'{"phone": "%b"}' % (b"9" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

    for path in ("/api/notifications/send-message", "/api/orders"):
        response = client.post(path, body, content_type="application/json", headers={"Idempotency-Key": "a"})

        assert response.status_code == 413
        assert response.json() == {
            "type": "client_error",
            "errors": [{"code": "too_large", "detail": "Give at most 2,621,440 bytes.", "attr": None}],
        }


def test_bytes_that_are_no_token_are_a_wrong_token(client):
    assert client.get("/api/notifications/history", headers={"Authorization": "Bearer ÿ"}).status_code == 401


def test_an_expired_token_is_a_wrong_token(client):
    from datetime import timedelta

    token = AuthToken.objects.create(User.objects.create_user("asha"), expiry=timedelta(seconds=-1))[1]

    response = client.get("/api/notifications/history", headers={"Authorization": f"Bearer {token}"})

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


def test_the_schema_names_the_endpoints(client):
    response = client.get("/api/schema")

    assert response.status_code == 200
    assert b"/api/notifications/send-message" in response.content


def test_the_page_to_try_it_brings_its_own_assets(client):
    page = client.get("/api/docs").content.decode()

    assert "/static/drf_spectacular_sidecar/" in page
    assert "cdn" not in page
