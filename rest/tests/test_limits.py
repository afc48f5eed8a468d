"""How often somebody may ask: counts, headers, and whence a request comes."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.test import RequestFactory
from knox.models import AuthToken

from rest import limits
from rest.address import whence
from rest.limits import Rate, Window

ME, SIGN_IN = "/api/auth/me", "/api/auth/sign-in"


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    """No test begins in one window and ends in the next."""
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_045.0)


@pytest.fixture
def asha(db):
    user = User.objects.create_user("asha")
    return {"Authorization": f"Bearer {AuthToken.objects.create(user, expiry=timedelta(days=1))[1]}"}


def test_every_answer_says_what_is_left(client, asha, settings):
    settings.API_RATE_USER = "3/min"

    answers = [client.get(ME, headers=asha) for _ in range(2)]

    said = [
        (a["RateLimit-Limit"], a["RateLimit-Remaining"], a["RateLimit-Reset"], a.status_code) for a in answers
    ]
    assert said == [("3", "2", "15", 200), ("3", "1", "15", 200)]


def test_above_the_rate_it_is_429_that_says_when_to_come_back(client, asha, settings):
    settings.API_RATE_USER = "1/min"
    client.get(ME, headers=asha)

    answer = client.get(ME, headers=asha)

    assert (answer.status_code, answer["Retry-After"], answer["RateLimit-Remaining"]) == (429, "15", "0")
    assert answer.json() == {
        "type": "client_error",
        "errors": [
            {"code": "throttled", "detail": "Too many requests. Try again in 15 seconds.", "attr": None}
        ],
    }


def test_each_user_has_a_rate_of_their_own_with_whatever_token(client, asha, settings):
    settings.API_RATE_USER = "1/min"
    other = AuthToken.objects.create(User.objects.get(), expiry=None)[1]
    bilal = AuthToken.objects.create(User.objects.create_user("bilal"), expiry=None)[1]

    codes = [
        client.get(ME, headers=headers).status_code
        for headers in (
            asha,
            {"Authorization": f"Bearer {other}"},
            {"Authorization": f"Bearer {bilal}"},
        )
    ]

    assert codes == [200, 429, 200]


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}])
def test_who_shows_no_token_is_counted_by_address(client, settings, headers):
    settings.API_RATE_ANONYMOUS = "1/min"

    first = client.get(ME, headers=headers)
    second = client.get(ME, headers=headers)
    elsewhere = client.get(ME, headers=headers, REMOTE_ADDR="192.0.2.9")

    assert [answer.status_code for answer in (first, second, elsewhere)] == [401, 429, 401]
    assert first["RateLimit-Limit"] == "1"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/schema", "/api/docs"])
def test_the_schema_is_counted_too(client, settings, path):
    settings.API_RATE_ANONYMOUS = "1/min"

    assert [client.get(path).status_code for _ in range(2)] == [200, 429]


@pytest.mark.django_db
def test_health_is_not_counted(client, settings):
    settings.API_RATE_ANONYMOUS = "1/min"

    answers = [client.get("/api/notifications/health") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "RateLimit-Limit" not in answers[0]


@pytest.mark.django_db
def test_signing_in_has_a_rate_over_all_names_of_an_address(client, settings):
    settings.API_RATE_SIGN_IN = "2/min"

    answers = [
        client.post(SIGN_IN, {"username": name, "password": "x"}, content_type="application/json")
        for name in ("asha", "bilal", "chitra")
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]


def test_the_next_window_begins_with_the_whole_rate():
    window, rate = Window(), Rate.read("1/min")

    standings = [window.count("asha", rate, now) for now in (0.0, 59.9, 60.0)]

    assert [standing.is_over for standing in standings] == [False, True, False]
    assert [standing.reset for standing in standings] == [60, 1, 60]


def test_counting_takes_less_than_a_tenth_of_a_millisecond():
    window, rate = Window(), Rate.read("6000/min")
    begun = time.perf_counter()

    for number in range(1000):
        window.count(f"user {number}", rate, 0.0).headers()

    assert (time.perf_counter() - begun) / 1000 < 1e-4


@pytest.mark.parametrize(
    "text", ["", "10", "ten/min", "0/min", "-1/min", "1/fortnight", "1e9/min", "²/min", "/"]
)
@pytest.mark.parametrize("name", limits.RATES)
def test_a_rate_that_is_none_is_said_at_the_start_and_breaks_nothing(settings, asha, client, name, text):
    setattr(settings, name, text)

    [found] = [found for found in run_checks() if found.id == "rest.E001"]
    assert name in found.msg
    assert "300/min" in found.hint
    assert client.get(ME, headers=asha).status_code == 200
    assert client.get(ME).status_code == 401


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("API_TOKEN_DAYS", 0, "E002"),
        ("API_TOKEN_DAYS", 10**9, "E002"),
        ("SIGN_IN_FAILURES", 0, "E003"),
        ("SIGN_IN_LOCK_MINUTES", 0, "E004"),
        ("SIGN_IN_LOCK_MINUTES", 10**15, "E004"),
    ],
)
def test_other_settings_that_make_no_sense_are_said_at_the_start(settings, name, value, check):
    setattr(settings, name, value)

    assert [found.id for found in run_checks() if found.id.startswith("rest.")] == [f"rest.{check}"]


@pytest.mark.parametrize("told", [None, "192.0.2.1", "192.0.2.1, 192.0.2.2"])
def test_without_a_proxy_nobody_says_their_own_address(told):
    headers = {"X-Forwarded-For": told} if told else {}

    assert whence(RequestFactory().get("/", headers=headers)) == "127.0.0.1"


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("10.0.0.1, 192.0.2.2", "192.0.2.2"),
        ("192.0.2.3:4711", "192.0.2.3"),
        ("[2001:db8:1:2:3::4]:80", "2001:db8:1:2::"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("::ffff:192.0.2.4", "192.0.2.4"),
        ("nonsense", "127.0.0.1"),
        ("192.0.2.1,", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_behind_the_proxy_its_own_entry_is_believed(settings, told, address):
    settings.BEHIND_TLS = True

    assert whence(RequestFactory().get("/", headers={"X-Forwarded-For": told})) == address


def test_over_a_socket_the_address_is_unknown():
    assert whence(RequestFactory().get("/", REMOTE_ADDR="")) is None
