"""What goes to `POST /chat/messages`, byte for byte, and what each answer of it means."""

import json

import pytest
import requests
import responses
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from notifications.providers import meta
from notifications.providers.base import (
    Accepted,
    ChannelDown,
    Failure,
    NotNow,
    NotSent,
    Outgoing,
    Rejected,
    Template,
    TemplateHeld,
    TooFast,
    Uncertain,
)
from notifications.providers.myoperator_chat import Chat, read, split
from notifications.providers.transport import LARGEST_ANSWER, Answer, Transport
from notifications.tests import samples
from notifications.tests.conftest import ASHA

BASE = "https://publicapi.example.test"
URL = f"{BASE}/chat/messages"
THEIR_ID = "0b0f7a52-0a4e-4d6b-8f0c-5b8a1d2c3e4f"
ORDER = Template("order_confirmation", "en", {"1": "Asha", "2": "ORD-77"})


@pytest.fixture
def myoperator():
    with responses.RequestsMock() as mock:
        yield mock


def chat(key="the-key"):
    return Chat(BASE, key, "5f1e7c3a9b", "106540352242922", Transport(2))


def sent(myoperator, key="the-key", **outgoing):
    """The request that was made for one message."""
    myoperator.post(URL, samples.text("send_accepted"))
    assert chat(key).send(Outgoing("17", ASHA, "Hello Asha", **outgoing)) == Accepted(THEIR_ID)
    return myoperator.calls[0].request


def answered(status, body, **headers):
    """The outcome of one answer: an Accepted, or the failure."""
    data = (
        body
        if isinstance(body, bytes)
        else body.encode()
        if isinstance(body, str)
        else json.dumps(body).encode()
    )
    named = requests.structures.CaseInsensitiveDict({k.replace("_", "-"): v for k, v in headers.items()})
    try:
        return read(Answer(status, named, data, whole=len(data) <= LARGEST_ANSWER))
    except Failure as failure:
        return failure


# --- what is sent


def test_an_approved_template_goes_out_in_the_documented_shape(myoperator):
    assert sent(myoperator, template=ORDER).body == (
        b'{"phone_number_id": "106540352242922", "customer_country_code": "91", "customer_number": "9876543210", '
        b'"data": {"type": "template", "context": {"template_name": "order_confirmation", "language": "en", '
        b'"body": {"1": "Asha", "2": "ORD-77"}}}, "reply_to": null, "myop_ref_id": "17"}'
    )


def test_a_template_without_placeholders_has_no_body(myoperator):
    body = json.loads(sent(myoperator, template=Template("hello", "hi", {})).body)

    assert body["data"] == {"type": "template", "context": {"template_name": "hello", "language": "hi"}}


def test_without_a_template_the_text_goes_out_in_the_documented_shape(myoperator):
    assert sent(myoperator).body == (
        b'{"phone_number_id": "106540352242922", "customer_country_code": "91", "customer_number": "9876543210", '
        b'"data": {"type": "text", "context": {"body": "Hello Asha", "preview_url": false}}, '
        b'"reply_to": null, "myop_ref_id": "17"}'
    )


