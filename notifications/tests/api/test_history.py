"""`GET /api/notifications/history`: whose messages, which, and in which form."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from notifications import registry
from notifications.models import Message, NotificationPreference
from notifications.tests.api.conftest import errors
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db

URL = "/api/notifications/history"
NOBODY = "+919876500000"


def told(phone=ASHA, **fields):
    now = timezone.now()
    fields = {
        "kind": "test_news",
        "text": "Hello",
        "expires_at": now + timedelta(days=1),
        "created_at": now,
    } | fields
    return Message.objects.create(phone=phone, **fields)


def ids(response) -> list[str]:
    assert response.status_code == 200, response.json()
    return [message["id"] for message in response.json()["results"]]


def test_staff_see_everybodys_messages_the_newest_first(chitra):
    first, second = told(ASHA), told(BILAL)

    assert ids(chitra.get(URL)) == [second.public_id, first.public_id]


def test_a_customer_sees_only_their_own(asha):
    mine, _ = told(ASHA), told(BILAL)

    assert ids(asha.get(URL)) == [mine.public_id]


def test_a_customer_sees_all_of_their_numbers_in_one_order(asha, monkeypatch):
    monkeypatch.setattr(registry, "_phone_hooks", [lambda user: [BILAL] if user.pk == asha.user.pk else []])
    told(NOBODY)
    wanted = [told(ASHA), told(BILAL), told(ASHA)]

    assert ids(asha.get(URL)) == [message.public_id for message in reversed(wanted)]


def test_who_has_no_messages_sees_none(bilal):
    told(ASHA)

    assert ids(bilal.get(URL)) == []


def test_staff_need_no_permission_to_look(dev):
    message = told(ASHA)

    assert ids(dev.get(URL)) == ids(dev.get(f"{URL}/{ASHA}")) == [message.public_id]


def test_somebody_elses_number_is_not_found(bilal):
    told(ASHA)

    assert bilal.get(f"{URL}/{ASHA}").status_code == 404
    assert bilal.get(URL, {"phone": ASHA}).status_code == 404


def test_editing_a_preference_of_nobody_shows_nothing(bilal):
    NotificationPreference.objects.create(phone=ASHA)

    assert bilal.get(f"{URL}/{ASHA}").status_code == 404


def test_nobody_reads_without_a_token(anybody):
    response = anybody.get(URL)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    "typed",
    ["+919876543210", "%2B919876543210", "9876543210", "098765-43210", "98765%2043210", " 919876543210"],
)
def test_a_number_in_the_path_is_understood_as_people_type_it(chitra, typed):
    wanted, _ = told(ASHA), told(BILAL)

    assert ids(chitra.get(f"{URL}/{quote(typed, safe='%+')}")) == [wanted.public_id]


@pytest.mark.parametrize("typed", ["+919876543210", "%2B919876543210", "9876543210", "98765%2043210"])
def test_a_number_in_the_query_is_understood_as_people_type_it(chitra, typed):
    wanted, _ = told(ASHA), told(BILAL)

    assert ids(chitra.get(f"{URL}?phone={typed}")) == [wanted.public_id]


@pytest.mark.parametrize("url", [f"{URL}/12345", f"{URL}?phone=12345"])
def test_a_bad_number_is_named(chitra, url):
    response = chitra.get(url)

    assert response.status_code == 400
    assert set(errors(response)) == {"phone"}


def test_a_number_without_messages_has_an_empty_page(chitra):
    assert chitra.get(f"{URL}/{NOBODY}").json() == {"next": None, "previous": None, "results": []}


def test_a_query_cannot_change_the_number_of_the_path(asha):
    told(BILAL)

    assert ids(asha.get(f"{URL}/{ASHA}?phone={quote(BILAL)}")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"reference_id": "order_77"}, {"reference_id": "order_77"}),
        ({"status": "failed"}, {"status": "failed"}),
        ({"message_type": "test_offer"}, {"kind": "test_offer"}),
        ({"retried": "true"}, {"tries": 2}),
    ],
)
@pytest.mark.parametrize("who", ["chitra", "asha"])
def test_a_filter_shows_what_it_names(who, request, texts, query, field):
    told(ASHA)
    wanted = told(ASHA, **field)

    assert ids(request.getfixturevalue(who).get(URL, query)) == [wanted.public_id]


def test_not_retried_is_a_filter_too(chitra):
    told(tries=2)
    wanted = told(tries=1)

    assert ids(chitra.get(URL, {"retried": "false"})) == [wanted.public_id]


def test_days_leave_out_what_is_older(chitra):
    told(created_at=timezone.now() - timedelta(days=3))
    wanted = told(created_at=timezone.now() - timedelta(days=1))

    assert ids(chitra.get(URL, {"days": 2})) == [wanted.public_id]


def test_filters_hold_together(chitra, texts):
    told(status="failed")
    told(reference_id="order_7")
    wanted = told(status="failed", reference_id="order_7")

    assert ids(chitra.get(URL, {"status": "failed", "reference_id": "order_7"})) == [wanted.public_id]


def test_an_empty_filter_does_not_filter(chitra):
    told()

    assert len(ids(chitra.get(f"{URL}?status=&phone=&reference_id="))) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "lost"),
        ("message_type", "test_nws"),
        ("days", "0"),
        ("days", "366"),
        ("days", "x"),
        ("retried", "perhaps"),
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", "x"),
        ("skip", "-1"),
        ("skip", "10001"),
        ("cursor", "x"),
        ("cursor", "é"),
        ("cursor", "bnVsbA"),
        ("reference_id", "a\x00b"),
        ("reference_id", "x" * 101),
    ],
)
def test_a_bad_filter_is_named(chitra, texts, name, value):
    response = chitra.get(URL, {name: value})

    assert response.status_code == 400
    assert set(errors(response)) == {name}


def test_a_message_reads_as_the_answer_to_its_sending_did(chitra):
    message = told(reference_id="order_7", error_code="500", error="A fault.", status="retrying", tries=2)

    shown = chitra.get(URL).json()["results"][0]

    assert shown["id"] == message.public_id
    assert (shown["status"], shown["tries"], shown["retried"]) == ("retrying", 2, True)
    assert (shown["error_code"], shown["error"], shown["sent_at"]) == ("500", "A fault.", None)
    assert shown["created_at"].endswith("+05:30")
    assert "variables" not in shown
