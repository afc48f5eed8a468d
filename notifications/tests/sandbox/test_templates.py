import json

import pytest

from notifications.sandbox.client import SandboxError, running

from .cast import CHAT_HEADERS, call, chat, sample, template_data

KINDS = {
    "order_confirmation": "utility",
    "subscription_confirmation": "utility",
    "pause_confirmation": "utility",
    "churn_risk": "marketing",
    "new_product": "marketing",
    "delivery_reminder": "utility",
    "delivery_confirmed": "utility",
    "delivery_delayed": "utility",
    "payment_reminder": "utility",
    "payment_confirmation": "utility",
}


def listing(sandbox, query="", waba_id="102290129340398"):
    return call(sandbox.url, "GET", f"/chat/templates?waba_id={waba_id}{query}", None, CHAT_HEADERS)


def listed(sandbox, query=""):
    return listing(sandbox, query).json["data"]["results"]


def a_template(**fields):
    return {"name": "milk_news", "language": "en", "body": "Dear {{1}}, milk is {{2}} now.", **fields}


def error_of(heard):
    """Meta's code of a refusal."""
    assert heard.status == 400
    [error] = heard.json["errors"]
    return error["code"]


def test_the_list_has_the_shape_of_the_sample(sandbox):
    heard = listing(sandbox, "&limit=1").json
    heard["data"]["count"] = 1
    assert heard == sample("templates_page.json")


def test_a_page_has_ten_templates_and_the_count_of_all(sandbox):
    first = listing(sandbox).json["data"]
    second = listing(sandbox, "&offset=10").json["data"]
    assert (len(first["results"]), len(second["results"])) == (10, 6)
    assert first["count"] == second["count"] == 16


def test_a_page_can_be_of_another_size(sandbox):
    assert [one["id"] for one in listed(sandbox, "&limit=2&offset=1")] == [4712, 4713]


def test_beyond_the_last_page_there_is_nothing(sandbox):
    assert listed(sandbox, "&offset=99") == []


def test_it_starts_with_the_ten_kinds_approved_in_english(sandbox):
    found = listed(sandbox, "&waba_template_status=approved&limit=100")
    assert {one["name"]: one["category"] for one in found if one["language"] == "en"} == KINDS


def test_it_starts_with_a_template_in_each_unlucky_state(sandbox):
    states = {one["waba_template_status"]: one for one in listed(sandbox, "&limit=100")}
    assert set(states) == {"approved", "pending", "rejected", "paused"}
    assert states["rejected"]["failure_reason"]


@pytest.mark.parametrize(
    ("query", "count"), [("&category=marketing", 4), ("&waba_template_status=paused", 1)]
)
def test_the_list_can_be_filtered(sandbox, query, count):
    assert listing(sandbox, query).json["data"]["count"] == count


@pytest.mark.parametrize(
    ("query", "named"), [("&limit=0", "limit"), ("&limit=many", "limit"), ("&offset=-1", "offset")]
)
def test_a_page_that_makes_no_sense_is_refused(sandbox, query, named):
    heard = listing(sandbox, query)
    assert (heard.status, list(heard.json["errors"])) == (400, [named])


@pytest.mark.parametrize("waba_id", ["", "1"])
def test_the_list_is_only_of_our_own_account(sandbox, waba_id):
    heard = listing(sandbox, waba_id=waba_id)
    assert (heard.status, list(heard.json["errors"])) == (400, ["waba_id"])


def test_the_list_needs_credentials(sandbox):
    assert call(sandbox.url, "GET", "/chat/templates").status == 401


def test_an_outage_is_seen_by_the_list_too(sandbox):
    sandbox.set(mode="gateway_down")
    assert listing(sandbox).status == 500


def test_a_template_can_be_changed(sandbox):
    sandbox.set_template("churn_risk", status="pending", category="utility", body="We miss you.")
    found = next(one for one in sandbox.templates() if (one["name"], one["language"]) == ("churn_risk", "en"))
    assert (found["status"], found["category"], found["body"]) == ("pending", "utility", "We miss you.")


def test_a_template_that_is_new_needs_a_body(sandbox):
    with pytest.raises(SandboxError, match="body is missing"):
        sandbox.set_template("milk_news", status="approved")
    made = sandbox.set_template("milk_news", body="Milk is cheaper.")
    assert (made["status"], made["category"]) == ("approved", "utility")


def test_all_templates_can_be_replaced_by_what_was_shown(sandbox):
    before = sandbox.templates()
    sandbox.set_templates([a_template()])
    assert [one["name"] for one in sandbox.templates()] == ["milk_news"]
    sandbox.set_templates(before)
    assert sandbox.templates() == before


