import pytest

from .cast import ASHA, CHAT_HEADERS, call, chat, template_data, text_data


def test_a_template_is_accepted_and_kept_with_its_reference(sandbox):
    heard = chat(sandbox)
    assert heard.json["status"] == "success"
    [kept] = sandbox.messages()
    assert kept["id"] == heard.json["data"]["message_id"]
    assert (kept["api"], kept["phone"], kept["reference"]) == ("chat", ASHA, "attempt-1")
    assert kept["text"] == "Hello Asha, order #ORD-77 is confirmed. Thank you."


def test_session_text_is_accepted(sandbox):
    assert chat(sandbox, data=text_data("See you at 7")).status == 200
    assert sandbox.messages()[0]["text"] == "See you at 7"


def test_a_template_without_variables_needs_no_body(sandbox):
    assert chat(sandbox, data=template_data()).status == 200


@pytest.mark.parametrize("bearer", ["bearer sandbox-key", "Bearer another", "Bearer Bearer sandbox-key", ""])
def test_a_wrong_token_is_unauthorized(sandbox, bearer):
    heard = chat(sandbox, {**CHAT_HEADERS, "Authorization": bearer})
    assert (heard.status, heard.json) == (401, {"message": "Unauthorized"})


def test_a_wrong_company_is_forbidden(sandbox):
    heard = chat(sandbox, {**CHAT_HEADERS, "X-MYOP-COMPANY-ID": "another"})
    assert (heard.status, heard.json["message"]) == (403, "Invalid company ID!")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"phone_number_id": "1"}, "phone_number_id"),
        ({"waba_id": "1"}, "waba_id"),
        ({"customer_country_code": "+91"}, "customer_country_code"),
        ({"customer_number": "98765 43210"}, "customer_number"),
        ({"data": None}, "data"),
        ({"data": {"type": "poem", "context": {}}}, "data.type"),
        ({"data": {"type": "text"}}, "data.context"),
        ({"data": text_data("")}, "data.context.body"),
        ({"data": template_data("Bad Name")}, "data.context.template_name"),
        ({"data": template_data(language=None)}, "data.context.language"),
        ({"data": template_data(body=["Asha"])}, "data.context.body"),
        ({"data": template_data(body={"1": "two\nlines"})}, "data.context.body.1"),
        ({"data": template_data(body={"1": ""})}, "data.context.body.1"),
        ({"data": template_data(body={"1": 77})}, "data.context.body.1"),
        ({"data": template_data(body={"1": "a     b"})}, "data.context.body.1"),
    ],
)
def test_a_bad_field_is_named(sandbox, changes, named):
    heard = chat(sandbox, **changes)
    assert heard.status == 400
    assert list(heard.json["errors"]) == [named]


def test_the_account_may_be_named(sandbox):
    assert chat(sandbox, waba_id="102290129340398").status == 200


def test_the_numbers_of_the_account_prove_the_credentials(sandbox):
    heard = call(sandbox.url, "GET", "/chat/phonenumbers?expand=waba_account", None, CHAT_HEADERS)
    assert heard.json["data"]["results"][0]["phone_number_id"] == "106540352242922"
    assert call(sandbox.url, "GET", "/chat/phonenumbers").status == 401


def test_an_outage_is_seen_by_the_probe_too(sandbox):
    sandbox.set(mode="503")
    assert call(sandbox.url, "GET", "/chat/phonenumbers", None, CHAT_HEADERS).status == 503
