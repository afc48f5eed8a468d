"""What is to be said once: the first message says it, the others name it."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from notifications import outbox
from notifications.models import (
    Message,
    MessageEvent,
    MessageKey,
    NotificationPreference,
    QueuedMessage,
    StatusChange,
)
from notifications.outbox import Item
from notifications.tests.at_once import together
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db
DAY = "delivered:customer-1:2026-12-01"


@pytest.fixture(autouse=True)
def _texts(texts):
    return texts


def news(order, once=DAY, to=ASHA, **changes):
    given = {"to": to, "variables": {"name": "Asha"}, "reference": f"order_{order}"}
    return outbox.queue("test_news", key=f"delivered:{order}", once=once, **given | changes)


def item(order, once=DAY, **changes):
    given = {"to": ASHA, "variables": {"name": "Asha"}, "reference": f"order_{order}"}
    return Item(key=f"delivered:{order}", once=once, **given | changes)


def found():
    """Reference → status, code."""
    rows = Message.objects.values_list("reference_id", "status", "error_code")
    return {reference: (status, code) for reference, status, code in rows}


def test_the_first_says_it_and_the_second_is_recorded_under_its_own_reference_and_names_the_first():
    first, second = news(77), news(78)

    assert (first.status, second.status, second.error_code) == ("queued", "suppressed", "covered")
    assert second.error == "The customer is told of this by the message about order_77."
    assert Message.objects.get(reference_id="order_78").error == second.error
    assert QueuedMessage.objects.get().message_id == first.pk


def test_what_is_covered_keeps_its_text_its_event_and_its_count():
    news(77), news(78)

    second = Message.objects.get(reference_id="order_78")
    assert second.text == Message.objects.get(reference_id="order_77").text
    assert MessageEvent.objects.get(message_id=second.pk).what == "suppressed"
    assert dict(StatusChange.objects.values_list("status").annotate(Sum("count"))) == {
        "queued": 1,
        "suppressed": 1,
    }


def test_the_same_event_again_changes_nothing():
    first, second = news(77), news(78)

    assert (news(77).pk, news(78).pk) == (first.pk, second.pk)
    assert found() == {"order_77": ("queued", ""), "order_78": ("suppressed", "covered")}


def test_another_day_and_another_person_are_told():
    (
        news(77),
        news(78, once="delivered:customer-1:2026-12-02"),
        news(79, once="delivered:customer-2:2026-12-01"),
    )

    assert QueuedMessage.objects.count() == 3


def test_within_one_chunk_the_first_of_them_says_it():
    assert outbox.queue_many("test_news", [item(5), item(4), item(6, once=None), item(7)]) == 4

    said = {reference for reference, (status, _) in found().items() if status == "queued"}
    assert said == {"order_5", "order_6"}
    assert Message.objects.get(reference_id="order_7").error.endswith("about order_5.")


def test_across_chunks_and_calls_the_first_of_them_says_it(monkeypatch):
    monkeypatch.setattr(outbox, "CHUNK", 2)
    outbox.queue_many("test_news", [item(n) for n in range(5)])
    outbox.queue_many("test_news", [item(n) for n in range(7)])

    assert QueuedMessage.objects.count() == 1
    assert Message.objects.filter(error_code="covered", error__endswith="about order_0.").count() == 6


def test_who_wants_no_messages_is_covered_by_nothing():
    NotificationPreference.objects.create(phone=ASHA, enabled=False)
    news(77), news(78)

    assert found() == {"order_77": ("suppressed", "opted_out"), "order_78": ("suppressed", "opted_out")}
    assert not MessageKey.objects.filter(pk=DAY).exists()


def test_what_cannot_be_written_covers_nothing():
    news(77, to="12"), news(78)

    assert found() == {"order_77": ("failed", "bad_phone"), "order_78": ("queued", "")}


def test_a_message_that_was_withdrawn_before_it_went_still_covers_the_others():
    news(77)
    outbox.withdraw("order_77", ["test_news"])

    assert news(78).error_code == "covered"


def test_a_message_the_log_forgot_still_covers_and_is_named():
    news(77)
    QueuedMessage.objects.all().delete()
    Message.objects.all().delete()

    assert news(78).error == "The customer is told of this by the message about order_77."


def test_without_a_reference_something_else_is_named():
    news(77, reference="")

    assert news(78).error == "The customer is told of this by the message about something else."


def test_once_costs_no_statement_more():
    def statements(once):
        with CaptureQueriesContext(connection) as captured:
            outbox.queue("test_news", to=BILAL, variables={"name": "Bilal"}, once=once)
        return captured.captured_queries

    without, with_it = statements(None), statements(DAY)
    assert len(without) == len(with_it)
    assert not any("covered" in query["sql"] for query in without)


def test_two_long_keys_that_begin_alike_stay_two():
    news(77, once="x" * 300 + "1"), news(78, once="x" * 300 + "2")

    assert QueuedMessage.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_transactions_at_the_same_moment_one_says_it_and_the_other_names_it(texts):
    """The second waits for the first one's commit, which its own statement's snapshot does not see."""
    has_written, may_commit = threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            news(77)
            has_written.set()
            may_commit.wait(10)

    def second():
        has_written.wait(10)
        threading.Timer(0.3, may_commit.set).start()
        news(78)

    turns = iter([first, second])
    together(lambda: next(turns)(), 2)
    assert found() == {"order_77": ("queued", ""), "order_78": ("suppressed", "covered")}
    assert Message.objects.get(reference_id="order_78").error.endswith("about order_77.")


@pytest.mark.django_db(transaction=True)
def test_where_the_first_takes_it_back_the_second_says_it(texts):
    has_written, may_end = threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            news(77)
            has_written.set()
            may_end.wait(10)
            transaction.set_rollback(True)

    def second():
        has_written.wait(10)
        threading.Timer(0.3, may_end.set).start()
        news(78)

    turns = iter([first, second])
    together(lambda: next(turns)(), 2)
    assert found() == {"order_78": ("queued", "")}


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_say_it_once(texts):
    orders = iter(range(8))
    together(lambda: news(next(orders)), 8)

    statuses = sorted(status for status, _ in found().values())
    assert statuses == ["queued", *["suppressed"] * 7]
