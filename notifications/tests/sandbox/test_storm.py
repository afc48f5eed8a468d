from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from notifications.sandbox.client import SandboxError

from .cast import call, send, wait_until, wait_until_posted

RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 4}


def send_many(sandbox, count):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: send(sandbox, text=f"Order #{number}"), range(count)))


def calm_after(sandbox):
    wait_until(lambda: sandbox.storm_state()["state"] == "over")
    wait_until_posted(sandbox)
    return sandbox.storm_state()


def kind_of(event):
    return event["event_type"].removeprefix("message.")


def final_states(events):
    """What who believes these events must come to know."""
    found = {}
    for event in events:
        known = found.get(event["payload"]["id"], "accepted")
        found[event["payload"]["id"]] = max(known, kind_of(event), key=RANK.get)
    return found


def truth(sandbox):
    return {one["id"]: one["status"] for one in sandbox.messages()}


@pytest.fixture
def silent(posting):
    """Messages are accepted, and no receipts come until a storm."""
    posting.set(receipts="never")
    return posting


def test_a_storm_tells_of_every_message_what_became_of_it(silent, mailbox):
    send_many(silent, 100)
    silent.storm(shuffled=True, duplicated=0.2, forged=0.05, seed=1)
    calm_after(silent)
    assert final_states(mailbox.believed) == truth(silent)
    assert set(truth(silent).values()) == {"read", "delivered", "failed"}


def test_a_storm_counts_what_it_does(silent, mailbox):
    send_many(silent, 100)
    storm = silent.storm(duplicated=0.2, forged=0.05, unread=0.0, failed=0.0)
    calm_after(silent)
    assert (storm["messages"], storm["receipts"]) == (100, 300)
    assert (storm["duplicated"], storm["forged"]) == (60, 15)
    assert (len(mailbox.events), len(mailbox.believed)) == (375, 360)
    assert Counter(Counter(event["event_id"] for event in mailbox.believed).values()) == {1: 240, 2: 60}


def test_a_storm_is_out_of_order(silent, mailbox):
    send_many(silent, 50)
    silent.storm(unread=0.0, failed=0.0, seed=1)
    calm_after(silent)
    sequences = [event["event_sequence"] for event in mailbox.events]
    assert sequences != sorted(sequences)


def test_a_storm_may_keep_the_order(silent, mailbox):
    send_many(silent, 20)
    silent.storm(shuffled=False, unread=0.0, failed=0.0, seconds=1)
    calm_after(silent)
    mailbox.wait_for(60)
    assert [kind_of(event) for event in mailbox.events][:15] == ["sent"] * 15


def test_a_storm_has_as_many_receipts_as_asked_for(silent, mailbox):
    send_many(silent, 40)
    assert silent.storm(receipts=90)["receipts"] == 90
    calm_after(silent)
    assert len(mailbox.events) == 90


def test_a_storm_gathers_messages_that_come_and_is_before_some_of_them(silent, mailbox):
    silent.set(early_seconds=0.2)
    storm = silent.storm(receipts=120, early=0.2, duplicated=0.2, unread=0.0, failed=0.0, seed=1)
    assert storm["state"] == "gathering"
    send_many(silent, 40)
    storm = calm_after(silent)
    assert 10 <= storm["early"] <= 40
    assert final_states(mailbox.believed) == truth(silent)
    assert storm["final_states"] == {"read": 40}


def test_an_early_receipt_is_there_before_the_answer(silent, mailbox):
    silent.storm(receipts=1000, early=1.0, unread=0.0, failed=0.0, patience=0.3)
    send(silent)
    assert sorted(mailbox.kinds(0)) == ["delivered", "read", "sent"]  # several connections: in any order
    calm_after(silent)


def test_a_storm_that_gets_too_few_messages_loses_patience(silent, mailbox):
    send(silent)
    silent.storm(receipts=1000, patience=0.1, unread=0.0, failed=0.0)
    assert calm_after(silent)["receipts"] == 3


def test_the_same_seed_is_the_same_storm(silent, mailbox):
    told = []
    for _ in range(2):
        silent.forget()
        mailbox.forget()
        for number in range(30):
            send(silent, text=str(number))
        silent.storm(duplicated=0.5, seed=7)
        calm_after(silent)
        told.append(Counter((one["text"], one["status"]) for one in silent.messages()))
    assert told[0] == told[1]


def test_what_had_its_receipts_is_left_alone(posting, mailbox):
    send(posting)
    assert posting.storm()["messages"] == 0
    mailbox.wait_for(3)


def test_there_is_one_storm_at_a_time(silent):
    silent.storm(receipts=9)
    with pytest.raises(SandboxError, match="already"):
        silent.storm(receipts=9)


def test_forgetting_ends_a_storm(silent):
    silent.storm(receipts=9)
    silent.forget()
    assert silent.storm_state()["state"] == "over"


def test_a_storm_needs_webhooks(sandbox):
    with pytest.raises(SandboxError, match="webhooks"):
        sandbox.storm()


@pytest.mark.parametrize(
    "wrong", [{"receipts": "many"}, {"forged": 2}, {"shuffled": 1}, {"seed": 0.5}, {"rain": 1}, {"code": -1}]
)
def test_a_wrong_wish_is_named(silent, wrong):
    with pytest.raises(SandboxError, match="a storm is" if "rain" in wrong else next(iter(wrong))):
        silent.storm(**wrong)


@pytest.mark.parametrize("wrong", [b"", b"[]", b"{"])
def test_a_storm_is_an_object(silent, wrong):
    assert call(silent.url, "POST", "/sandbox/storm", wrong).status == 400
