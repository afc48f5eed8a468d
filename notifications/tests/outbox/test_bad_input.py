"""Whatever is asked for becomes a row with a reason; it never raises, and never breaks the caller's transaction."""

from datetime import datetime

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from notifications import outbox
from notifications.models import Message, MessageEvent, MessageTemplate, NotificationPreference, QueuedMessage
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts(texts):
    return texts


def asked(kind="test_news", **changes):
    """What came of it, with a business row saved before and after it in the same transaction."""
    with transaction.atomic():
        Group.objects.create(name="before")
        message = outbox.queue(kind, **{"to": ASHA, "variables": {"name": "Asha"}} | changes)
        Group.objects.create(name="after")
    assert Group.objects.filter(name__in=("before", "after")).count() == 2
    stored = Message.objects.get(pk=message.pk)
    assert (stored.status, stored.error_code) == (message.status, message.error_code)
    return stored


def not_sent(message):
    """Its status and code; a reason stands on the row and in an event, and nothing is queued."""
    assert message.error
    assert MessageEvent.objects.get(message_id=message.pk).detail == message.error
    assert not QueuedMessage.objects.exists()
    return message.status, message.error_code


@pytest.mark.parametrize("to", ["12345", "", None, 98, b"98765", ["98765"], "9\x008", "\ud800", "9" * 5000])
def test_a_bad_number_is_a_failed_message_with_the_number_masked(to):
    assert not_sent(asked(to=to)) == ("failed", "bad_phone")
    assert "12345" not in Message.objects.get().phone


def test_a_missing_variable_is_named_with_the_nearest_that_was_given():
    message = asked(variables={"nmae": "Asha"})

    assert not_sent(message) == ("failed", "missing_variable")
    assert "`name`" in message.error
    assert "`nmae`" in message.error


def test_a_text_that_broke_in_the_database_fails_its_messages():
    MessageTemplate.objects.filter(kind="test_news").update(content="Hello {{name")

    assert not_sent(asked()) == ("failed", "cannot_render")


def test_a_text_that_is_switched_off_suppresses():
    MessageTemplate.objects.filter(kind="test_news").update(active=False)

    assert not_sent(asked()) == ("suppressed", "template_off")


def test_a_kind_without_a_text_fails():
    MessageTemplate.objects.filter(kind="test_news").delete()

    assert not_sent(asked()) == ("failed", "no_text")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"enabled": False}, "opted_out"),
        ({"order": False}, "category_off"),
        ({"unreachable_at": "2026-01-01T00:00Z"}, "unreachable"),
    ],
)
def test_what_the_customer_does_not_want_is_suppressed(said, code):
    NotificationPreference.objects.create(phone=ASHA, **said)

    assert not_sent(asked()) == ("suppressed", code)


def test_an_offer_needs_an_opt_in():
    assert not_sent(asked("test_offer")) == ("suppressed", "no_opt_in")


def test_an_offer_goes_to_who_asked_for_it():
    outbox.opt_in("98765 43210")

    assert asked("test_offer").status == "queued"


def test_our_own_number_is_refused(settings):
    settings.MYOPERATOR_PHONE_NUMBER = ASHA

    assert not_sent(asked()) == ("failed", "own_number")


def test_a_staging_system_writes_only_to_its_own_people(settings):
    settings.NOTIFICATION_ALLOWED_NUMBERS = [BILAL]

    assert not_sent(asked()) == ("suppressed", "not_allowed")


@pytest.mark.parametrize("kind", ["no_such_kind", "", "a\x00b", "\ud800", "k" * 300, None, ["list"]])
def test_an_unknown_kind_is_a_failed_message(kind):
    assert not_sent(asked(kind)) == ("failed", "unknown_kind")


class _Rude:
    def __str__(self):
        raise RuntimeError("no")

    __repr__ = __str__


def _deep(levels):
    value = "bottom"
    for _ in range(levels):
        value = [value]
    return value


_ROUND = {}
_ROUND["me"] = _ROUND


@pytest.mark.parametrize(
    "extra",
    [
        "a\x00b", "\ud800", "\\u0000", float("nan"), float("inf"), 10**400, 10**5000, object(), _Rude(), b"\xff",
        _deep(50), _deep(5000), _ROUND, {1: 2}, {("a",): 1}, {"k\x00": "v"}, "x" * 20_000, {1, 2},
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_values_that_cannot_be_kept_cost_the_log_its_values_and_not_the_message(extra):
    message = asked(variables={"name": "Asha", "extra": extra})

    assert (message.status, message.text) == ("queued", "Hello Asha")
    assert isinstance(message.variables, dict)


def test_a_number_that_is_none_leaves_the_other_values_readable():
    message = asked(variables={"name": "Asha", "rate": float("nan")})

    assert "Asha" in message.variables["name"]
    assert message.variables["rate"].lower() == "nan"


@pytest.mark.parametrize(
    "value",
    [None, True, [1], {"a": 1}, float("nan"), 10**5000, _Rude(), "x" * 5000, _deep(5000)],
    ids=lambda value: type(value).__name__,
)
def test_a_value_the_text_cannot_print_fails_the_message(value):
    assert not_sent(asked(variables={"name": value})) == ("failed", "cannot_render")


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", "{{ name }}", "👋"])
def test_a_value_with_signs_nobody_can_send_is_cleaned_and_sent(value):
    assert asked(variables={"name": value}).status == "queued"


@pytest.mark.parametrize("variables", [None, [], "name", 7])
def test_variables_that_are_none_count_as_none_given(variables):
    message = asked(variables=variables)

    assert not_sent(message) == ("failed", "missing_variable")
    assert message.variables == {}


@pytest.mark.parametrize("reference", ["r" * 300, "a\x00b", "\ud800", 77, None])
def test_a_reference_of_any_shape_is_kept_as_far_as_it_goes(reference):
    assert asked(reference=reference).status == "queued"


@pytest.mark.parametrize("key", ["k" * 300, "a\x00b", "\ud800", 77, ("order", 7)])
def test_a_key_of_any_shape_is_one_message(key):
    assert asked(key=key).pk == outbox.queue("test_news", to=ASHA, variables={"name": "A"}, key=key).pk


def test_two_long_keys_that_begin_alike_are_two_messages():
    assert asked(key="k" * 300 + "1").pk != outbox.queue(
        "test_news", to=ASHA, variables={}, key="k" * 300 + "2"
    )


@pytest.mark.parametrize("moment", ["tomorrow", 5, datetime.max])
def test_a_moment_that_is_none_fails_the_message(moment):
    assert asked(at=moment, expires_at=moment).status in {"failed", "queued"}
