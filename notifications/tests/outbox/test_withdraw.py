"""Taking back what is no longer true."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import outbox
from notifications.clock import now
from notifications.engine.claim import claim
from notifications.models import Message, MessageEvent, QueuedMessage, Status
from notifications.models.withdrawal import taken_back
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts(texts):
    return texts


def news(reference="order_1", kind="test_news"):
    return outbox.queue(kind, to=ASHA, variables={"name": "Asha"}, reference=reference)


def test_what_waits_is_cancelled_with_the_reason():
    message = news()

    assert outbox.withdraw("order_1", ["test_news"], "The order was cancelled.") == 1

    message.refresh_from_db()
    assert (message.status, message.error) == ("cancelled", "The order was cancelled.")
    assert MessageEvent.objects.get(message_id=message.pk).detail == "The order was cancelled."
    assert not QueuedMessage.objects.exists()


def test_other_kinds_and_other_references_stay():
    news(), news("order_2"), news(kind="test_alarm")

    assert outbox.withdraw("order_1", ["test_news"]) == 1
    assert sorted(QueuedMessage.objects.values_list("message__reference_id", "message__kind")) == [
        ("order_1", "test_alarm"),
        ("order_2", "test_news"),
    ]


def test_what_a_worker_holds_is_marked():
    message = news()
    claim(1, now(), deadline=15)

    assert outbox.withdraw("order_1", ["test_news"], "Cancelled.") == 1

    message.refresh_from_db()
    assert message.status == "sending"
    assert QueuedMessage.objects.get().withdrawn == "cancelled"


def test_what_was_sent_is_left_alone():
    Message.objects.filter(pk=news().pk).update(status="sent", sent_at=now())
    QueuedMessage.objects.all().delete()

    assert outbox.withdraw("order_1", ["test_news"]) == 0
    assert Message.objects.get().status == "sent"


@pytest.mark.parametrize("words", ["a\x00b", "\ud800", "w" * 2000])
def test_a_reference_and_a_reason_of_any_shape_do_not_break_the_callers_transaction(words):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "A"}, reference=words)

    assert outbox.withdraw(words, ["test_news"], words) == 1

    message.refresh_from_db()
    assert message.status == "cancelled"


def test_very_many_are_taken_back_some_at_a_time_until_none_is_left():
    for number in range(5):
        outbox.queue("test_news", to=ASHA, variables={"name": str(number)}, reference="campaign_1")
    QueuedMessage.objects.filter(message__text="Hello 0").update(lease_until=now(), token=1)

    taken = [outbox.withdraw_some("campaign_1", ["test_news"], 2) for _ in range(4)]

    assert [len(some) for some in taken] == [2, 2, 1, 0]
    assert sorted(taken[0]) == [(ASHA, False), (ASHA, True)]  # what a worker holds may still go
    assert QueuedMessage.objects.get().withdrawn == "cancelled"


def test_of_very_many_those_that_were_sent_are_not_sent_again_later():
    sent = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"}, reference="campaign_1")
    QueuedMessage.objects.all().delete()
    Message.objects.filter(pk=sent.pk).update(status=Status.SENT, sent_at=now())

    assert outbox.withdraw_some("campaign_1", ["test_news"], 2, "It was stopped.") == []

    assert taken_back([sent.pk])[sent.pk].why == "It was stopped."


def test_what_was_withdrawn_may_be_said_again_where_its_key_is_forgotten():
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"}, reference="order_1", key="news:1")
    outbox.withdraw("order_1", ["test_news"])

    outbox.forget(["news:1", "no such key"])
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"}, reference="order_1", key="news:1")

    assert list(Message.objects.order_by("pk").values_list("status", flat=True)) == ["cancelled", "queued"]


def test_of_several_references_all_are_withdrawn_in_as_many_statements_as_of_one(django_assert_num_queries):
    news("order_1"), news("order_2"), news("order_3"), news("order_4")
    with CaptureQueriesContext(connection) as captured:
        assert outbox.withdraw("order_4", ["test_news"]) == 1

    with django_assert_num_queries(len(captured)):
        assert outbox.withdraw(["order_1", "order_2"], ["test_news"]) == 2
    assert QueuedMessage.objects.get().message.reference_id == "order_3"


def test_of_no_references_nothing_is_withdrawn():
    news("")

    assert outbox.withdraw([], ["test_news"]) == 0
