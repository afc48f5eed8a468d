import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(chitra):
    client = APIClient()
    client.force_authenticate(chitra)
    return client


@pytest.fixture
def body(asha, milk, tomorrow):
    return {
        "customer": asha.pk,
        "delivery_date": tomorrow.isoformat(),
        "items": [{"product": milk.pk, "quantity": 2}],
    }


def test_an_order_placed_by_api_is_confirmed_and_announced(api, body, chitra, milk, texts_of):
    answer = api.post("/api/orders", body, format="json")
    order = Order.objects.get()
    assert answer.status_code == 201
    assert answer.json() | {"created_at": None} == {
        "id": order.pk,
        "customer": body["customer"],
        "kind": "one_time",
        "delivery_date": body["delivery_date"],
        "status": "confirmed",
        "total": "65.00",
        "items": [{"product": milk.pk, "quantity": 2, "price": "32.50"}],
        "delivered_at": None,
        "created_at": None,
    }
    assert order.placed_by == chitra
    assert texts_of("order_confirmation") == [f"Order #{order.pk} confirmed"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer": 0}, "customer"),
        ({"delivery_date": "2026-02-30"}, "delivery_date"),
        ({"delivery_date": "2020-01-01"}, "delivery_date"),
        ({"delivery_date": "9999-12-31"}, "delivery_date"),
        ({"items": []}, "items"),
        ({"items": [{"product": 0, "quantity": 1}]}, "items.0.product"),
        ({"items": "milk"}, "items"),
    ],
)
def test_a_bad_order_is_refused_naming_the_field(api, body, change, field):
    answer = api.post("/api/orders", body | change, format="json")
    assert answer.status_code == 400
    assert [error["attr"].split(".non_field")[0] for error in answer.json()["errors"]] == [field]
    assert not Order.objects.exists()


@pytest.mark.parametrize("quantity", [0, -1, 1001, "two", None, 10**30])
def test_a_bad_quantity_is_refused_naming_it(api, body, quantity):
    body["items"][0]["quantity"] = quantity
    answer = api.post("/api/orders", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "items.0.quantity"


def test_malformed_json_is_refused(api):
    assert api.post("/api/orders", "{", content_type="application/json").status_code == 400


def test_orders_are_listed_the_newest_first(api, body):
    for _ in range(2):
        api.post("/api/orders", body, format="json")
    ids = [order["id"] for order in api.get("/api/orders").json()["results"]]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 2


@pytest.mark.parametrize("cursor", ["cD0lMDA=", "cD14", "xxx", "é", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_cursor_that_no_page_gave_is_refused_naming_it(api, order, cursor):
    answer = api.get("/api/orders", {"cursor": cursor})
    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == ["cursor"]


def test_the_next_page_goes_on_where_the_first_ends_and_back_again(api, body):
    for _ in range(2):
        api.post("/api/orders", body, format="json")
    first = api.get("/api/orders?limit=1").json()
    second = api.get(first["next"]).json()
    assert first["results"][0]["id"] > second["results"][0]["id"]
    assert api.get(second["previous"]).json()["results"] == first["results"]


def test_who_has_not_signed_in_is_turned_away(body):
    assert APIClient().post("/api/orders", body, format="json").status_code == 401


@pytest.mark.parametrize(
    ("is_staff", "permission", "method", "expected"),
    [
        (True, "add_order", "post", 201),
        (True, "view_order", "get", 200),
        (True, "view_order", "post", 403),
        (True, "add_order", "get", 403),
        (False, "add_order", "post", 403),
    ],
)
def test_only_staff_with_the_permission_may(body, is_staff, permission, method, expected):
    user = get_user_model().objects.create_user("dev", is_staff=is_staff)
    user.user_permissions.add(Permission.objects.get(codename=permission, content_type__app_label="orders"))
    client = APIClient()
    client.force_authenticate(user)
    assert getattr(client, method)("/api/orders", body, format="json").status_code == expected
