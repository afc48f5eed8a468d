"""How every page for staff looks: dates, empty lists, titles, what goes wrong."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.formats import date_format, get_format
from django.utils.timezone import localtime

from backoffice.audit import note

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("chitra", password="earlybird-test"))
    return client


def test_days_and_times_are_written_as_in_india():
    at = datetime(2026, 11, 26, 4, 5, tzinfo=UTC)

    assert date_format(date(2026, 11, 26)) == "26 Nov 2026"
    assert date_format(localtime(at), "DATETIME_FORMAT") == "26 Nov 2026, 9:35 AM"


def test_a_day_is_typed_before_its_month():
    assert "%m/%d/%Y" not in get_format("DATE_INPUT_FORMATS")
    assert get_format("DATE_INPUT_FORMATS")[0] == "%Y-%m-%d"  # what the calendar beside the field writes


def test_an_empty_list_says_what_will_come_here(desk):
    page = desk.get("/admin/orders/order/").content.decode()

    assert "Nothing here yet" in page
    assert "made every night" in page


def test_a_search_that_finds_nothing_does_not_say_that_there_is_nothing(desk):
    page = desk.get("/admin/orders/order/?q=nobody").content.decode()

    assert "Nothing matches" in page
    assert "Nothing here yet" not in page


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/admin/orders/order/", "Orders"),
        ("/admin/auth/user/", "Users"),
        ("/admin/notifications/inboundmessage/", "Replies"),
    ],
)
def test_the_tab_of_the_browser_names_the_list(desk, address, title):
    assert f"<title> {title} | EarlyBird</title>" in desk.get(address).content.decode()


def test_that_times_are_indian_is_said_once(desk):
    assert desk.get("/admin/").content.decode().count("All times are Indian time") == 1


def test_nothing_of_a_password_is_shown(desk):
    chitra = User.objects.get(username="chitra")

    page = desk.get(f"/admin/auth/user/{chitra.pk}/change/").content.decode()

    assert "There is one" in page
    assert "pbkdf2" not in page
    assert "md5" not in page
    assert '<a href="../password/">' in page


def test_an_address_with_nothing_says_so_in_plain_words(desk):
    answer = desk.get("/admin/no/such/page/")

    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


@pytest.mark.parametrize("page", ["jobs/job", "knox/authtoken", "notifications/message"])
@pytest.mark.parametrize("act", ["change", "history", "delete"])
def test_an_address_with_a_nul_is_one_with_nothing(desk, page, act):
    assert desk.get(f"/admin/{page}/%00/{act}/").status_code in (302, 403, 404)


def test_who_may_not_is_told_whom_to_ask(client):
    client.force_login(User.objects.create_user("newcomer", is_staff=True))

    answer = client.get("/admin/orders/order/")

    assert answer.status_code == 403
    assert "ask whoever manages the users" in answer.content.decode()


def test_a_form_without_its_token_says_that_nothing_was_saved():
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "chitra"})

    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_the_pages_of_errors_ask_the_database_for_nothing(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string(name)

    assert "To the desk" in page


def test_the_page_of_an_error_does_not_repeat_what_broke():
    page = render_to_string("404.html", {"exception": "Resolver404: secret"}, RequestFactory().get("/secret"))

    assert "secret" not in page


def test_signed_out_says_so(desk):
    assert "You are signed out" in desk.post("/admin/logout/").content.decode()


def test_who_signs_in_from_nowhere_in_particular_comes_to_the_desk(client):
    User.objects.create_superuser("chitra", password="earlybird-test")

    answer = client.post("/admin/login/", {"username": "chitra", "password": "earlybird-test"})

    assert answer["Location"] == "/admin/"


def test_a_row_that_staff_never_changed_says_so(desk):
    chitra = User.objects.get(username="chitra")

    assert (
        "Nobody changed anything here" in desk.get(f"/admin/auth/user/{chitra.pk}/history/").content.decode()
    )


def test_what_staff_did_stands_in_a_rows_history(desk):
    chitra = User.objects.get(username="chitra")
    note(chitra, chitra, "Let in again.")

    assert "Let in again." in desk.get(f"/admin/auth/user/{chitra.pk}/history/").content.decode()
