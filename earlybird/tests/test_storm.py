"""Receipts as bad as they get, on the real stack: all at once, in no order, twice, forged, before their message."""

from collections import Counter

import pytest

from earlybird.tests.real import eventually, python
from notifications.sandbox.client import Sandbox

MESSAGES, RECEIPTS = 1150, 3000
QUEUED = """
import django; django.setup()
from notifications import nudge, outbox
item = lambda number: outbox.Item(f"+9170{{number:08d}}", {{"order_id": str(number)}}, f"storm_{{number}}")
outbox.queue_many("order_confirmation", [item(number) for number in range({messages})])
nudge.dispatch()
"""
STANDING = """
SELECT a.provider_message_id, m.status
FROM notifications_message m JOIN notifications_attempt a ON a.message_id = m.id
WHERE m.reference_id LIKE %s
"""
KEPT = "SELECT payload -> 'payload' ->> 'id', result FROM notifications_webhookevent"


@pytest.fixture
def sandbox(walker):
    """The stack's, silent until the storm."""
    found = Sandbox(walker.stack.sandbox_url)
    was = found.settings()
    found.set(receipts="never", magic=False)
    found.forget()
    yield found
    found.set(receipts=was["receipts"], magic=was["magic"])


def test_a_storm_of_receipts_leaves_every_message_where_the_sandbox_says(walker, sandbox):
    sandbox.storm(receipts=RECEIPTS, duplicated=0.2, forged=0.05, early=0.05, patience=60, seed=20261123)
    done = python("-c", QUEUED.format(messages=MESSAGES), env=walker.stack.env)
    assert done.returncode == 0, done.stderr
    eventually("the storm is over", lambda: _is_over(sandbox), 60)
    truth = {
        message["id"]: message["status"] for message in sandbox.messages() if message["status"] != "accepted"
    }
    eventually("all is applied", lambda: not _waiting(walker, truth), 60)

    assert dict(walker.rows(STANDING, "storm_%")).items() >= truth.items()
    assert _kept(walker, truth) == Counter(applied=RECEIPTS)
    storm, posted = sandbox.storm_state(), sandbox.summary()["webhooks"]
    assert (storm["receipts"], storm["duplicated"], storm["forged"]) == (RECEIPTS, 600, 150)
    assert storm["early"] > 100
    assert set(storm["final_states"]) >= {"delivered", "read", "failed"}
    assert (posted["forged"], posted["forged_taken"], posted["dropped"]) == (150, 0, 0)


def _is_over(sandbox):
    return sandbox.storm_state()["state"] == "over" and not sandbox.summary()["webhooks"]["pending"]


def _kept(walker, truth):
    return Counter(result for provider_id, result in walker.rows(KEPT) if provider_id in truth)


def _waiting(walker, truth):
    return _kept(walker, truth)[""]
