"""One shape of errors, whatever went wrong and wherever."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from knox.models import AuthToken

pytestmark = pytest.mark.django_db
ORDERS, HISTORY, SIGN_IN = "/api/orders", "/api/notifications/history", "/api/auth/sign-in"
JSON = "application/json"


@pytest.fixture
def chitra():
    return User.objects.create_superuser("chitra")


@pytest.fixture
def api(chitra):
    """A client of Chitra's, who may do everything; a bug is an answer, not an exception."""
    token = AuthToken.objects.create(chitra, expiry=timedelta(days=1))[1]
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


def is_in_shape(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, JSON)
    body = answer.json()
    assert body.keys() == {"type", "errors"}
    assert body["type"] == ("server_error" if status >= 500 else body["type"])
    assert body["type"] in ("validation_error", "client_error", "server_error")
    assert body["errors"]
    for error in body["errors"]:
        assert error.keys() == {"code", "detail", "attr"}
        assert error["detail"]
    assert body["errors"][0]["code"] == code
    return True


WRONG = [
    (404, "not_found", "GET", "/api/nothing", {}),
    (404, "not_found", "DELETE", "/api/nothing", {}),
    (404, "not_found", "GET", "/api/orders/", {}),
    (404, "not_found", "GET", "/api/orders/999999999999999999", {}),
    (404, "not_found", "GET", "/api/orders/9999999999999999999", {}),
    (404, "not_found", "GET", "/api/orders/-1", {}),
    (404, "not_found", "GET", "/api/orders/%00", {}),
    (404, "not_found", "GET", "/api/orders/%ff%fe", {}),
    (404, "not_found", "GET", "/api/%00", {}),
    (404, "not_found", "GET", "/api/%ff%zz%", {}),
    (404, "not_found", "GET", "/api/" + "a" * 5000, {}),
    (400, "bad_phone", "GET", "/api/notifications/history/%00", {}),
    (405, "method_not_allowed", "DELETE", ORDERS, {}),
    (405, "method_not_allowed", "TRACE", ORDERS, {}),
    (405, "method_not_allowed", "GET", SIGN_IN, {}),
    (405, "method_not_allowed", "PROPFIND", ORDERS, {}),
    (406, "not_acceptable", "GET", ORDERS, {"headers": {"Accept": "text/html"}}),
    (406, "not_acceptable", "GET", "/api/schema", {"headers": {"Accept": "text/html"}}),
    (415, "unsupported_media_type", "POST", ORDERS, {"data": b"a=1", "content_type": "text/plain"}),
    (415, "unsupported_media_type", "POST", SIGN_IN, {"data": b"a", "content_type": "multipart/form-data"}),
    (415, "unsupported_media_type", "POST", SIGN_IN, {"data": b"{}", "content_type": "/;=,"}),
    (400, "parse_error", "POST", ORDERS, {"data": b"{", "content_type": JSON}),
    (400, "parse_error", "POST", ORDERS, {"data": b"\xff", "content_type": JSON}),
    (400, "parse_error", "POST", ORDERS, {"data": b'{"a": NaN}', "content_type": JSON}),
    (400, "parse_error", "POST", ORDERS, {"data": b"[" * 5000, "content_type": JSON}),
    (400, "required", "POST", ORDERS, {"data": b"", "content_type": JSON}),
    (400, "required", "POST", ORDERS, {"data": b"{}", "content_type": JSON}),
    (413, "too_large", "POST", ORDERS, {"data": b" " * 2_621_441, "content_type": JSON}),
    (400, "invalid", "GET", ORDERS + "?limit=a", {}),
    (400, "bad_request", "GET", ORDERS, {"headers": {"Host": "elsewhere.example"}}),
    (400, "bad_request", "GET", "/api/nothing", {"headers": {"Host": "a b\\"}}),
    (400, "bad_request", "POST", SIGN_IN, {"headers": {"Host": "elsewhere.example"}}),
]


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(("status", "code", "method", "path", "more"), WRONG)
def test_what_is_wrong_is_said_in_one_shape(api, settings, debug, status, code, method, path, more):
    settings.DEBUG = debug

    assert is_in_shape(api.generic(method, path, **more), status, code)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "broken", ["orders.api.orders.Orders.list", "django.middleware.common.CommonMiddleware"]
)
def test_a_bug_is_500_in_the_same_shape_and_keeps_its_secret(api, settings, monkeypatch, debug, broken):
    def bug(*_, **__):
        raise RuntimeError("secret")

    settings.DEBUG = debug
    where = broken if "list" in broken else f"{broken}.process_request"
    monkeypatch.setattr(where, bug)

    answer = api.get(ORDERS)

    assert is_in_shape(answer, 500, "error")
    assert b"secret" not in answer.content


