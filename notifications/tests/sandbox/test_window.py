import time

import pytest

from .cast import ASHA, BILAL, chat, send, text_data

DAY = 24 * 3600


def say(sandbox):
    return chat(sandbox, data=text_data("See you at 7"))


def test_text_to_who_never_wrote_is_accepted_and_fails(posting, mailbox):
    assert say(posting).status == 200
    assert mailbox.kinds(2) == ["sent", "failed"]
    assert mailbox.events[1]["payload"]["metadata"]["errors"][0]["code"] == 131047
    assert posting.messages()[0]["failure"] == 131047


def test_text_within_a_day_of_the_customers_last_message_is_read(posting, mailbox):
    posting.reply(ASHA, "When?", at=time.time() - DAY + 60)
    say(posting)
    assert sorted(mailbox.kinds(4)) == ["delivered", "read", "received", "sent"]


def test_text_after_a_day_is_too_late(posting, mailbox):
    posting.reply(ASHA, "When?", at=time.time() - DAY - 60)
    say(posting)
    assert sorted(mailbox.kinds(3)) == ["failed", "received", "sent"]


def test_an_older_reply_does_not_close_the_window(sandbox):
    sandbox.set(window="answer")
    sandbox.reply(ASHA, "When?")
    sandbox.reply(ASHA, "Hello", at=0)
    assert say(sandbox).status == 200


def test_only_who_wrote_has_a_window(sandbox):
    sandbox.set(window="answer")
    sandbox.reply(BILAL, "When?")
    assert say(sandbox).status == 400


def test_text_outside_the_window_can_be_refused_at_once(sandbox):
    sandbox.set(window="answer")
    heard = say(sandbox)
    assert (heard.status, heard.json["errors"][0]["code"]) == (400, 131047)
    assert sandbox.messages() == []


@pytest.mark.parametrize("window", ["receipt", "answer", "off"])
def test_a_template_needs_no_window(posting, mailbox, window):
    posting.set(window=window)
    chat(posting)
    assert mailbox.kinds(3) == ["sent", "delivered", "read"]


def test_the_window_can_be_left_open(posting, mailbox):
    posting.set(window="off")
    say(posting)
    assert mailbox.kinds(3) == ["sent", "delivered", "read"]


def test_send_message_knows_no_window(posting, mailbox):
    send(posting)
    assert mailbox.kinds(3) == ["sent", "delivered", "read"]


def test_what_was_forgotten_opens_no_window(sandbox):
    sandbox.set(window="answer")
    sandbox.reply(ASHA, "When?")
    sandbox.forget()
    assert say(sandbox).status == 400
