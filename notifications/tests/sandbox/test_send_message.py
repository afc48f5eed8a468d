import json

import pytest

from .cast import ASHA, SEND_HEADERS, call, samples, send


def sample(name):
    return json.loads((samples() / name).read_text())


def test_a_right_message_is_accepted_in_the_documented_shape(sandbox):
    heard = send(sandbox)
    expected = sample("send_accepted.json")
    assert heard.status == 200
    assert {**heard.json, "data": None} == {**expected, "data": None}
    assert {name: len(value) for name, value in heard.json["data"].items()} == dict.fromkeys(
        expected["data"], 36
    )


def test_what_was_accepted_is_kept_as_it_was_sent(sandbox):
    heard = send(sandbox, text="✓ भुगतान मिला ₹450")
    [kept] = sandbox.messages()
    assert kept["id"] == heard.json["data"]["message_id"]
    assert (kept["phone"], kept["text"], kept["api"]) == (ASHA, "✓ भुगतान मिला ₹450", "send-message")
    assert (kept["reference"], kept["status"]) == (None, "accepted")


def test_the_secrets_of_the_caller_are_not_kept(sandbox):
    send(sandbox)
    assert "sandbox-key" not in json.dumps(sandbox.messages())
    assert "sandbox-secret" not in json.dumps(sandbox.messages())


@pytest.mark.parametrize("header", ["X-API-Key", "X-API-Secret"])
def test_wrong_credentials_are_unauthorized(sandbox, header):
    heard = call(sandbox.url, "POST", "/whatsapp/send-message", {}, {**SEND_HEADERS, header: "another"})
    assert (heard.status, heard.json) == (401, sample("unauthorized_401.json"))
    assert sandbox.summary()["rejected"] == {"401": 1}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone_number", "9876543210"),
        ("phone_number", "+91 98765 43210"),
        ("phone_number", 919876543210),
        ("phone_number", None),
        ("phone_number", "+919876543210\n"),
        ("message", ""),
        ("message", "   "),
        ("message", "x" * 4097),
        ("message", None),
        ("account_id", "another"),
    ],
)
def test_a_bad_field_is_named(sandbox, field, value):
    heard = send(sandbox, **{field: value})
    assert heard.status == 400
    assert set(heard.json) == set(sample("send_bad_field.json"))
    assert list(heard.json["errors"]) == [field]
    assert sandbox.messages() == []


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(sandbox, body):
    heard = call(sandbox.url, "POST", "/whatsapp/send-message", body, SEND_HEADERS)
    assert heard.status == 400


def test_an_unknown_address_is_not_found(sandbox):
    assert call(sandbox.url, "POST", "/whatsapp/send", {}, SEND_HEADERS).status == 404