def test_the_reset_brings_back_the_first_templates(sandbox):
    before = sandbox.templates()
    sandbox.set_templates([])
    sandbox.reset()
    assert sandbox.templates() == before


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"name": "Milk"}, "name"),
        ({"language": "English"}, "language"),
        ({"category": "news"}, "category"),
        ({"status": "sleeping"}, "status"),
        ({"status": []}, "status"),
        ({"colour": "red"}, "colour"),
        ({"example": {"1": 2}}, "example"),
        ({"body": 7}, "body"),
        ({"body": "x" * 1025}, "body"),
        ({"body": "{{1}} is here."}, "begins or ends"),
        ({"body": "Here is {{1}} "}, "begins or ends"),
        ({"body": "Hello {{1}} {{2}}."}, "side by side"),
        ({"body": "Hello {{2}} and {{1}}."}, "in this order"),
        ({"body": "Hello {{1}} and {{3}}."}, "in this order"),
        ({"body": "Hello {{1}} and {{name}}."}, "in this order"),
    ],
)
def test_what_meta_would_not_take_is_refused_and_changes_nothing(sandbox, wrong, word):
    before = sandbox.templates()
    with pytest.raises(SandboxError, match=word):
        sandbox.set_templates([a_template(**wrong)])
    assert sandbox.templates() == before


@pytest.mark.parametrize("wrong", [{}, [1], [{}], [a_template(), a_template()]])
def test_templates_are_a_list_of_different_ones(sandbox, wrong):
    assert call(sandbox.url, "PUT", "/sandbox/templates", wrong).status == 400


@pytest.mark.parametrize("wrong", [[], {"name": "another"}, {"status": "sleeping"}])
def test_a_wrong_change_is_refused(sandbox, wrong):
    assert call(sandbox.url, "PUT", "/sandbox/templates/churn_risk/en", wrong).status == 400


def test_the_templates_to_begin_with_may_stand_in_a_file(tmp_path):
    file = tmp_path / "templates.json"
    file.write_text(json.dumps([a_template()]))
    with running(templates=str(file)) as sandbox:
        assert [one["name"] for one in sandbox.templates()] == ["milk_news"]


def test_a_file_of_wrong_templates_is_said_in_a_sentence(tmp_path):
    file = tmp_path / "templates.json"
    file.write_text('[{"name": "milk_news"}]')
    with (
        pytest.raises(SandboxError, match="cannot start: template 1: language, body"),
        running(templates=str(file)),
    ):
        pass


def test_the_truth_is_the_approved_text_with_its_values(sandbox):
    values = {"1": "450", "2": "नवंबर 2026", "3": "UPI"}
    chat(sandbox, data=template_data("payment_confirmation", "hi", body=values))
    assert sandbox.messages()[0]["text"] == "✓ आपका ₹450 का भुगतान नवंबर 2026 के लिए UPI से मिल गया है। धन्यवाद।"


def test_placeholders_may_have_names(sandbox):
    sandbox.set_template("milk_news", body="Dear {{name}}, milk is here.")
    chat(sandbox, data=template_data("milk_news", body={"name": "Asha"}))
    assert sandbox.messages()[0]["text"] == "Dear Asha, milk is here."


@pytest.mark.parametrize(
    ("name", "language"), [("milk_news", "en"), ("churn_risk", "en_US"), ("churn_risk", "ta")]
)
def test_a_template_that_does_not_exist_has_metas_code(sandbox, name, language):
    assert error_of(chat(sandbox, data=template_data(name, language))) == 132001
    assert sandbox.messages() == []


@pytest.mark.parametrize(
    ("status", "code"), [("pending", 132001), ("rejected", 132001), ("paused", 132015), ("disabled", 132016)]
)
def test_a_template_that_is_not_approved_has_metas_code(sandbox, status, code):
    sandbox.set_template("churn_risk", status=status)
    assert error_of(chat(sandbox, data=template_data())) == code
    assert sandbox.summary()["rejected"] == {str(code): 1}


def test_a_missing_value_is_refused_as_the_sample_says(sandbox):
    data = template_data("order_confirmation", body={"1": "Asha"})
    heard = chat(sandbox, data=data)
    assert (heard.status, heard.json) == (400, sample("send_bad_field.json"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "placeholder 1 is missing; placeholder 2 is missing"),
        ({"1": "a", "2": "b", "3": "c"}, "placeholder 3 is unknown"),
        ({"1": "a", "name": "b"}, "placeholder 2 is missing; placeholder name is unknown"),
    ],
)
def test_values_have_to_match_the_placeholders(sandbox, body, words):
    heard = chat(sandbox, data=template_data("order_confirmation", body=body))
    assert heard.json["errors"] == {"data.context.body": words}
