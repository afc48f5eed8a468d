import re

import pytest

from .cast import ASHA, chat, sample, send

THREE = ["sent", "delivered", "read"]


def shape(value):
    """The keys and types of a JSON value, but for the message's own content."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items() if key != "context"}
    return [shape(one) for one in value] if isinstance(value, list) else None


def test_a_message_is_sent_delivered_and_read(posting, mailbox):
    send(posting)
    assert mailbox.kinds(3) == THREE
    assert posting.messages()[0]["status"] == "read"


def test_a_receipt_has_the_shape_of_the_sample(posting, mailbox):
    chat(posting, myop_ref_id=None)
    sent = mailbox.wait_for(1)[0]
    assert shape(sent) == shape(sample("webhook_sent.json"))


def test_a_receipt_names_the_message_and_our_reference(posting, mailbox):
    heard = chat(posting)
    sent = mailbox.wait_for(1)[0]
    assert sent["payload"]["id"] == heard.json["data"]["message_id"]
    assert sent["session_id"] == heard.json["data"]["conversation_id"]
    assert sent["payload"]["metadata"]["myop_ref_id"] == "attempt-1"
    assert sent["customer_identifier"] == "919876543210"


def test_a_receipt_carries_the_secret(posting, mailbox):
    send(posting)
    mailbox.wait_for(1)
    assert mailbox.secrets[0] == "sandbox-webhook-secret"


def test_events_have_own_ids_and_rise_in_sequence_and_time(posting, mailbox):
    send(posting)
    events = mailbox.wait_for(3)
    assert len({event["event_id"] for event in events}) == 3
    assert [event["event_sequence"] for event in events] == [1, 2, 3]
    times = [event["timestamp"] for event in events]
    assert times == sorted(times)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z", time) for time in times)


def test_a_number_not_on_whatsapp_fails_with_metas_code(posting, mailbox):
    chat(posting, customer_number="9876500026", myop_ref_id=None)
    assert mailbox.kinds(2) == ["sent", "failed"]
    expected = sample("webhook_failed_131026.json")
    assert shape(mailbox.events[1]) == shape(expected)
    assert mailbox.events[1]["payload"]["metadata"]["errors"] == expected["payload"]["metadata"]["errors"]
    assert posting.messages()[0]["status"] == "failed"


def test_reversed_receipts_arrive_last_first(posting, mailbox):
    posting.set(receipts="reversed")
    send(posting)
    assert mailbox.kinds(3) == THREE[::-1]
    assert [event["event_sequence"] for event in mailbox.events] == [3, 2, 1]
    assert posting.messages()[0]["status"] == "read"


def test_duplicated_receipts_arrive_twice_under_one_id(posting, mailbox):
    posting.set(receipts="duplicated")
    send(posting)
    assert sorted(mailbox.kinds(6)) == sorted(THREE * 2)
    assert len({event["event_id"] for event in mailbox.events}) == 3


def test_shuffled_receipts_all_arrive(posting, mailbox):
    posting.set(receipts="shuffled")
    send(posting)
    assert sorted(mailbox.kinds(3)) == sorted(THREE)


def test_late_receipts_keep_the_time_of_what_happened(posting, mailbox):
    posting.set(receipts="late", late_seconds=0.3)
    send(posting)
    early = mailbox.wait_for(1)[0]["timestamp"]
    posting.set(receipts="normal")
    send(posting, text="another")
    assert mailbox.wait_for(4)[3]["timestamp"] > early


@pytest.mark.parametrize("silence", [{"receipts": "never"}, {"webhooks": False}])
def test_silence_is_kept_on_request(posting, mailbox, silence):
    posting.set(**silence)
    send(posting, text="silenced")
    assert posting.summary()["webhooks"]["pending"] == 0
    posting.reset()
    send(posting, text="heard")
    bodies = [event["payload"]["data"]["context"]["body"] for event in mailbox.wait_for(3)]
    assert "heard" in bodies
    assert "silenced" not in bodies


def test_a_refused_webhook_is_posted_again(posting, mailbox):
    retried = posting.summary()["webhooks"]["retried"]
    mailbox.answers[:] = [503]
    send(posting)
    assert sorted(mailbox.kinds(4)) == sorted([*THREE, "sent"])
    assert posting.summary()["webhooks"]["retried"] == retried + 1


def test_what_was_forgotten_sends_no_more_receipts(posting, mailbox):
    posting.set(receipt_delays={"sent": 0.2, "delivered": 0.2, "read": 0.2})
    send(posting, text="forgotten")
    posting.reset()
    send(posting, text="kept")
    assert {event["payload"]["data"]["context"]["body"] for event in mailbox.wait_for(3)} == {"kept"}


def test_a_reply_is_posted_as_the_sample_says(posting, mailbox):
    posting.reply(ASHA, "Stop")
    event = mailbox.wait_for(1)[0]
    expected = sample("webhook_received_stop.json")
    assert shape(event) == shape(expected)
    assert event["payload"]["data"] == expected["payload"]["data"]
    assert (event["customer_identifier"], event["event_type"]) == (ASHA, "message.received")


def test_three_hundred_messages_bring_nine_hundred_receipts(posting, mailbox):
    for number in range(300):
        send(posting, text=f"Order #{number}")
    assert len(mailbox.wait_for(900, 20)) == 900
