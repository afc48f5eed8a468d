from base64 import urlsafe_b64encode
from itertools import chain

import pytest

from orders.models import Customer
from orders.tests.conftest import at_once, named, signed_in, walk

pytestmark = pytest.mark.django_db
URL = "/api/customers"


@pytest.fixture
def bilal(db):
    return Customer.objects.create(name="Bilal", phone="+14155552671", area="Jayanagar", language="ur")


def names(answer):
    return sorted(row["name"] for row in answer.json()["results"])


def test_a_customer_is_added_with_the_number_as_it_is_kept(api):
    body = {"name": " Asha ", "phone": "098765-43210", "language": "kn", "area": "HSR", "address": "12, 5th"}
    answer = api.post(URL, body, format="json")
    assert answer.status_code == 201
    assert answer.json() | {"created_at": None} == {
        "id": Customer.objects.get().pk,
        "name": "Asha",
        "phone": "+919876543210",
        "language": "kn",
        "area": "HSR",
        "address": "12, 5th",
        "created_at": None,
    }


def test_a_customer_needs_only_a_name_and_a_number(api):
    answer = api.post(URL, {"name": "Asha", "phone": "9876543210"}, format="json")
    assert (answer.status_code, answer.json()["language"]) == (201, "en")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "12345"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"phone": None}, "phone"),
        ({"phone": ["98765 43211"]}, "phone"),
        ({"phone": "9" * 5000}, "phone"),
        ({"phone": "\x00"}, "phone"),
        ({"phone": "98765 43210"}, "phone"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "\x00"}, "name"),
        ({"language": "xx"}, "language"),
        ({"area": "x" * 101}, "area"),
        ({"address": "\x00"}, "address"),
        ({"address": "x" * 1001}, "address"),
    ],
)
def test_a_customer_that_cannot_be_is_refused_naming_the_field(api, asha, change, field):
    answer = api.post(URL, {"name": "Meera", "phone": "98765 43219"} | change, format="json")
    assert (answer.status_code, list(named(answer))) == (400, [field])
    assert Customer.objects.get() == asha


def test_half_a_character_in_a_name_is_refused_naming_it(api):
    body = r'{"name": "\ud800", "phone": "98765 43219"}'
    answer = api.post(URL, body, content_type="application/json")
    assert (answer.status_code, list(named(answer))) == (400, ["name"])


def test_a_number_somebody_has_is_refused_in_words_and_without_the_number(api, asha):
    answer = api.post(URL, {"name": "Meera", "phone": "+91 98765 43210"}, format="json")
    assert named(answer) == {"phone": "Another customer has this phone number already."}


def test_a_customer_is_changed_where_it_is_asked(api, asha):
    answer = api.patch(f"{URL}/{asha.pk}", {"area": "Jayanagar"}, format="json")
    assert (answer.status_code, answer.json()["area"], answer.json()["name"]) == (200, "Jayanagar", "Asha")


def test_a_customer_may_keep_their_own_number(api, asha):
    assert api.patch(f"{URL}/{asha.pk}", {"phone": "98765 43210"}, format="json").status_code == 200


def test_nobody_is_given_the_number_of_another(api, asha, bilal):
    answer = api.patch(f"{URL}/{bilal.pk}", {"phone": asha.phone}, format="json")
    assert (answer.status_code, list(named(answer))) == (400, ["phone"])


def test_a_sign_in_user_is_bound_in_admin_and_not_here(api, asha, chitra):
    assert api.patch(f"{URL}/{asha.pk}", {"user": chitra.pk}, format="json").status_code == 200
    asha.refresh_from_db()
    assert asha.user is None


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("9876543210", ["Asha"]),
        ("098765 43210", ["Asha"]),
        ("+919876543210", ["Asha"]),
        (" 919876543210", ["Asha"]),
        (" 1 415 555 2671", ["Bilal"]),
        ("98765 43219", []),
        ("", ["Asha", "Bilal"]),
    ],
)
def test_a_number_is_found_however_it_is_typed(api, asha, bilal, phone, expected):
    assert names(api.get(URL, {"phone": phone})) == expected


