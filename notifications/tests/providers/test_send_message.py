"""What goes to `POST /whatsapp/send-message`, and what each answer of it means."""

import json

import pytest
import requests
import responses
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from notifications.providers import answers, meta
from notifications.providers.base import (
    Accepted,
    ChannelDown,
    Failure,
    NotNow,
    NotSent,
    Outgoing,
    Rejected,
    TemplateHeld,
    TooFast,
    Uncertain,
)
from notifications.providers.myoperator_send_message import SendMessage, read
from notifications.providers.transport import LARGEST_ANSWER, Answer, Transport
from notifications.tests import samples
from notifications.tests.conftest import ASHA

BASE = "https://api.example.test"
URL = f"{BASE}/whatsapp/send-message"
MISSPELT_ID = "0b0f7a52-0a4e-4d6b-8f0c-5b8a1d2c3e4f"


@pytest.fixture
def myoperator():
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def provider():
    return SendMessage(BASE, "the-key", "the-secret", "account-1", Transport(2))


def send(provider, text="Hello Asha"):
    return provider.send(Outgoing("17", ASHA, text))


def answered(status, body, **headers):
    """The outcome of one answer: an Accepted, or the failure."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = requests.structures.CaseInsensitiveDict({k.replace("_", "-"): v for k, v in headers.items()})
    try:
        return read(Answer(status, named, data, whole=len(data) <= LARGEST_ANSWER))
    except Failure as failure:
        return failure


# --- what is sent


def test_the_body_is_exactly_number_text_and_account(provider, myoperator):
    myoperator.post(URL, samples.text("send_accepted"))

    send(provider, '✓ Payment received! ₹1,250\nधन्यवाद "Asha"')

    assert (
        myoperator.calls[0].request.body
        == (
            '{"phone_number": "+919876543210", "message": "✓ Payment received! ₹1,250\\nधन्यवाद \\"Asha\\"", '
            '"account_id": "account-1"}'
        ).encode()
    )


def test_key_and_secret_go_in_headers_of_their_own(provider, myoperator):
    myoperator.post(URL, samples.text("send_accepted"))

    send(provider)

    headers = myoperator.calls[0].request.headers
    assert headers["X-API-Key"] == "the-key"
    assert headers["X-API-Secret"] == "the-secret"
    assert headers["Content-Type"] == headers["Accept"] == "application/json"
    assert headers["Content-Length"] == str(len(myoperator.calls[0].request.body))


def test_the_documented_answer_is_accepted_with_its_id(provider, myoperator):
    myoperator.post(URL, samples.text("send_accepted"))

    assert send(provider) == Accepted(MISSPELT_ID)


def test_the_answer_with_the_misspelt_field_is_accepted_too(provider, myoperator):
    myoperator.post(URL, samples.text("send_accepted_misspelt"))

    assert send(provider) == Accepted(MISSPELT_ID)


def test_a_redirect_is_not_followed(provider, myoperator):
    myoperator.post(URL, status=302, headers={"Location": "https://elsewhere.example.test/"})

    with pytest.raises(Uncertain):
        send(provider)

    assert len(myoperator.calls) == 1


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (requests.ConnectTimeout("late"), NotSent),
        (requests.exceptions.SSLError("bad certificate"), NotSent),
        (requests.ConnectionError(ConnectionRefusedError(111, "refused")), NotSent),
        (requests.ConnectionError(ConnectionResetError(104, "reset")), Uncertain),
        (requests.ConnectionError("cut"), Uncertain),
        (requests.ReadTimeout("late"), Uncertain),
        (requests.exceptions.ChunkedEncodingError("cut"), Uncertain),
    ],
)
def test_only_a_proof_makes_it_not_sent(provider, myoperator, error, outcome):
    myoperator.post(URL, body=error)

    with pytest.raises(outcome):
        send(provider)


# --- accepted


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"message_id": "m-1"}, "m-1"),
        ({"id": "m-2"}, "m-2"),
        ({"data": {"message_id": "m-3"}}, "m-3"),
        ({"id": 77}, "77"),
        ({"message_id": "first", "id": "second"}, "first"),
        ({"message_id": None, "id": "second"}, "second"),
        ({"message_id": "x\x00y\ud800z"}, "x y z"),
        ({"message_id": "i" * 500}, "i" * 128),
        ({"message_id": {"deep": 1}, "data": ["list"]}, ""),
        ({"message_id": True}, ""),
        ({"message_id": " ", "data": {"message_id": "m-4"}}, "m-4"),
        ({"message_id": "m-5", "error": {"code": 0, "message": ""}, "errors": {"field": []}}, "m-5"),
        ({"message_id": "m-6", "error": "none", "status": 200, "ok": True}, "m-6"),
        ({"status": "success", "code": "200", "errors": [], "error": None}, ""),
        *(({"success": yes}, "") for yes in (True, 1, "true", "yes", "", None, [])),
        ({}, ""),
    ],
)
def test_any_object_without_an_error_mark_is_accepted_with_the_id_it_names(document, found):
    assert answered(200, document) == Accepted(found)


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_any_2xx_may_accept(status):
    assert answered(status, {"message_id": "m-1"}) == Accepted("m-1")


# --- answers that say nothing certain


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"17",
        b'"accepted"',
        b"null",
        b"true",
        b"OK",
        b"<html>",
        b"\xff\xfe\x00",
        b"\x1f\x8b<accepted?",
        b'{"message_id": "cut',
        b"[" * 60_000,
        b'{"id": ' + b"9" * 5000 + b"}",
        json.dumps({"message_id": "m-1", "padding": "x" * LARGEST_ANSWER}).encode(),
    ],
    ids=lambda body: repr(body[:16]),
)
def test_a_2xx_that_cannot_be_read_is_uncertain(body):
    assert isinstance(answered(200, body), Uncertain)


def test_an_answer_that_the_deadline_cut_is_told_from_one_that_cannot_be_read():
    codes = []
    for overdue in (True, False):
        with pytest.raises(Uncertain) as failure:
            read(Answer(200, {}, b"", overdue=overdue))
        codes.append(failure.value.code)

    assert codes == ["timeout", "unreadable"]
    assert read(Answer(200, {}, b'{"id": 1}', overdue=True)) == Accepted("1")


def test_an_empty_204_is_uncertain():
    assert isinstance(answered(204, b""), Uncertain)


# --- refusals, row by row


ROWS = [
    (400, samples.document("send_bad_field"), Rejected),
    (401, samples.document("unauthorized_401"), ChannelDown),
    (402, {"message": "Payment required"}, ChannelDown),
    (403, {"message": "Invalid company ID!"}, ChannelDown),
    (403, {"message": "User is not authorized ... with an explicit deny"}, ChannelDown),
    (404, {"message": "Not Found"}, ChannelDown),
    (405, b"<html>Method Not Allowed</html>", ChannelDown),
    (410, b"", ChannelDown),
    (400, samples.document("send_wallet_empty"), ChannelDown),
    (200, samples.document("send_wallet_empty"), ChannelDown),
    (200, {"code": "CHAT_4001"}, ChannelDown),
    (400, {"code": "CHAT_0302"}, ChannelDown),
    (500, {"code": "CHAT_0303"}, ChannelDown),
    (400, {"errors": [{"code": "CHAT_0304"}]}, ChannelDown),
    (400, {"code": "CHAT_4001", "errors": [{"code": "insufficient_balance"}]}, ChannelDown),
    (400, {"status": "error", "data": {"error": {"code": 131042}}}, ChannelDown),
    (429, {"message": "Too many requests"}, TooFast),
    (500, {"message": None}, NotNow),
    (500, b"<html>", NotNow),
    (502, b"<html><h1>502 Bad Gateway</h1></html>", NotNow),
    (503, {"message": "Service Unavailable"}, NotSent),
    (504, {"message": "Endpoint request timed out"}, Uncertain),
    (408, b"", Uncertain),
    (301, b"", Uncertain),
    (302, b"", Uncertain),
    (307, {"message_id": "m-1"}, Uncertain),
    (103, b"", Uncertain),
    (599, b"", Uncertain),
    (422, {"message": "phone_number is not valid"}, Rejected),
    (413, b"", Rejected),
]


@pytest.mark.parametrize(("status", "body", "outcome"), ROWS)
def test_each_answer_is_in_its_class(status, body, outcome):
    assert type(answered(status, body)) is outcome


def test_the_gateways_own_fault_proves_that_it_never_got_in():
    found = answered(
        500, samples.document("gateway_down_500"), x_amzn_ErrorType="AuthorizerConfigurationException"
    )

    assert isinstance(found, NotSent)


def test_the_same_500_without_the_gateways_mark_counts_as_a_try():
    assert isinstance(answered(500, samples.document("gateway_down_500")), NotNow)


def test_the_field_errors_are_kept():
    found = answered(400, samples.document("send_bad_field"))

    assert found.words == "data.context.body: placeholder 2 is missing"
    assert found.code == "400"


def test_field_errors_in_lists_are_read_and_stranger_shapes_are_left_out():
    found = answered(400, {"errors": {"message": ["is empty", "is late"], "odd": {"a": [1]}}})

    assert found.words == "message: is empty, is late; odd:"


def test_words_that_no_database_keeps_are_cleaned_and_cut():
    found = answered(400, {"message": "no\x00\ud800!" + "x" * 1000})

    assert found.words.startswith("no !")
    assert len(found.words) == 400


def test_deep_nesting_in_an_answer_costs_nothing():
    nested = b'{"a":' * 900 + b"1" + b"}" * 900

    assert isinstance(answered(400, b'{"errors": {"field": ' + nested + b"}}"), Rejected)
    assert isinstance(answered(200, b'{"status": ' + nested + b"}"), Accepted)
    errors = b'{"error":' * 900 + b"1" + b"}" * 900
    assert isinstance(answered(400, errors), Rejected)
    assert isinstance(answered(200, errors), NotNow)


@pytest.mark.parametrize(
    ("document", "outcome"),
    [
        ({"status": "error", "message": "Internal"}, NotNow),
        ({"status": "FAILED"}, NotNow),
        ({"status": False}, NotNow),
        *(({"success": no}, NotNow) for no in (False, 0, "0", "false", "False ", "no")),
        ({"error": "Something went wrong"}, NotNow),
        ({"status": "error", "code": "400", "message": "Validation failed"}, Rejected),
        ({"code": 401, "message": "Unauthorized"}, ChannelDown),
        ({"status": "error", "code": "429"}, TooFast),
        ({"status": "error", "code": "504"}, Uncertain),
        ({"errors": {"message": "is empty"}}, Rejected),
        ({"error": {"code": 131026, "message": "Undeliverable"}}, Rejected),
        ({"status": 400, "message": "Validation failed"}, Rejected),
        ({"statusCode": "401", "message": "Unauthorized"}, ChannelDown),
        ({"status_code": 429}, TooFast),
        ({"ok": False, "message": "Internal"}, NotNow),
        ({"errorMessage": "Task timed out", "errorType": "Runtime"}, NotNow),
    ],
)
def test_a_200_that_says_it_failed_is_not_accepted(document, outcome):
    found = answered(200, document)

    assert type(found) is outcome


# --- Meta's codes

META = [
    (NotNow, [1, 2, 131000, 131016, 133004, 131057, 131049]),
    (TooFast, [4, 80007, 130429, 131056]),
    (TemplateHeld, [132015]),
    (ChannelDown, [0, 3, 10, 190, *range(200, 300), 368, 131031, 131042, 131048, 131064]),
    (Rejected, [131026, 131050, 131047, 33, 100, 131005, 131008, 131009, 131021, 131051, 131052, 131053, 130472,
                130497, 132000, 132001, 132005, 132007, 132008, 132012, 132016, 132018]),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "code"), [(outcome, code) for outcome, codes in META for code in codes])
def test_each_code_of_meta_is_in_its_class_wherever_it_stands(outcome, code):
    for document in ({"error": {"code": code}}, {"errors": [{"code": str(code)}]}):
        found = answered(400, document)

        assert (type(found), found.code) == (outcome, str(code))


def test_a_long_code_on_top_of_the_answer_is_metas_and_a_short_one_is_https():
    assert isinstance(answered(400, {"code": "131056"}), TooFast)
    assert isinstance(answered(400, {"code": "200"}), Rejected)
    assert isinstance(answered(500, {"code": 4}), NotNow)


def test_a_code_that_nobody_documented_leaves_it_to_the_status():
    assert isinstance(answered(400, {"error": {"code": 999999}}), Rejected)
    assert isinstance(answered(503, {"error": {"code": 999999}}), NotSent)


@pytest.mark.parametrize(
    "code",
    [True, 1.5, "1e3", "x" * 9000, "9" * 9000, [131056], {}, None, -4, 1e300],
    ids=lambda code: str(code)[:9],
)
def test_a_code_of_a_strange_shape_is_nobodys(code):
    assert isinstance(answered(400, {"error": {"code": code}}), Rejected)


def test_the_marketing_cap_waits_a_day():
    assert meta.failure(131049).retry_after == 24 * 3600


def test_too_fast_for_one_person_does_not_slow_the_channel():
    found = answered(400, {"error": {"code": 131056}})

    assert found.person
    assert found.retry_after >= 6


# --- Retry-After


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2.0),
        ("2.5", 2.5),
        ("0", 1.0),
        ("-1", 1.0),
        ("1e9", 3600.0),
        ("1000000000", 3600.0),
        ("nan", None),
        ("inf", None),
        ("-inf", None),
        ("soon", None),
        ("", None),
        ("\x00", None),
        ("9" * 400, None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
        ("Fri, 99 Dec 9999 23:59:59 GMT", None),
    ],
    ids=lambda given: str(given)[:16],
)
def test_retry_after_is_read_and_bounded(header, seconds):
    assert answered(429, b"", Retry_After=header).retry_after == seconds


def test_retry_after_may_be_a_date():
    now = answers.parsedate_to_datetime("Wed, 21 Oct 2026 07:28:00 GMT")

    assert answers.retry_after("Wed, 21 Oct 2026 07:28:30 GMT", lambda: now) == 30.0
    assert answers.retry_after("Wed, 21 Oct 2026 07:28:30 -0000", lambda: now) == 30.0


@given(
    st.text(max_size=60)
    | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ [\d:]+ ?[-+]?\d*", fullmatch=True)
)
def test_no_retry_after_breaks_or_waits_for_ever(header):
    found = answers.retry_after(header)

    assert found is None or 1.0 <= found <= answers.LONGEST_WAIT


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["code", "error", "errors", "data", "message", "message_id", "id", "status", "title"]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@examples(max_examples=50, deadline=None)
@given(st.sampled_from([200, 204, 302, 400, 401, 429, 500, 503]), _JSON)
def test_every_document_has_an_outcome_that_a_database_can_keep(status, document):
    found = answered(status, document)

    assert isinstance(found, Accepted | Failure)
    words = found.provider_message_id if isinstance(found, Accepted) else found.words + found.code
    assert "\x00" not in words
    words.encode()
