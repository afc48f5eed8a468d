"""`send-message`: who may not, and what is refused."""

import json

import pytest

from notifications.models import Message, MessageTemplate, NotificationPreference
from notifications.tests.api.conftest import errors
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db

URL = "/api/notifications/send-message"
NEWS = {"phone": "98765 43210", "message_type": "test_news", "context": {"name": "Asha"}, "immediate": False}


def post(client, body):
    return client.post(URL, body, format="json")


def refused(client, body) -> dict[str | None, str]:
    response = post(client, body)
    assert response.status_code == 400, response.json()
    assert not Message.objects.exists()
    return errors(response)


@pytest.mark.parametrize("who", ["asha", "dev"])
def test_without_the_permission_nobody_sends(who, texts, request):
    response = post(request.getfixturevalue(who), NEWS)

    assert response.status_code == 403
    assert "permission" in errors(response)[None]


def test_staff_who_are_staff_no_more_do_not_send(chitra, texts):
    chitra.user.is_staff = False
    chitra.user.save()

    assert post(chitra, NEWS).status_code == 403


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Bearer a b", "Token abc", "Bearer ÿÿÿ", "Basic YTpi"]
)
def test_a_wrong_token_answers_401_and_says_how_to_sign_in(header, texts, anybody):
    anybody.credentials(**({"HTTP_AUTHORIZATION": header} if header else {}))

    response = post(anybody, NEWS)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "phone", ["12345", "", "+91 11 2345 6789", None, ["98765 43210"], "x" * 1000, "+919876543210\x00"]
)
def test_a_bad_phone_is_named(chitra, texts, phone):
    assert set(refused(chitra, NEWS | {"phone": phone})) == {"phone"}


def test_a_bad_phone_is_shown_masked_in_the_answer_and_the_log(chitra, texts, caplog):
    said = refused(chitra, NEWS | {"phone": "+91 12345 67890"})

    assert "+91••••••7890" in said["phone"]
    assert "bad phone +91••••••7890" in caplog.text
    assert "1234567890" not in caplog.text.replace(" ", "")


def test_an_unknown_kind_is_named_with_the_nearest_and_logged(chitra, texts, caplog):
    said = refused(chitra, NEWS | {"message_type": "test_nws"})

    assert said == {"message_type": "There is no such kind of message. Did you mean test_news?"}
    assert "unknown kind 'test_nws'" in caplog.text


def test_nobody_asks_for_what_passes_an_opt_out(chitra, texts):
    said = refused(chitra, NEWS | {"message_type": "stop_confirmation"})

    assert "only the system sends it" in said["message_type"]
    assert not Message.objects.exists()


def test_a_kind_like_no_other_is_answered_with_all_there_are(chitra, texts):
    assert "test_news" in refused(chitra, NEWS | {"message_type": "zzz"})["message_type"]


def test_a_line_break_in_a_kind_makes_no_line_in_the_log(chitra, texts, caplog):
    refused(chitra, NEWS | {"message_type": "x\nERROR y"})

    assert "\nERROR y" not in caplog.text


def test_both_missing_fields_are_named_at_once(chitra, texts):
    assert set(refused(chitra, {})) == {"phone", "message_type"}


def test_a_missing_variable_is_named_with_the_nearest_key(chitra, texts):
    said = refused(chitra, NEWS | {"context": {"nmae": "Asha"}})

    assert said == {"context.name": "`name` is missing; the nearest given is `nmae`."}


def test_a_missing_variable_is_named_also_where_the_customer_wants_nothing(chitra, texts):
    NotificationPreference.objects.create(phone=ASHA, enabled=False)

    assert "context.name" in refused(chitra, NEWS | {"context": {}})


@pytest.mark.parametrize("value", [None, True, [1], {"a": 1}])
def test_a_value_nobody_could_read_is_named(chitra, texts, value):
    assert set(refused(chitra, NEWS | {"context": {"name": value}})) == {"context.name"}


def test_a_text_that_gets_too_long_is_refused(chitra, texts):
    said = refused(chitra, NEWS | {"context": {"name": "x" * 1020}})

    assert "1,024" in said["context"]


def test_a_text_that_staff_broke_is_no_fault_of_the_callers(chitra, texts):
    MessageTemplate.objects.filter(kind="test_news").update(content="Hello {{name")

    response = post(chitra, NEWS)

    assert (response.status_code, response.json()["error_code"]) == (200, "cannot_render")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("context", [1]),
        ("context", "name"),
        ("context", {"a\x00b": 1}),
        ("context", {"x" * 101: 1}),
        ("context", {"name": "Asha", "more": "x" * 16_000}),
        ("immediate", "perhaps"),
        ("reference_id", "x" * 101),
        ("reference_id", "a\x00b"),
        ("language", "xx"),
        ("expires_at", "tomorrow"),
        ("expires_at", "2020-01-01T00:00:00Z"),
        ("message_type", "x" * 65),
        ("message_type", {}),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(chitra, texts, field, value):
    assert set(refused(chitra, NEWS | {field: value})) == {field}


def test_sending_to_our_own_number_is_refused(chitra, texts, settings):
    settings.MYOPERATOR_PHONE_NUMBER = ASHA

    assert "our own" in refused(chitra, NEWS)["phone"]


def test_a_choice_that_is_none_is_not_repeated_in_the_answer(chitra, texts):
    assert "98765" not in refused(chitra, NEWS | {"language": "9876543210"})["language"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b"[]",
        b'"text"',
        b"null",
        b"NaN",
        b"[" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
    ],
)
def test_a_body_that_is_no_json_object_is_refused(chitra, texts, body):
    response = chitra.post(URL, body, content_type="application/json")

    assert response.status_code == 400
    assert errors(response)


def test_lone_halves_of_characters_are_harmless(chitra, texts):
    body = (
        rb'{"phone": "9876543210", "message_type": "test_news", "context": {"name": "\ud800", "\ud800": 1}}'
    )

    assert chitra.post(URL, body, content_type="application/json").status_code == 400


def test_another_content_type_is_refused(chitra, texts):
    assert chitra.post(URL, "phone=1", content_type="application/x-www-form-urlencoded").status_code == 415


def test_the_method_must_be_post(chitra):
    assert chitra.get(URL).status_code == 405


@pytest.mark.parametrize("value", ["\ud800", "Asha \udc00!"])
def test_half_a_character_is_named(chitra, texts, value):
    body = json.dumps(NEWS | {"context": {"name": value}})

    response = chitra.post(URL, body, content_type="application/json")

    assert response.status_code == 400
    assert "half a character" in errors(response)["context.name"]
    assert not Message.objects.exists()
