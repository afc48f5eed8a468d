"""What every address under /api/ has in common: errors in one shape, the schema, the page to try it."""

import re

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


def test_more_parameters_than_django_reads_are_400_in_json():
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(User.objects.create_superuser("chitra"))

    for path in ("/api/notifications/history", "/api/orders"):
        response = client.get(f"{path}?{'&'.join(f'a{number}=1' for number in range(2000))}")

        assert (response.status_code, response.json()["type"]) == (400, "client_error")


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


def test_the_page_to_try_it_names_no_other_server(client):
    page = client.get("/api/docs").content.decode()

    assert re.findall(r"https?://(?!127\.0\.0\.1|testserver|www\.w3\.org)[^\s\"']+|//cdn", page) == []
    assert '"validatorUrl": null' in page  # swagger.io would be asked otherwise


def test_all_that_the_page_needs_is_served_by_us(client):
    page = client.get("/api/docs").content.decode()
    assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)

    assert {asset.rpartition(".")[2] for asset in assets} == {"js", "css", "png"}
    for asset in assets:
        answer = client.get(asset)
        assert answer.status_code == 200
        assert len(answer.getvalue()) > 500


@pytest.mark.parametrize("query", ["?lang=%00", "?version=a%0d%0aX:1", "?format=openapi-json", "?format="])
def test_the_schema_takes_no_wishes(client, query):
    assert client.get(f"/api/schema{query}").status_code in (200, 404)


def test_the_schema_is_read_as_json_too(client):
    schema = client.get("/api/schema", headers={"Accept": "application/json"}).json()

    assert schema["openapi"].startswith("3.1")
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_operation_describes_its_errors(client):
    schema = client.get("/api/schema", headers={"Accept": "application/json"}).json()

    lacking = [
        f"{method} {path}"
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if not {"405", "406", "500"} <= operation["responses"].keys()
        or ("security" in operation and not {"401", "403", "429"} <= operation["responses"].keys())
        or ("requestBody" in operation and not {"400", "413", "415"} <= operation["responses"].keys())
        or ("{" in path and "404" not in operation["responses"])
    ]
    assert lacking == []


def test_every_tag_is_explained(client):
    schema = client.get("/api/schema", headers={"Accept": "application/json"}).json()
    used = {tag for methods in schema["paths"].values() for each in methods.values() for tag in each["tags"]}

    assert used <= {tag["name"] for tag in schema["tags"]}
