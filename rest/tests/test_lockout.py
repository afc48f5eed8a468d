"""Who guesses at a password is locked out for a while, and nobody else is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from rest import retention

pytestmark = pytest.mark.django_db
SIGN_IN, ADMIN = "/api/auth/sign-in", "/admin/login/"
RIGHT, WRONG, ELSEWHERE = "milk at six", "milk at seven", "192.0.2.99"


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def chitra():
    return User.objects.create_user("chitra", password=RIGHT, is_staff=True)


def sign_in(client, password, username="chitra", **more):
    body = {"username": username, "password": password}
    return client.post(SIGN_IN, body, content_type="application/json", **more)


def guess(client, times=5, **more):
    return [sign_in(client, WRONG, **more).status_code for _ in range(times)]


def test_the_fifth_wrong_password_locks_and_the_right_one_does_not_open(client, chitra):
    assert guess(client, 6) == [401] * 4 + [429] * 2

    answer = sign_in(client, RIGHT)

    assert answer.status_code == 429
    assert answer.json() == {
        "type": "client_error",
        "errors": [
            {"code": "locked", "detail": "Too many wrong passwords. Try again in 15 min.", "attr": None}
        ],
    }
    assert 880 < int(answer["Retry-After"]) <= 900


def test_a_name_that_nobody_has_is_locked_alike(client, chitra):
    assert guess(client, 6, username="nobody") == [401] * 4 + [429] * 2


def test_other_forms_of_the_name_are_the_same_name(client, chitra):
    guess(client, 3)
    guess(client, 2, username="CHITRA")

    assert sign_in(client, RIGHT).status_code == 429


def test_another_browser_is_the_same_guesser(client, chitra):
    codes = [
        sign_in(client, WRONG, headers={"User-Agent": f"browser {number}"}).status_code for number in range(6)
    ]

    assert codes == [401] * 4 + [429] * 2


def test_the_user_is_not_locked_out_elsewhere(client, chitra):
    guess(client)

    assert sign_in(client, RIGHT, REMOTE_ADDR=ELSEWHERE).status_code == 200


def test_others_at_the_same_address_are_not_locked_out(client, chitra):
    User.objects.create_user("asha", password=RIGHT)
    guess(client)

    assert sign_in(client, RIGHT, username="asha").status_code == 200


def test_after_a_right_password_wrong_ones_are_counted_anew(client, chitra):
    guess(client, 4)
    assert sign_in(client, RIGHT).status_code == 200

    assert guess(client, 4) == [401] * 4


def test_the_lock_ends_by_itself_and_the_count_with_it(client, chitra):
    guess(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))

    assert guess(client, 1) == [401]
    assert sign_in(client, RIGHT).status_code == 200


def test_trying_while_it_is_locked_does_not_prolong_the_lock(client, chitra):
    guess(client)
    before = AccessAttempt.objects.get().attempt_time

    guess(client, 3)

    assert AccessAttempt.objects.get().attempt_time == before


def test_settings_say_after_how_many_and_for_how_long(client, chitra, settings):
    settings.AXES_FAILURE_LIMIT, settings.SIGN_IN_LOCK_MINUTES = 2, 60

    assert guess(client, 2) == [401, 429]
    assert 3580 < int(sign_in(client, RIGHT)["Retry-After"]) <= 3600


def test_the_admin_page_is_locked_alike_and_says_so_on_a_page(client, chitra):
    guess(client)

    page = client.post(ADMIN, {"username": "chitra", "password": RIGHT})

    assert (page.status_code, page["Content-Type"].split(";")[0]) == (429, "text/html")
    assert "Try again in 15 min." in page.content.decode()
    assert 880 < int(page["Retry-After"]) <= 900


def test_wrong_passwords_on_the_admin_page_lock_the_api_too(client, chitra):
    for _ in range(5):
        client.post(ADMIN, {"username": "chitra", "password": WRONG})

    assert sign_in(client, RIGHT).status_code == 429


@pytest.mark.parametrize("username", ["\0", "a" * 5000, "😀", "\udcff", ""])
def test_nothing_that_can_be_typed_breaks_the_admin_page(client, username):
    form = urlencode({"username": username.encode("utf-8", "surrogatepass"), "password": b"\0"})

    answer = client.post(ADMIN, form, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 200


def test_the_admin_page_still_opens_with_the_right_password(client, chitra):
    answer = client.post(ADMIN, {"username": "chitra", "password": RIGHT, "next": "/admin/"})

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_without_a_request_nobody_is_locked(chitra):
    assert [authenticate(username="chitra", password=WRONG) for _ in range(7)] == [None] * 7
    assert authenticate(username="chitra", password=RIGHT) == chitra
    assert not AccessAttempt.objects.exists()
    assert Client().login(username="chitra", password=RIGHT)


def test_staff_end_a_lock_in_admin(client, admin_client, chitra):
    guess(client)
    row = AccessAttempt.objects.get()
    page = admin_client.get("/admin/axes/accessattempt/")
    assert b"chitra" in page.content

    chosen = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    admin_client.post("/admin/axes/accessattempt/", chosen)

    assert sign_in(client, RIGHT).status_code == 200


def test_no_password_is_kept_of_a_failure(client, chitra):
    client.post(ADMIN, {"username": "chitra", "password": WRONG})
    guess(client, 1)

    assert WRONG not in str(list(AccessAttempt.objects.values()))


def test_failures_are_forgotten_with_their_lock(client, chitra):
    guess(client)

    retention.forget(timezone.now())
    assert AccessAttempt.objects.exists()
    retention.forget(timezone.now() + timedelta(minutes=16))
    assert not AccessAttempt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_guesses_at_once_five_are_looked_at(settings, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    User.objects.create_user("chitra", password=RIGHT)
    looked, verify = [], MD5PasswordHasher.verify
    monkeypatch.setattr(MD5PasswordHasher, "verify", lambda *a: looked.append(a) or verify(*a))

    def one(_):
        try:
            return sign_in(Client(), WRONG).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(one, range(20)))

    assert len(looked) == 5
    assert sorted(codes) == [401] * 4 + [429] * 16


@pytest.mark.django_db(transaction=True)
def test_twenty_right_passwords_at_once_all_sign_in(settings):
    User.objects.create_user("chitra", password=RIGHT)

    def one(_):
        try:
            return sign_in(Client(), RIGHT).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(one, range(20))) == [200] * 20
