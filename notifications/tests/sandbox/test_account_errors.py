import pytest

from .cast import CHAT_HEADERS, call, chat, sample, send

CODES = (1, 4, 100, 190, 368, 80007, 130429, 131026, 131042, 131047, 131049, 131056, 132015, 132018, 987654)


@pytest.mark.parametrize("play", ["CHAT_0302", "CHAT_0303", "CHAT_0304"])
def test_an_account_that_cannot_send_has_its_code(sandbox, play):
    sandbox.set(mode=play)
    assert chat(sandbox).json["code"] == play


def test_an_empty_wallet_is_said_as_in_the_sample(sandbox):
    sandbox.set(fail=[{"match": {"api": "chat"}, "play": "wallet"}])
    assert chat(sandbox).json == sample("send_wallet_empty.json")


def test_another_company_and_an_explicit_deny_are_forbidden(sandbox):
    for mode, word in (("403", "Invalid company ID!"), ("403_deny", "explicit deny")):
        sandbox.set(mode=mode)
        heard = chat(sandbox)
        assert heard.status == 403
        assert word in heard.raw.decode()


@pytest.mark.parametrize("code", CODES)
def test_a_rule_refuses_with_a_code_of_metas(sandbox, code):
    sandbox.set(fail=[{"play": "meta", "code": code}])
    heard = chat(sandbox)
    assert (heard.status, heard.json["errors"][0]["code"]) == (400, code)
    assert sandbox.messages() == []
    assert sandbox.summary()["rejected"] == {f"meta {code}": 1}


@pytest.mark.parametrize("code", [0, *CODES])
def test_a_rule_fails_an_accepted_message_with_a_code_of_metas(posting, mailbox, code):
    posting.set(fail=[{"play": "meta_later", "code": code}])
    assert chat(posting).json["status"] == "success"
    assert mailbox.kinds(2) == ["sent", "failed"]
    assert mailbox.events[1]["payload"]["metadata"]["errors"][0]["code"] == code
    assert [(one["status"], one["failure"]) for one in posting.messages()] == [("failed", code)]


@pytest.mark.parametrize("send_it", [chat, send])
def test_a_mode_gives_every_message_a_code_of_metas(sandbox, send_it):
    sandbox.set(mode="meta", meta_code=131042)
    assert send_it(sandbox).json["errors"][0]["title"] == "Business eligibility payment issue"


def test_a_lost_account_is_seen_by_the_probe_too(sandbox):
    sandbox.set(mode="meta", meta_code=131031)
    heard = call(sandbox.url, "GET", "/chat/phonenumbers", None, CHAT_HEADERS)
    assert heard.json["errors"][0]["code"] == 131031


@pytest.mark.parametrize("place", ["metadata.errors", "errors", "error"])
def test_the_code_of_a_failure_stands_where_it_was_told_to(posting, mailbox, place):
    posting.set(failure_in=place)
    chat(posting, customer_number="9876500026")
    payload = mailbox.wait_for(2)[1]["payload"]
    found = {
        "metadata.errors": payload["metadata"].get("errors"),
        "errors": payload.get("errors"),
        "error": [payload["error"]] if "error" in payload else None,
    }
    assert [name for name, errors in found.items() if errors] == [place]
    assert found[place][0]["code"] == 131026
