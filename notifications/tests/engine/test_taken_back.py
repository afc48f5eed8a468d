"""What was taken back, and turned out to have been accepted, is not sent again when a receipt says that it failed."""

from datetime import timedelta

import pytest

from notifications import clock, outbox, receipts, staff
from notifications.models import Attempt, Message, QueuedMessage
from notifications.outcomes import Answered
from notifications.providers.base import Accepted, NotNow
from notifications.tests.conftest import BILAL
from notifications.tests.engine.conftest import (
    drained,
    leased,
    lost,
    many,
    news,
    sending_number,
    status,
)
from notifications.tests.reports import report

pytestmark = pytest.mark.django_db

WHY = "the order was cancelled"


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr(receipts.nudge, "receipts", lambda: None)


def reported(kind, message, *codes):
    """MyOperator reports this of the message's last try, by our reference."""
    reference = str(Attempt.objects.filter(message_id=message.pk).latest("pk").pk)
    errors = [{"code": code} for code in codes]
    report(kind, "", metadata={"myop_ref_id": reference, "errors": errors})
    receipts.apply_waiting(clock.now() + timedelta(seconds=1))


def accepted(engine, job):
    engine.recorder.record([Answered(job.claimed, 9, accepted=Accepted("an-id"))])


def ended(message):
    message = Message.objects.get(pk=message.pk)
    return message.status, message.error_code, message.error


def withdraw():
    assert outbox.withdraw("order_1", ["test_news"], WHY) == 1


def test_withdrawn_while_a_worker_sent_it(engine):
    message = news(reference="order_1")
    job = leased(message)
    withdraw()
    accepted(engine, job)
    assert status(message) == "sent"
    reported("failed", message, 131000)

    assert ended(message) == ("cancelled", "withdrawn", WHY)
    assert not QueuedMessage.objects.exists()


def test_withdrawn_while_nobody_knew_whether_it_was_accepted(engine):
    message = news(reference="order_1")
    lost(message)
    withdraw()
    reported("sent", message)
    assert status(message) == "sent"
    reported("failed", message, 131000)

    assert ended(message) == ("cancelled", "withdrawn", WHY)
    assert not QueuedMessage.objects.exists()


def test_withdrawn_while_it_was_sent_again_and_the_first_was_accepted_after_all(engine, moved):
    message = news(reference="order_1")
    first = lost(message)
    moved.forward(minutes=6)
    second = leased(message)
    accepted(engine, first)
    withdraw()
    engine.recorder.record([Answered(second.claimed, 9, failure=NotNow("Their fault.", "500"))])
    report("failed", "an-id", codes=[131000])
    receipts.apply_waiting(clock.now() + timedelta(seconds=1))

    assert ended(message) == ("cancelled", "withdrawn", WHY)


def test_cancelled_by_staff_while_a_worker_sent_it_until_they_send_it_again(engine):
    message = news()
    job = leased(message)
    staff.cancel([message.pk], "chitra")
    accepted(engine, job)
    reported("failed", message, 131000)
    assert ended(message) == ("cancelled", "cancelled", "Cancelled by chitra.")

    assert staff.resend([message.pk], "chitra").ids == [message.pk]
    engine.recorder.record([Answered(leased(message).claimed, 9, accepted=Accepted("another"))])
    reported("failed", message, 131000)
    assert status(message) == "retrying"


def test_given_up_while_nobody_knew_whether_it_was_accepted(engine):
    message = news()
    lost(message)
    QueuedMessage.objects.update(held_for="uncertain")
    staff.give_up([message.pk], "chitra")
    reported("sent", message)
    reported("failed", message, 131000)

    assert ended(message) == ("cancelled", "given_up", "Given up by chitra.")


def test_what_staff_gave_up_gets_no_try_back(engine, asked):
    asked.always = NotNow("Their fault.", "500")
    message = news(to=BILAL)
    QueuedMessage.objects.filter(pk=message.pk).update(tries=3)
    drained(engine)
    staff.give_up([message.pk], "chitra")
    many(9)
    drained(engine)

    assert sending_number().state == "outage"
    assert status(message) == "failed"