def test_a_method_that_is_not_there_names_those_that_are(api):
    assert api.delete(ORDERS)["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer a b", "Bearer wrong", "Bearer \u0000", "Basic YTpi"]
)
def test_who_shows_no_token_is_told_how_to(client, header):
    answer = client.get(ORDERS, headers={"Authorization": header} if header else {})

    assert is_in_shape(
        answer, 401, "not_authenticated" if header in ("", "Basic YTpi") else "authentication_failed"
    )
    assert answer["WWW-Authenticate"] == "Bearer"


def test_staff_without_the_permission_are_told_so(client):
    token = AuthToken.objects.create(User.objects.create_user("devi", is_staff=True), expiry=None)[1]

    answer = client.post(ORDERS, {}, "application/json", headers={"Authorization": f"Bearer {token}"})

    assert is_in_shape(answer, 403, "permission_denied")


@pytest.mark.parametrize(("code", "status"), [("state", 409), ("invalid", 400)])
def test_a_refusal_of_the_business_is_the_callers_to_read(api, monkeypatch, code, status):
    def refuse(*_, **__):
        raise ValidationError({"status": ValidationError("It is delivered.", code=code)})

    monkeypatch.setattr("orders.api.orders.Orders.list", refuse)

    answer = api.get(ORDERS)

    assert is_in_shape(answer, status, code)
    assert answer.json()["errors"][0]["attr"] == "status"


def test_options_say_what_there_is(api, client):
    answer = api.options(ORDERS)

    assert (answer.status_code, answer["Content-Type"]) == (200, JSON)
    assert "POST" in answer["Allow"]
    assert client.options(ORDERS).status_code == 401


def test_head_is_get_without_a_body(api):
    answer = api.head(ORDERS)

    assert (answer.status_code, answer.content) == (200, b"")


def test_people_get_pages_for_their_errors(client):
    answer = client.get("/nothing", headers={"Host": "elsewhere.example"})

    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (400, "text/html")


def test_what_is_wrong_with_a_list_as_a_whole_names_the_list(api):
    for items in ([], {}, "x"):
        answer = api.post(ORDERS, {"customer": 1, "items": items}, JSON)
        assert "items" in [error["attr"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("put", "/api/notifications/templates/churn_risk", {}), ("post", ORDERS, []), ("post", SIGN_IN, [1])],
)
def test_what_is_wrong_with_the_request_as_a_whole_names_no_field(api, method, path, body):
    answer = getattr(api, method)(path, body, JSON)

    assert is_in_shape(answer, 400, "invalid")
    assert [error["attr"] for error in answer.json()["errors"]] == [None]


@pytest.mark.parametrize(
    "path", ["orders?status", "deliveries?status", "billing/bills?status", "customers?language"]
)
def test_a_filter_by_what_is_no_choice_is_told_the_choices(api, path):
    (error,) = api.get(f"/api/{path}=98765").json()["errors"]

    assert error["detail"].startswith("Use one of: ")
    assert "98765" not in error["detail"]


def test_the_page_to_try_it_has_no_options(api):
    assert is_in_shape(api.options("/api/docs"), 405, "method_not_allowed")
