"""What MyOperator says of our account: all pages of its templates, and whether it knows us."""

import json

import pytest
import responses
from responses.matchers import query_param_matcher

from notifications.providers.base import ChannelDown, Failure, Listed, NotNow, NotSent
from notifications.providers.myoperator_chat import Chat
from notifications.providers.transport import Transport
from notifications.tests import samples

BASE = "https://publicapi.example.test"
TEMPLATES, NUMBERS = f"{BASE}/chat/templates", f"{BASE}/chat/phonenumbers"


@pytest.fixture
def myoperator():
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def chat():
    return Chat(BASE, "the-key", "5f1e7c3a9b", "106540352242922", Transport(2), "102290129340398")


def one(name, **differing):
    return samples.document("templates_page")["data"]["results"][0] | {"name": name} | differing


def page(mock, offset, results, count):
    asked = {"waba_id": "102290129340398", "limit": "10", "offset": str(offset)}
    answer = {"status": "success", "data": {"count": count, "results": results}}
    mock.get(TEMPLATES, json=answer, match=[query_param_matcher(asked)])


def test_the_sample_is_read(myoperator, chat):
    myoperator.get(TEMPLATES, samples.text("templates_page"))
    (found,), complete = chat.templates(5)
    assert complete
    assert found == Listed(
        name="order_confirmation",
        language="en",
        category="utility",
        status="approved",
        quality="GREEN",
        reason="",
        body="Hello {{1}}, order #{{2}} is confirmed. Thank you.",
        components=found.components,
        provider_id="4711",
    )
    assert found.components[0]["example"] == {"1": "Asha", "2": "77"}


def test_all_pages_are_asked_for(myoperator, chat):
    page(myoperator, 0, [one(f"t{n}") for n in range(10)], 14)
    page(myoperator, 10, [one(f"t{n}") for n in range(10, 14)], 14)
    found = chat.templates(5)
    assert [listed.name for listed in found.templates] == [f"t{n}" for n in range(14)]
    assert found.complete


def test_a_list_that_ends_before_its_count_is_not_complete(myoperator, chat):
    page(myoperator, 0, [one("t0")], 14)
    page(myoperator, 1, [], 14)
    assert chat.templates(5).complete is False


def test_a_list_that_shrinks_between_its_pages_is_not_complete(myoperator, chat):
    page(myoperator, 0, [one(f"t{n}") for n in range(10)], 12)
    page(myoperator, 10, [one("t11")], 11)  # t3 went, so t10 moved up to the page that was read
    assert chat.templates(5).complete is False


def test_a_list_that_moves_between_its_pages_is_not_complete(myoperator, chat):
    page(myoperator, 0, [one(f"t{n}") for n in range(10)], 12)
    page(myoperator, 10, [one("t9"), one("t10")], 12)  # one came at the beginning as the last one went
    found = chat.templates(5)
    assert found.complete is False
    assert len(found.templates) == 11


def test_of_two_with_one_name_the_approved_one_counts(myoperator, chat):
    refused = one("t", id=1, waba_template_status="rejected")
    page(myoperator, 0, [refused, one("t", id=2), refused | {"id": 3}], 3)
    found = chat.templates(5)
    assert found.complete
    assert [(listed.status, listed.provider_id) for listed in found.templates] == [("approved", "2")]


def test_the_credentials_are_shown(myoperator, chat):
    page(myoperator, 0, [], 0)
    chat.templates(5)
    sent = myoperator.calls[0].request
    assert sent.headers["Authorization"] == "Bearer the-key"
    assert sent.headers["X-MYOP-COMPANY-ID"] == "5f1e7c3a9b"
    assert "Content-Length" not in sent.headers
    assert sent.body is None


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"status": 401, "body": samples.text("unauthorized_401")}, ChannelDown),
        ({"status": 500, "body": samples.text("gateway_down_500"),
          "headers": {"x-amzn-ErrorType": "AuthorizerConfigurationException"}}, NotSent),
        ({"status": 504}, NotNow),
        ({"status": 302}, NotNow),
        ({"status": 200, "body": "<html>"}, NotNow),
        ({"status": 200, "body": '{"status": "success"}'}, NotNow),
        ({"status": 200, "body": '{"status": "success", "data": {"count": "14", "results": []}}'}, NotNow),
        ({"status": 200, "body": '{"status": "error", "code": "CHAT_0302", "message": "no"}'}, ChannelDown),
    ],
)  # fmt: skip
def test_what_is_no_list_is_a_failure_and_never_uncertain(myoperator, chat, answer, outcome):
    myoperator.get(TEMPLATES, **answer)
    with pytest.raises(outcome):
        chat.templates(5)


@pytest.mark.parametrize("strange", [None, 7, {"name": 5}, {"name": "x"}, {"name": "", "language": "en"}])
def test_what_cannot_be_sent_by_name_is_passed_over(myoperator, chat, strange):
    page(myoperator, 0, [strange, one("t1", quality={"score": "RED"}, components=None)], 2)
    (found,) = chat.templates(5).templates
    assert (found.name, found.quality, found.body) == ("t1", "RED", "")


def test_a_page_may_be_as_long_as_ten_templates_are(myoperator, chat):
    long = [one(f"t{n}", components=[{"type": "BODY", "text": "ನ" * 1024}] * 3) for n in range(10)]
    assert len(json.dumps(long)) > 64 * 1024
    page(myoperator, 0, long, 10)
    assert len(chat.templates(5).templates) == 10


def test_a_knock_asks_for_our_number_and_sends_nothing(myoperator, chat):
    asked = query_param_matcher({"expand": "waba_account"})
    myoperator.get(NUMBERS, json={"status": "success", "data": {"count": 1, "results": []}}, match=[asked])
    assert chat.knock(5) is None


@pytest.mark.parametrize("answer", [{"status": 401}, {"status": 503}, {"status": 200, "body": "no"}])
def test_a_knock_that_is_not_answered_well_is_a_failure(myoperator, chat, answer):
    myoperator.get(NUMBERS, **answer)
    with pytest.raises(Failure):
        chat.knock(5)
