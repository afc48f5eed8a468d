from datetime import timedelta
from itertools import chain

import pytest

from orders import days
from orders.models import Product
from orders.tests.conftest import named, walk

pytestmark = pytest.mark.django_db
URL = "/api/products"


@pytest.fixture
def paneer(tomorrow):
    return Product.objects.create(name="Paneer", unit="200 g", price="90", available_from=tomorrow)


def names(answer):
    return sorted(row["name"] for row in answer.json()["results"])


def test_a_product_is_added(api):
    answer = api.post(URL, {"name": "Curd", "unit": "400 g", "price": "38"}, format="json")
    assert answer.status_code == 201
    assert answer.json() == {
        "id": Product.objects.get().pk,
        "name": "Curd",
        "unit": "400 g",
        "price": "38.00",
        "available_from": None,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": "0"}, "price"),
        ({"price": "-1"}, "price"),
        ({"price": "1.234"}, "price"),
        ({"price": 10**30}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": None}, "price"),
        ({"name": "\x00"}, "name"),
        ({"unit": ""}, "unit"),
        ({"unit": "x" * 31}, "unit"),
        ({"available_from": "soon"}, "available_from"),
        ({"name": "Cow milk", "unit": "500 ml"}, "name"),
    ],
)
def test_a_product_that_cannot_be_is_refused_naming_the_field(api, milk, change, field):
    answer = api.post(URL, {"name": "Curd", "unit": "400 g", "price": "38"} | change, format="json")
    assert (answer.status_code, list(named(answer))) == (400, [field])
    assert Product.objects.get() == milk


def test_a_product_may_be_changed_and_keep_its_name(api, milk):
    answer = api.patch(f"{URL}/{milk.pk}", {"price": "33.00", "name": "Cow milk"}, format="json")
    assert (answer.status_code, answer.json()["price"]) == (200, "33.00")


def test_no_product_takes_the_name_of_another_in_its_unit(api, milk, paneer):
    body = {"name": "Cow milk", "unit": "500 ml"}
    answer = api.patch(f"{URL}/{paneer.pk}", body, format="json")
    assert named(answer) == {"name": "This product is there already in this unit."}


def test_a_new_price_changes_no_order_that_is_placed(api, order, milk):
    api.patch(f"{URL}/{milk.pk}", {"price": "99.00"}, format="json")
    assert api.get(f"/api/orders/{order.pk}").json()["items"][0]["price"] == "32.50"


def test_everybody_signed_in_reads_the_catalogue_and_only_staff_write_it(as_asha, milk):
    assert names(as_asha.get(URL)) == ["Cow milk"]
    assert as_asha.get(f"{URL}/{milk.pk}").status_code == 200
    assert as_asha.patch(f"{URL}/{milk.pk}", {"price": "1"}, format="json").status_code == 403
    assert as_asha.post(URL, {"name": "x", "unit": "x", "price": "1"}, format="json").status_code == 403


def test_an_empty_catalogue_is_shown_to_staff_without_a_permission(staff):
    assert staff().get(URL).json()["results"] == []


def test_what_is_there_and_what_is_not_yet(api, milk, paneer, tomorrow):
    for query, expected in (
        ({"available": "true"}, ["Cow milk"]),
        ({"available": "false"}, ["Paneer"]),
        ({"available_on": tomorrow}, ["Cow milk", "Paneer"]),
        ({"available_on": days.today()}, ["Cow milk"]),
        ({"search": "pan"}, ["Paneer"]),
        ({"available": ""}, ["Cow milk", "Paneer"]),
    ):
        assert names(api.get(URL, query)) == expected, query


@pytest.mark.parametrize(
    ("name", "value"), [("available", "maybe"), ("available_on", "tomorrow"), ("search", "\x00")]
)
def test_a_filter_that_makes_no_sense_is_refused_naming_it(api, name, value):
    answer = api.get(URL, {name: value})
    assert (answer.status_code, list(named(answer))) == (400, [name])


def test_there_and_back_every_product_is_shown_once(api, db):
    for number in range(5):
        Product.objects.create(name=f"Curd {number // 2}", unit=f"{number} g", price=1)
    there, last = walk(api, f"{URL}?limit=2&ordering=name")
    back, _ = walk(api, last["previous"], "previous")
    assert sorted(chain(*there)) == sorted(Product.objects.values_list("pk", flat=True))
    assert back[::-1] == there[:-1]


def test_a_product_there_since_long_may_be_subscribed_to_and_one_to_come_may_not(api, asha, paneer):
    body = {
        "customer": asha.pk,
        "product": paneer.pk,
        "start": (paneer.available_from - timedelta(1)).isoformat(),
    }
    answer = api.post("/api/subscriptions", body, format="json")
    assert (answer.status_code, list(named(answer))) == (400, ["start"])
