"""Sign in and out by API: tokens, their ends, and who sees them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from knox.models import AuthToken

from rest import retention

pytestmark = pytest.mark.django_db
SIGN_IN, SIGN_OUT, ME = "/api/auth/sign-in", "/api/auth/sign-out", "/api/auth/me"
EVERYWHERE = "/api/auth/sign-out-everywhere"


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def asha():
    return User.objects.create_user("asha", password="milk at six")


def sign_in(client, username="asha", password="milk at six"):
    body = {"username": username, "password": password}
    return client.post(SIGN_IN, body, content_type="application/json")


def bearer(answer):
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def test_it_answers_a_token_that_works_its_end_and_who_it_is(client, asha):
    answer = sign_in(client)

    body = answer.json()
    assert (answer.status_code, body["user"]) == (200, {"username": "asha", "is_staff": False})
    left = parse_datetime(body["expires_at"]) - timezone.now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    assert client.get(ME, headers=bearer(answer)).json() == {
        "username": "asha",
        "is_staff": False,
        "permissions": [],
    }


def test_a_setting_says_how_long_a_token_lasts(client, asha, settings):
    settings.API_TOKEN_DAYS = 2

    assert parse_datetime(sign_in(client).json()["expires_at"]) < timezone.now() + timedelta(days=2, hours=1)


def test_it_counts_as_a_sign_in(client, asha):
    sign_in(client)

    asha.refresh_from_db()
    assert asha.last_login is not None


def test_staff_read_what_they_may_do(client):
    chitra = User.objects.create_user("chitra", password="milk at six", is_staff=True)
    chitra.user_permissions.add(Permission.objects.get(codename="add_order"))

    said = client.get(ME, headers=bearer(sign_in(client, "chitra"))).json()

    assert said == {"username": "chitra", "is_staff": True, "permissions": ["orders.add_order"]}


def test_the_database_keeps_a_hash_and_not_the_token(client, asha):
    token = sign_in(client).json()["token"]

    [row] = AuthToken.objects.values_list()
    assert all(token not in str(column) for column in row)
    assert AuthToken.objects.get().token_key == token[:15]


@pytest.mark.parametrize(
    ("username", "password"), [("asha", "wrong"), ("nobody", "milk at six"), ("bilal", "milk at six")]
)
def test_wrong_name_wrong_password_and_switched_off_are_one_sentence(client, asha, username, password):
    User.objects.create_user("bilal", password="milk at six", is_active=False)

    answer = sign_in(client, username, password)

    assert (answer.status_code, answer.json()) == (
        401,
        {
            "type": "client_error",
            "errors": [
                {
                    "code": "wrong_credentials",
                    "detail": "This name and password do not belong together.",
                    "attr": None,
                }
            ],
        },
    )
    assert "WWW-Authenticate" not in answer


@pytest.mark.parametrize("username", ["asha", "nobody", "bilal"])
def test_every_refusal_costs_one_look_at_a_password(client, asha, username, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    User.objects.create_user("bilal", password="milk at six", is_active=False)
    hashed, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(a) or encode(*a, **k))

    sign_in(client, username, "wrong")

    assert len(hashed) == 1


@pytest.mark.parametrize(
    "text", ["\0", "a\0", "\ud800", "😀" * 60, "a" * 151, "a" * 100_000, "", " ", "\u200b"]
)
@pytest.mark.parametrize("field", ["username", "password"])
def test_nothing_that_can_be_typed_breaks_it(client, asha, field, text):
    answer = sign_in(client, **{field: text})

    assert answer.status_code in (400, 401)


@pytest.mark.parametrize(
    "body", ["[]", "null", "1", '"a"', "{}", '{"username": {}, "password": []}', "{", ""]
)
def test_a_body_that_is_no_sign_in_is_400(client, body):
    answer = client.post(SIGN_IN, body, content_type="application/json")

    assert answer.status_code == 400


def test_a_name_is_read_as_the_admin_page_reads_it(client):
    User.objects.create_user("\u212basa", password="milk at six")  # stored as Åsa

    assert sign_in(client, " \u212basa ").status_code == 200


def test_a_user_may_have_several_tokens(client, asha):
    first, second = sign_in(client), sign_in(client)

    assert all(client.get(ME, headers=bearer(token)).status_code == 200 for token in (first, second))


def test_signing_out_ends_this_token_and_no_other(client, asha):
    here, there = sign_in(client), sign_in(client)

    answer = client.post(SIGN_OUT, headers=bearer(here))

    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(ME, headers=bearer(here)).status_code == 401
    assert client.get(ME, headers=bearer(there)).status_code == 200


def test_signing_out_everywhere_ends_all_of_ones_tokens_and_nobody_elses(client, asha):
    User.objects.create_user("bilal", password="milk at six")
    tokens, other = [sign_in(client), sign_in(client)], sign_in(client, "bilal")

    assert client.post(EVERYWHERE, headers=bearer(tokens[0])).status_code == 204

    assert [client.get(ME, headers=bearer(token)).status_code for token in tokens] == [401, 401]
    assert client.get(ME, headers=bearer(other)).status_code == 200


@pytest.mark.parametrize("path", [SIGN_OUT, EVERYWHERE])
def test_only_who_signed_in_signs_out(client, path):
    answer = client.post(path)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_with_too_many_tokens_the_oldest_ends_but_none_of_a_programs(client, asha):
    program = AuthToken.objects.create(asha, expiry=None)[0]
    first = sign_in(client)
    for _ in range(49):
        AuthToken.objects.create(asha, expiry=timedelta(days=1))

    sign_in(client)

    assert client.get(ME, headers=bearer(first)).status_code == 401
    assert AuthToken.objects.filter(user=asha, expiry__isnull=False).count() == 50
    assert AuthToken.objects.filter(pk=program.pk).exists()


def test_a_token_that_expired_is_401_and_is_forgotten_by_night(client, asha):
    answer = sign_in(client)
    AuthToken.objects.update(expiry=timezone.now())

    assert client.get(ME, headers=bearer(answer)).status_code == 401
    retention.forget(timezone.now())
    assert not AuthToken.objects.exists()


def test_a_token_of_somebody_switched_off_is_401(client, asha):
    answer = sign_in(client)
    User.objects.update(is_active=False)

    assert client.get(ME, headers=bearer(answer)).status_code == 401


def test_reading_a_token_takes_one_query_however_many_there_are(client, asha, django_assert_num_queries):
    headers = bearer(sign_in(client))
    for _ in range(9):
        AuthToken.objects.create(asha, expiry=timedelta(days=-1))

    with django_assert_num_queries(1):
        client.get(ME, headers=headers)


def test_staff_see_tokens_and_revoke_them_without_reading_any(admin_client, client, asha):
    answer = sign_in(client)
    row = AuthToken.objects.get()

    page = admin_client.get("/admin/knox/authtoken/", {"q": "asha"})
    assert b"asha" in page.content
    assert not any(text in page.content.decode() for text in (answer.json()["token"], row.token_key))
    assert admin_client.get("/admin/knox/authtoken/add/").status_code == 403

    done = admin_client.post("/admin/knox/authtoken/", {"action": "revoke", "_selected_action": row.pk})
    assert done.status_code == 302
    assert client.get(ME, headers=bearer(answer)).status_code == 401
