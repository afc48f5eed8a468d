from datetime import timedelta
from itertools import chain

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from orders import actions
from orders.models import Customer, Order, OrderItem, Product
from orders.tests.conftest import at_once, named, signed_in, walk

pytestmark = pytest.mark.django_db


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
        "number": order.number,
        "customer": body["customer"],
        "kind": "one_time",
        "delivery_date": body["delivery_date"],
        "status": "confirmed",
        "discount": "0.00",
        "total": "65.00",
        "items": [{"product": milk.pk, "quantity": 2, "price": "32.50"}],
        "delivered_at": None,
        "created_at": None,
    }
    assert order.placed_by == chitra
    assert texts_of("order_confirmation") == [f"Order #{order.number} confirmed"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer": 0}, "customer"),
        ({"customer": 1.5}, "customer"),
        ({"customer": 10**30}, "customer"),
        ({"customer": True}, "customer"),
        ({"customer": "\x00"}, "customer"),
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


def test_a_product_given_twice_is_refused_naming_the_second(api, body):
    answer = api.post("/api/orders", body | {"items": body["items"] * 2}, format="json")
    assert answer.status_code == 400
    assert list(named(answer)) == ["items.1.product"]


def test_a_product_that_is_not_there_yet_is_refused(api, body, milk, tomorrow):
    milk.available_from = tomorrow + timedelta(days=1)
    milk.save()
    answer = api.post("/api/orders", body, format="json")
    assert (answer.status_code, list(named(answer))) == (400, ["items"])


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
        (True, "add_order", "get", 200),
        (False, "add_order", "post", 403),
    ],
)
def test_only_staff_with_the_permission_may(body, is_staff, permission, method, expected):
    user = get_user_model().objects.create_user("dev", is_staff=is_staff)
    user.user_permissions.add(Permission.objects.get(codename=permission, content_type__app_label="orders"))
    assert getattr(signed_in(user), method)("/api/orders", body, format="json").status_code == expected


def test_an_order_is_cancelled_once_however_often_it_is_asked(api, order):
    url = f"/api/orders/{order.pk}/cancel"
    first, second = api.post(url), api.post(url)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert first.json()["status"] == "cancelled"


def test_a_delivered_order_cannot_be_cancelled_as_it_stands(api, order):
    Order.objects.filter(pk=order.pk).update(delivered_at="2026-12-01T07:00+05:30")
    answer = api.post(f"/api/orders/{order.pk}/cancel")
    assert answer.status_code == 409
    assert answer.json() == {
        "type": "client_error",
        "errors": [
            {"code": "state", "detail": f"Order {order.number} is delivered already.", "attr": "status"}
        ],
    }


def test_a_customer_reads_their_orders_and_cancels_none(as_asha, order):
    assert as_asha.get(f"/api/orders/{order.pk}").status_code == 200
    assert as_asha.post(f"/api/orders/{order.pk}/cancel").status_code == 403


def test_a_customer_sees_no_order_of_somebody_else(as_asha, milk, tomorrow):
    bilal = Customer.objects.create(name="Bilal", phone="98765 43211")
    other = actions.place_order(bilal, tomorrow, [(milk, 1)])
    assert as_asha.get("/api/orders").json()["results"] == []
    assert as_asha.get("/api/orders", {"customer": bilal.pk}).json()["results"] == []
    assert as_asha.get(f"/api/orders/{other.pk}").status_code == 404
    assert as_asha.post(f"/api/orders/{other.pk}/cancel").status_code == 404


@pytest.fixture
def two(asha, milk, tomorrow):
    """An order of milk for tomorrow, and one of curd of somebody else's for the day after, cancelled."""
    curd = Product.objects.create(name="Curd", unit="400 g", price="38")
    bilal = Customer.objects.create(name="Bilal", phone="98765 43211")
    later = actions.place_order(bilal, tomorrow + timedelta(days=1), [(curd, 1)])
    return actions.place_order(asha, tomorrow, [(milk, 1)]), actions.cancel(later)


def test_orders_are_filtered_by_what_they_are(api, two):
    first, second = two
    day, day_after = first.delivery_date, second.delivery_date
    product = OrderItem.objects.get(order=first).product_id
    for query, expected in (
        ({"number": first.number}, [first.pk]),
        ({"number": "EB-20261122"}, []),
        ({"customer": first.customer_id}, [first.pk]),
        ({"product": product}, [first.pk]),
        ({"status": "cancelled"}, [second.pk]),
        ({"kind": "subscription"}, []),
        ({"delivery_date": day}, [first.pk]),
        ({"delivery_from": day_after}, [second.pk]),
        ({"delivery_until": day}, [first.pk]),
        ({"delivery_from": day, "delivery_until": day_after}, [second.pk, first.pk]),
        ({"customer": 10**17}, []),
        ({"status": ""}, [second.pk, first.pk]),
    ):
        found = api.get("/api/orders", query).json()["results"]
        assert sorted(row["id"] for row in found) == expected, query


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("customer", "asha"),
        ("customer", "0"),
        ("customer", "1.5"),
        ("customer", str(10**30)),
        ("customer", "NaN"),
        ("product", "\x00"),
        ("number", "\x00"),
        ("number", "EB-20261122-" + "0" * 30),
        ("status", "lost"),
        ("kind", "\x00"),
        ("delivery_date", "01/02/2026"),
        ("delivery_from", "2026-02-30"),
        ("delivery_until", "0000-01-01"),
        ("ordering", "total"),
        ("limit", "101"),
        ("skip", "10001"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_naming_it(api, name, value):
    answer = api.get("/api/orders", {name: value})
    assert (answer.status_code, list(named(answer))) == (400, [name])


@pytest.mark.parametrize("ordering", ["-id", "id", "-delivery_date", "delivery_date"])
def test_there_and_back_every_order_is_shown_once_though_days_are_shared(api, asha, milk, tomorrow, ordering):
    for number in range(7):
        actions.place_order(asha, tomorrow + timedelta(days=number % 2), [(milk, 1)])
    url = f"/api/orders?limit=2&ordering={ordering}"
    there, last = walk(api, url)
    back, _ = walk(api, last["previous"], "previous")
    assert sorted(chain(*there)) == sorted(Order.objects.values_list("pk", flat=True))
    assert back[::-1] == there[:-1]


def test_a_page_of_fifty_orders_takes_as_many_queries_as_a_page_of_one(
    api, asha, milk, tomorrow, django_assert_max_num_queries
):
    orders = Order.objects.bulk_create(Order(customer=asha, delivery_date=tomorrow) for _ in range(50))
    OrderItem.objects.bulk_create(
        OrderItem(order=order, product=milk, quantity=1, price=1) for order in orders
    )
    with django_assert_max_num_queries(2):
        assert len(api.get("/api/orders").json()["results"]) == 50


@pytest.mark.django_db(transaction=True)
def test_one_order_sent_by_four_at_once_with_one_key_is_one_order(chitra, body, texts_of):
    def ask():
        headers = {"Idempotency-Key": "once"}
        return signed_in(chitra).post("/api/orders", body, format="json", headers=headers)

    answers = at_once(ask)
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["id"] for answer in answers} == {Order.objects.get().pk}
    assert len(texts_of("order_confirmation")) == 1


def test_the_same_key_with_another_order_is_refused(api, body):
    headers = {"Idempotency-Key": "once"}
    assert api.post("/api/orders", body, format="json", headers=headers).status_code == 201
    body["items"][0]["quantity"] = 3
    assert api.post("/api/orders", body, format="json", headers=headers).status_code == 422
    assert Order.objects.count() == 1
