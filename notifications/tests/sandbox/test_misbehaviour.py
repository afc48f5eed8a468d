import base64
import re
import time
from itertools import pairwise

import pytest

from notifications.sandbox.client import running
from notifications.sandbox.receipts import until_burst

from .cast import ASHA, chat, send, wait_until_posted

THREE = ["sent", "delivered", "read"]


def test_early_receipts_come_before_the_answer(posting, mailbox):
    posting.set(receipts="early")
    send(posting)
    assert sorted(mailbox.kinds(0)) == sorted(THREE)


@pytest.mark.parametrize(("delay", "wait"), [(0.2, 5.0), (5.0, 5.0), (5.1, 15.0)])
def test_receipts_wait_for_the_next_burst(delay, wait):
    assert until_burst(delay, every=10.0, now=35.0) == wait


def test_receipts_may_come_in_bursts(posting, mailbox):
    posting.set(burst_seconds=0.2)
    send(posting)
    assert sorted(mailbox.kinds(3)) == sorted(THREE)


def test_forged_receipts_lie_and_have_a_wrong_secret(posting, mailbox):
    posting.set(forged=1.0)
    send(posting)
    mailbox.wait_for(6)
    assert [event["event_type"] for event in mailbox.believed] == [f"message.{kind}" for kind in THREE]
    false = [event for event in mailbox.events if event not in mailbox.believed]
    assert {event["event_type"] for event in false} == {"message.failed"}
    assert posting.messages()[0]["status"] == "read"


def test_a_forged_receipt_that_is_refused_is_not_posted_again(posting, mailbox):
    before = posting.summary()["webhooks"]
    mailbox.answers[:] = [401, 200]
    posting.set(forged=1.0, receipt_delays={"sent": 0, "delivered": 0.05, "read": 0.1})
    send(posting)
    mailbox.wait_for(6)
    wait_until_posted(posting)
    after = posting.summary()["webhooks"]
    assert after["forged"] - before["forged"] == 3
    assert after["retried"] - before["retried"] in (0, 1)  # 1: the true one was the first to come


def test_receipts_may_be_about_messages_nobody_sent(posting, mailbox):
    posting.set(unknown=1.0)
    heard = send(posting)
    ours = heard.json["data"]["message_id"]
    found = {event["payload"]["id"] == ours for event in mailbox.wait_for(6)}
    assert found == {True, False}
    assert len(posting.messages()) == 1


def test_events_may_be_of_types_nobody_knows(posting, mailbox):
    posting.set(strange=1.0)
    send(posting)
    types = [event["event_type"] for event in mailbox.wait_for(6)]
    assert len([kind for kind in types if kind.removeprefix("message.") not in THREE]) == 3
    assert posting.messages()[0]["status"] == "read"


@pytest.mark.parametrize(
    ("plus", "outgoing", "incoming"),
    [("sampled", False, True), ("always", True, True), ("never", False, False)],
)
def test_the_customers_number_may_have_a_plus(posting, mailbox, plus, outgoing, incoming):
    posting.set(plus=plus)
    send(posting)
    mailbox.wait_for(3)
    posting.reply(ASHA, "Thanks")
    found = [event["customer_identifier"].startswith("+") for event in mailbox.wait_for(4)]
    assert found == [outgoing] * 3 + [incoming]


def test_the_customers_number_may_come_in_both_forms(posting, mailbox):
    posting.set(plus="mixed")
    for number in range(20):
        send(posting, text=f"Order #{number}")
    assert {event["customer_identifier"] for event in mailbox.wait_for(60)} == {ASHA, ASHA[1:]}


@pytest.mark.parametrize(("digits", "fraction"), [(0, ""), (3, r"\.\d{3}"), (9, r"\.\d{9}")])
def test_the_second_has_as_many_digits_as_told(posting, mailbox, digits, fraction):
    posting.set(fraction_digits=digits)
    send(posting)
    assert re.search(rf"T\d\d:\d\d:\d\d{fraction}Z\Z", mailbox.wait_for(1)[0]["timestamp"])


def test_the_secret_may_stand_in_the_path(posting, mailbox):
    posting.set(auth="path")
    send(posting)
    mailbox.wait_for(3)
    assert {path for path, _ in mailbox.requests} == {"/webhooks/myoperator/sandbox-webhook-secret"}
    assert mailbox.secrets == [None] * 3


def test_webhooks_may_have_basic_authentication(posting, mailbox):
    posting.set(auth="basic")
    send(posting)
    mailbox.wait_for(3)
    given = mailbox.requests[0][1]["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(given) == b"sandbox:sandbox-webhook-secret"


def test_webhooks_may_prove_nothing(posting, mailbox):
    posting.set(auth="none")
    send(posting)
    mailbox.wait_for(3)
    assert {(path, headers["X-Webhook-Secret"]) for path, headers in mailbox.requests} == {
        ("/webhooks/myoperator", None)
    }


def test_everything_but_200_is_posted_again(posting, mailbox):
    posting.set(retry_speed=1000)
    mailbox.answers[:] = [204, 302, 401, 500]
    chat(posting)
    assert sorted(mailbox.kinds(7)) == sorted([*mailbox.kinds(7)[:4], *THREE])


def test_repetitions_wait_twice_as_long_each_time(posting, mailbox):
    posting.set(receipts="never", retry_speed=300)  # 0.1 s, 0.2 s, 0.4 s
    arrivals = []
    mailbox.answers[:] = [500] * 3
    posting.reply(ASHA, "Thanks")
    for count in range(1, 5):
        mailbox.wait_for(count)
        arrivals.append(time.monotonic())
    waits = [later - earlier for earlier, later in pairwise(arrivals)]
    assert all(wait >= least for wait, least in zip(waits, (0.09, 0.19, 0.39), strict=True))


def test_after_a_day_it_gives_up():
    with running(webhook_url="http://127.0.0.1:9/", settings={"retry_speed": 1e6}) as sandbox:
        sandbox.reply(ASHA, "Does anybody listen?")
        wait_until_posted(sandbox)
        counts = sandbox.summary()["webhooks"]
    # 30 s, doubling: 8 waits up to 64 min, then 2 h each, within 24 h
    assert (counts["dropped"], counts["retried"]) == (1, 18)
