"""Recording many messages of one kind."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import outbox
from notifications.models import Message, QueuedMessage
from notifications.outbox import Item
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts(texts):
    return texts


def items(count, start=0):
    for number in range(start, start + count):
        yield Item(to=f"+9198{number:08d}", variables={"name": f"N{number}"}, key=f"reminder:{number}")


def statements(count, start=0):
    with CaptureQueriesContext(connection) as captured:
        assert outbox.queue_many("test_news", items(count, start)) == count
    return len(captured)


def test_five_thousand_messages_take_as_many_statements_per_thousand_as_one_thousand():
    assert statements(5000) == 5 * statements(1000, start=10_000)
    assert Message.objects.count() == QueuedMessage.objects.count() == 6000


def test_what_is_known_already_costs_no_statement_of_its_own():
    outbox.queue_many("test_news", items(1000))

    with CaptureQueriesContext(connection) as captured:
        assert outbox.queue_many("test_news", items(1000)) == 0

    assert len(captured) <= 3


def test_a_key_that_comes_twice_in_one_call_is_one_message():
    twice = [*items(3), *items(4)]

    assert outbox.queue_many("test_news", twice) == 4
    assert Message.objects.count() == 4


def test_one_bad_item_costs_the_others_nothing():
    bad = [Item(to="1", variables={}), Item(to=None, variables=None, reference=None, at="never")]

    assert outbox.queue_many("test_news", [*items(2), *bad, *items(1, start=5)]) == 5
    assert Message.objects.filter(status="queued").count() == 3


def test_no_items_are_no_messages():
    assert outbox.queue_many("test_news", []) == 0


def test_of_a_chunk_one_learns_what_became_of_each():
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"}, key="told")
    items = [
        Item(ASHA, {"name": "Asha"}, key="new"),
        Item(ASHA, {"name": "Asha"}, key="told"),
        Item("12", {"name": "Asha"}),
    ]
    told = outbox.queue_chunk("test_news", items)
    assert [message and message.status for message in told] == ["queued", None, "failed"]
    assert Message.objects.get(pk=told[0].pk).text == "Hello Asha"
