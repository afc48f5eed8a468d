"""`manage.py apitoken`."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

pytestmark = pytest.mark.django_db


@pytest.fixture
def chitra():
    return User.objects.create_user("chitra", is_staff=True)


def token_of(username, *options):
    out = StringIO()
    call_command("apitoken", username, *options, stdout=out)
    return out.getvalue()


def test_it_prints_only_a_token_that_signs_in(chitra):
    printed = token_of("chitra")

    assert printed == printed.strip() + "\n"
    headers = {"Authorization": f"Bearer {printed.strip()}"}
    assert Client().get("/api/notifications/history", headers=headers).status_code == 200


def test_the_database_keeps_a_hash_and_not_the_token(chitra):
    token = token_of("chitra").strip()

    kept = AuthToken.objects.get(user=chitra)
    assert token not in (kept.digest, kept.token_key)
    assert len(kept.digest) == 128


def test_a_token_does_not_end_by_itself(chitra):
    token_of("chitra")

    assert AuthToken.objects.get().expiry is None


def test_days_say_how_long_it_is_valid(chitra):
    token_of("chitra", "--days", "2")

    left = AuthToken.objects.get().expiry - timezone.now()
    assert timedelta(hours=47) < left <= timedelta(hours=48)


@pytest.mark.parametrize("days", ["0", "-1", "99999999"])
def test_days_that_make_no_sense_are_refused(chitra, days):
    with pytest.raises(CommandError, match="--days is a number"):
        token_of("chitra", "--days", days)


def test_a_user_may_have_several(chitra):
    assert token_of("chitra") != token_of("chitra")
    assert AuthToken.objects.count() == 2


def test_an_unknown_user_gets_a_sentence(db):
    with pytest.raises(CommandError, match="There is no user nobody"):
        token_of("nobody")


def test_a_user_who_is_switched_off_gets_a_sentence(chitra):
    User.objects.update(is_active=False)

    with pytest.raises(CommandError, match="switched off"):
        token_of("chitra")
