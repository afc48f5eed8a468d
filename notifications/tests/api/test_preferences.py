"""`/api/notifications/preferences/{phone}`: what a customer wants."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from notifications import engine, outbox, registry
from notifications.models import ConsentEvent, Message, NotificationPreference
from notifications.tests.api.conftest import errors
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db

URL = "/api/notifications/preferences"


@pytest.fixture
def chitra(chitra):
    wanted = Permission.objects.filter(codename__endswith="_notificationpreference")
    chitra.user.user_permissions.add(*wanted)
    return chitra


def get(client, phone=ASHA):
    return client.get(f"{URL}/{phone}")


def put(client, body, phone=ASHA):
    return client.put(f"{URL}/{phone}", body, format="json")


def test_a_number_that_never_said_anything_has_the_defaults(chitra):
    answer = get(chitra)

    assert answer.status_code == 200
    assert answer.json() == {
        "phone": ASHA,
        "language": None,
        "enabled": True,
        "order": True,
        "subscription": True,
        "delivery": True,
        "payment": True,
        "promotional": True,
        "marketing_opt_in": False,
        "marketing_opt_in_at": None,
        "quiet_from": None,
        "quiet_until": None,
        "updated_at": None,
    }
    assert not NotificationPreference.objects.exists()


def test_only_the_given_fields_change(chitra):
    NotificationPreference.objects.create(phone=ASHA, language="hi", payment=False)

    answer = put(chitra, {"promotional": False})

    said = answer.json()
    assert answer.status_code == 200
    assert (said["promotional"], said["payment"], said["language"], said["order"]) == (
        False,
        False,
        "hi",
        True,
    )
    assert said["updated_at"].endswith("+05:30")
    assert get(chitra).json() == said


def test_everything_can_be_said_at_once(chitra):
    wanted = {
        "language": "ta", "enabled": False, "order": False, "subscription": False, "delivery": False,
        "payment": False, "promotional": False, "marketing_opt_in": True, "quiet_from": "22:00", "quiet_until": "07:30",
    }  # fmt: skip

    said = put(chitra, wanted).json()

    assert said | wanted == said
    row = NotificationPreference.objects.get()
    assert (row.quiet_from, row.quiet_until) == (time(22), time(7, 30))


def test_what_was_read_can_be_written_back(chitra):
    before = put(chitra, {"language": "hi"}).json()

    after = put(chitra, before).json()

    assert after | {"updated_at": None} == before | {"updated_at": None}


def test_null_takes_the_language_back(chitra):
    put(chitra, {"language": "ta"})

    assert put(chitra, {"language": None}).json()["language"] is None


@pytest.mark.parametrize(
    "phone", ["9876543210", "%2B919876543210", "+919876543210", " 919876543210", "098765-43210"]
)
def test_the_number_may_be_written_as_people_do(chitra, phone):
    assert get(chitra, phone).json()["phone"] == ASHA


@pytest.mark.parametrize("phone", ["12", "x", "9" * 50, "98765%00", "%ED%A0%80"])
def test_what_is_no_number_is_named(chitra, phone):
    answers = [get(chitra, phone), put(chitra, {"order": False}, phone)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert set(errors(answers[0])) == {"phone"}


def test_an_opt_in_keeps_its_moment_and_an_opt_out_ends_it(chitra):
    begun = timezone.now()
    put(chitra, {"marketing_opt_in": True})
    at = NotificationPreference.objects.get().marketing_opt_in_at
    assert begun <= at <= timezone.now()

    put(chitra, {"marketing_opt_in": True, "payment": False})
    assert NotificationPreference.objects.get().marketing_opt_in_at == at

    assert put(chitra, {"marketing_opt_in": False}).json()["marketing_opt_in_at"] is None


def test_who_changed_what_stands_in_the_admins_history(chitra):
    put(chitra, {"marketing_opt_in": False, "payment": False})

    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (chitra.user, "Changed marketing_opt_in, payment by API.")


def test_a_change_is_in_the_ledger_of_wishes(asha):
    put(asha, {"payment": False})

    line = ConsentEvent.objects.get()
    assert (line.what, line.act, line.how, line.by) == ("payment", "opt_out", "api", asha.user.username)


@pytest.mark.parametrize(
    ("before", "body", "field"),
    [
        ({}, {"quiet_from": "22:00"}, "quiet_until"),
        ({}, {"quiet_until": "07:00"}, "quiet_from"),
        ({}, {"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
        ({"quiet_from": time(22), "quiet_until": time(7)}, {"quiet_from": None}, "quiet_from"),
        ({"quiet_from": time(22), "quiet_until": time(7)}, {"quiet_from": "07:00"}, "quiet_until"),
        ({}, {"quiet_from": "24:00", "quiet_until": "07:00"}, "quiet_from"),
        ({}, {"quiet_from": 22, "quiet_until": "07:00"}, "quiet_from"),
        ({}, {"quiet_from": "22:00:00", "quiet_until": "07:00"}, "quiet_from"),
        ({}, {"language": "xx"}, "language"),
        ({}, {"payment": "perhaps"}, "payment"),
        ({}, {"payment": None}, "payment"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field_and_changes_nothing(chitra, before, body, field):
    if before:
        NotificationPreference.objects.create(phone=ASHA, **before)
    was = get(chitra).json()

    answer = put(chitra, body)

    assert answer.status_code == 400
    assert set(errors(answer)) == {field}
    assert get(chitra).json() == was


def test_one_end_of_the_hours_changes_where_the_other_is_there(chitra):
    NotificationPreference.objects.create(phone=ASHA, quiet_from=time(22), quiet_until=time(7))

    assert put(chitra, {"quiet_until": "08:00"}).json()["quiet_until"] == "08:00"
    assert put(chitra, {"quiet_from": None, "quiet_until": None}).json()["quiet_from"] is None


@pytest.mark.parametrize("body", [{}, {"payments": False}, [], 5, None])
def test_a_body_that_changes_nothing_is_refused(chitra, body):
    assert put(chitra, body).status_code == 400


def test_a_customer_reads_and_changes_their_own(asha):
    assert get(asha).json()["phone"] == ASHA
    assert put(asha, {"payment": False}).json()["payment"] is False
    assert NotificationPreference.objects.get().user == asha.user


def test_a_customer_of_the_shop_has_wishes_before_saying_any(bilal, monkeypatch):
    hooks = [lambda user: {BILAL} if user == bilal.user else ()]
    monkeypatch.setattr(registry, "_phone_hooks", hooks)
    NotificationPreference.objects.all().delete()

    assert get(bilal, BILAL).json()["updated_at"] is None
    assert put(bilal, {"order": False}, BILAL).status_code == 200
    assert NotificationPreference.objects.get().user is None


@pytest.mark.parametrize("who", ["asha", "bilal"])
def test_nobody_takes_a_number_by_writing_it(request, who):
    client = request.getfixturevalue(who)
    put(client, {"user": 1, "phone": "9876500000", "order": False}, ASHA if who == "asha" else BILAL)

    assert list(NotificationPreference.objects.values_list("user", "phone")) == [
        (client.user.pk, ASHA if who == "asha" else BILAL)
    ]


def test_somebody_elses_wishes_are_404(asha, bilal):
    assert get(bilal).status_code == put(bilal, {"order": False}).status_code == 404
    assert get(bilal, "9876500000").status_code == 404
    assert NotificationPreference.objects.get(phone=ASHA).order


def test_staff_without_the_permission_change_nothing(dev, anybody):
    assert (get(dev).status_code, put(dev, {"order": False}).status_code) == (200, 403)
    assert (get(anybody).status_code, put(anybody, {"order": False}).status_code) == (401, 401)
    assert not NotificationPreference.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("body", [{"enabled": False}, {"order": False}])
def test_what_is_switched_off_reaches_what_is_queued(chitra, texts, memory_provider, body):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})

    put(chitra, body)
    engine.drain(2)

    assert Message.objects.get(pk=message.pk).status == "suppressed"
    assert not memory_provider.asked


@pytest.mark.django_db(transaction=True)
def test_quiet_hours_reach_what_is_queued(chitra, texts, memory_provider):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    now = timezone.localtime()

    put(chitra, {
        "quiet_from": f"{now - timedelta(hours=1):%H:%M}", "quiet_until": f"{now + timedelta(hours=1):%H:%M}",
    })  # fmt: skip
    engine.drain(0.2)

    assert Message.objects.get(pk=message.pk).status == "queued"
    assert not memory_provider.asked


@pytest.mark.django_db(transaction=True)
def test_many_changes_at_once_all_land(chitra):
    names = ["order", "subscription", "delivery", "payment", "promotional", "enabled"]

    def change(name):
        try:
            return put(chitra, {name: False}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(change, names)) == {200}

    said = get(chitra).json()
    assert [said[name] for name in names] == [False] * 6


def test_the_text_they_agreed_to_is_kept_in_the_ledger(chitra):
    words = "Yes, send me offers (text 3, of 2026-11-01)"
    answer = put(chitra, {"marketing_opt_in": True, "words": words})

    assert answer.status_code == 200
    event = ConsentEvent.objects.get()
    assert (event.what, event.act, event.words) == ("marketing_opt_in_at", "opt_in", words)


def test_words_alone_change_nothing(chitra):
    answer = put(chitra, {"words": "hello"})

    assert answer.status_code == 400
    assert not any("words" in said for said in errors(answer).values())
