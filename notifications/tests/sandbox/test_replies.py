import pytest

from .cast import ASHA, call


@pytest.mark.parametrize(
    "reply",
    [
        {},
        [],
        {"phone": "<script>", "text": "x"},
        {"phone": 7, "text": "x"},
        {"phone": ASHA, "text": " "},
        {"phone": ASHA, "text": 7},
        {"phone": ASHA, "text": "x" * 4097},
        {"phone": ASHA, "text": "x", "at": "yesterday"},
        {"phone": ASHA, "text": "x", "at": "nan"},
        {"phone": ASHA, "text": "x", "media": "smell"},
        {"phone": ASHA, "text": "x", "media": []},
    ],
)
def test_a_reply_that_makes_no_sense_is_refused(sandbox, reply):
    assert call(sandbox.url, "POST", "/sandbox/reply", reply).status == 400


def test_a_reply_may_be_of_an_earlier_hour(posting, mailbox):
    posting.reply(ASHA, "Stop", at="2024-06-26T03:00:00.25+00:00")
    assert mailbox.wait_for(1)[0]["timestamp"].startswith("2024-06-26T03:00:00.25")


def test_a_reply_is_never_of_the_future(posting, mailbox):
    posting.reply(ASHA, "Stop", at=9e11)
    assert mailbox.wait_for(1)[0]["timestamp"] < "2100"


def test_a_reply_names_the_customer(posting, mailbox):
    posting.reply(ASHA, "Stop", name="Asha")
    assert mailbox.wait_for(1)[0]["payload"]["conversation"]["customer_name"] == "Asha"


def test_media_is_told_twice_under_two_event_ids(posting, mailbox):
    posting.reply(ASHA, "The broken bottle", media="image")
    one, other = mailbox.wait_for(2)
    assert one["payload"] == other["payload"]
    assert one["event_id"] != other["event_id"]
    assert one["payload"]["data"]["context"]["caption"] == "The broken bottle"


def test_media_can_be_told_once(posting, mailbox):
    posting.set(media_twice=False)
    posting.reply(ASHA, "", media="audio")
    posting.reply(ASHA, "Stop")
    assert [event["payload"]["data"]["type"] for event in mailbox.wait_for(2)] == ["audio", "text"]