@pytest.mark.parametrize("url", ["?phone=+919876543210", "?search=+919876543210"])
def test_a_plus_that_a_link_decoded_to_a_space_is_a_plus(api, asha, bilal, url):
    assert names(api.get(URL + url)) == ["Asha"]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("bil", ["Bilal"]),
        ("098765 43210", ["Asha"]),
        ("3210", ["Asha"]),
        ("+1 (415) 555-2671", ["Bilal"]),
        ("zz", []),
        ("", ["Asha", "Bilal"]),
    ],
)
def test_customers_are_searched_by_name_and_number(api, asha, bilal, term, expected):
    assert names(api.get(URL, {"search": term})) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [({"area": "indiranagar"}, ["Asha"]), ({"language": "ur"}, ["Bilal"]), ({"area": "Indira"}, [])],
)
def test_customers_are_filtered_by_area_and_language(api, asha, bilal, query, expected):
    assert names(api.get(URL, query)) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phone", "12"),
        ("phone", "\x00"),
        ("area", "\x00"),
        ("area", "x" * 101),
        ("language", "xx"),
        ("search", "\x00"),
        ("search", "a " * 200),
        ("ordering", "phone"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_naming_it(api, asha, name, value):
    answer = api.get(URL, {name: value})
    assert (answer.status_code, list(named(answer))) == (400, [name])


def test_a_customer_sees_only_themselves_and_changes_nothing(as_asha, asha, bilal):
    assert names(as_asha.get(URL)) == ["Asha"]
    assert as_asha.get(f"{URL}/{asha.pk}").status_code == 200
    assert as_asha.get(f"{URL}/{bilal.pk}").status_code == 404
    assert as_asha.patch(f"{URL}/{asha.pk}", {"area": "HSR"}, format="json").status_code == 403
    assert as_asha.patch(f"{URL}/{bilal.pk}", {"area": "HSR"}, format="json").status_code == 404
    assert as_asha.post(URL, {"name": "Meera", "phone": "98765 43219"}, format="json").status_code == 403


@pytest.mark.parametrize("ordering", ["-id", "id", "name", "-name"])
def test_there_and_back_every_customer_is_shown_once_though_names_are_shared(api, db, ordering):
    names = ("Asha", "Asha", "Bilal", "Asha", "😀" * 100, "Line\nfeed", "😀" * 100)
    for number, name in enumerate(names):
        Customer.objects.create(name=name, phone=f"987654321{number}")
    there, last = walk(api, f"{URL}?limit=2&ordering={ordering}")
    back, _ = walk(api, last["previous"], "previous")
    assert list(chain(*there)) == list(
        Customer.objects.order_by(ordering, "-pk" if ordering[0] == "-" else "pk").values_list(
            "pk", flat=True
        )
    )
    assert back[::-1] == there[:-1]


@pytest.mark.parametrize("plain", ["n name 1 \0", "n name 0 " + "x" * 101, "n name 1", "n -name 1 Asha"])
def test_a_cursor_that_no_page_gave_is_refused_naming_it(api, plain):
    cursor = urlsafe_b64encode(plain.encode()).decode()
    answer = api.get(URL, {"cursor": cursor, "ordering": "name"})
    assert (answer.status_code, list(named(answer))) == (400, ["cursor"])


def test_a_page_of_fifty_customers_takes_one_query(api, db, django_assert_max_num_queries):
    Customer.objects.bulk_create(Customer(name=f"C{n}", phone=f"98765432{n:02}") for n in range(50))
    with django_assert_max_num_queries(1):
        assert len(api.get(URL).json()["results"]) == 50


@pytest.mark.django_db(transaction=True)
def test_one_number_given_to_four_at_once_is_one_customers(chitra):
    body = {"name": "Meera", "phone": "98765 43219"}
    answers = at_once(lambda: signed_in(chitra).post(URL, body, format="json"))
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
    assert {tuple(named(answer)) for answer in answers if answer.status_code == 400} == {("phone",)}
    assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_are_given_one_number_at_once_are_not_both_given_it(chitra, asha, bilal):
    waiting = [asha.pk, bilal.pk]
    answers = at_once(
        lambda: signed_in(chitra).patch(f"{URL}/{waiting.pop()}", {"phone": "98765 43219"}, format="json"), 2
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert Customer.objects.filter(phone="98765 43219").count() == 1