def test_key_and_company_go_in_their_headers(myoperator):
    headers = sent(myoperator, template=ORDER).headers

    assert {
        name: headers[name] for name in ("Authorization", "X-MYOP-COMPANY-ID", "Content-Type", "Accept")
    } == {
        "Authorization": "Bearer the-key",
        "X-MYOP-COMPANY-ID": "5f1e7c3a9b",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


@pytest.mark.parametrize("key", ["Bearer the-key", "bearer the-key", " Bearer  the-key\n", "the-key "])
def test_a_key_that_brings_its_bearer_is_not_given_another(myoperator, key):
    assert sent(myoperator, key=key).headers["Authorization"] == "Bearer the-key"


@pytest.mark.parametrize(
    ("phone", "parts"),
    [
        ("+919876543210", ("91", "9876543210")),
        ("+14155552671", ("1", "4155552671")),
        ("+971501234567", ("971", "501234567")),
        ("+393331234567", ("39", "3331234567")),
        ("+390612345678", ("39", "0612345678")),  # Italy's zero stays
    ],
)
def test_a_number_is_split_where_its_country_code_ends(phone, parts):
    assert split(phone) == parts


# --- what an answer means


@pytest.mark.parametrize("name", ["send_accepted", "send_accepted_misspelt"])
def test_a_success_with_an_id_is_an_acceptance(name):
    assert answered(200, samples.text(name)) == Accepted(THEIR_ID)


ANSWERS = [  # the table of answers, row by row
    (400, samples.text("send_bad_field"), {}, Rejected),
    (401, samples.text("unauthorized_401"), {}, ChannelDown),
    (403, {"status": "error", "code": "403", "message": "Invalid company ID!"}, {}, ChannelDown),
    (403, {"Message": "User is not authorized: explicit deny"}, {}, ChannelDown),
    (404, {"message": "Not Found"}, {}, ChannelDown),
    (400, samples.text("send_wallet_empty"), {}, ChannelDown),
    (200, samples.text("send_wallet_empty"), {}, ChannelDown),
    *(
        (400, {"status": "error", "code": code}, {}, ChannelDown)
        for code in ("CHAT_0302", "CHAT_0303", "CHAT_0304")
    ),
    (429, {"message": "Too Many Requests"}, {"Retry_After": "7"}, TooFast),
    (
        500,
        samples.text("gateway_down_500"),
        {"x_amzn_ErrorType": "AuthorizerConfigurationException"},
        NotSent,
    ),
    (504, {"message": "Endpoint request timed out"}, {}, Uncertain),
    (500, {"message": "Internal server error"}, {}, NotNow),
    (502, b"<html>Bad Gateway</html>", {}, NotNow),
    (503, b"", {}, NotSent),
    (200, b"<html>Welcome</html>", {}, Uncertain),
    (200, b"", {}, Uncertain),
    (200, [], {}, Uncertain),
    (200, {}, {}, Uncertain),
    (200, {"data": {}}, {}, Uncertain),
    (302, b"", {}, Uncertain),
]


@pytest.mark.parametrize(("status", "body", "headers", "outcome"), ANSWERS)
def test_each_answer_is_in_its_class(status, body, headers, outcome):
    assert type(answered(status, body, **headers)) is outcome


def test_a_bad_field_is_named_for_staff():
    assert "placeholder 2 is missing" in answered(400, samples.text("send_bad_field")).words


def test_what_whatsapp_says_of_a_value_is_kept_with_our_words():
    error = {"code": 132012, "title": "Mismatch", "error_data": {"details": "{{2}} is no currency"}}
    found = answered(400, {"status": "error", "code": "400", "message": "Mismatch", "errors": [error]})

    assert found.words.endswith("WhatsApp said: {{2}} is no currency")


def test_a_limit_says_how_long_to_wait():
    assert answered(429, {}, Retry_After="7").retry_after == 7


META = [
    *((code, NotNow) for code in (1, 2, 131000, 131016, 133004, 131057, 131049)),
    *((code, TooFast) for code in (4, 80007, 130429, 131056)),
    (132015, TemplateHeld),
    *((code, ChannelDown) for code in (0, 3, 10, 190, 200, 299, 368, 131031, 131042, 131048, 131064)),
    *((code, Rejected) for code in (131026, 131050, 131047, 33, 100, 131005, 131008, 131009, 131021, 131051, 131052,
                                    131053, 130472, 130497, 132000, 132001, 132005, 132007, 132008, 132012, 132016,
                                    132018)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "outcome"), META)
def test_each_of_metas_codes_is_in_its_class(code, outcome):
    body = {
        "status": "error",
        "code": "400",
        "message": "Meta said no",
        "errors": [{"code": code, "title": "no"}],
    }

    assert type(answered(400, body)) is outcome
    assert code in meta.DOCUMENTED


@examples(max_examples=200, deadline=None)
@given(
    status=st.integers(100, 599),
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["status", "code", "message", "data", "errors", "message_id"]), inner
            )
        ),
        max_leaves=8,
    ),
)
def test_whatever_is_answered_is_an_acceptance_or_a_failure(status, body):
    outcome = answered(status, body if not isinstance(body, str) else json.dumps(body))

    assert isinstance(outcome, Accepted | Failure)
    assert not isinstance(outcome, Accepted) or (200 <= status < 300 and isinstance(body, dict))
