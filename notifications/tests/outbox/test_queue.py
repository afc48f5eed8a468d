"""Recording one message: with its business row, once, in the customer's language."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from notifications import outbox
from notifications.clock import now
from notifications.models import (
    Message,
    MessageEvent,
    MessageKey,
    MessageTemplate,
    NotificationPreference,
    QueuedMessage,
)
from notifications.schedule import IST
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts(texts):
    return texts


def news(**changes):
    return outbox.queue("test_news", **{"to": ASHA, "variables": {"name": "Asha"}} | changes)


class _ChangedMind(Exception):
    pass


def test_a_transaction_that_rolls_back_leaves_no_message():
    with suppress(_ChangedMind), transaction.atomic():
        Group.objects.create(name="an order")
        news(key="order:1")
        raise _ChangedMind

    assert not Message.objects.exists()
    assert not MessageKey.objects.exists()
    assert not QueuedMessage.objects.exists()


def test_the_business_row_and_its_message_commit_together():
    with transaction.atomic():
        Group.objects.create(name="an order")
        news()

    orders = Group.objects.filter(name="an order")
    assert (orders.count(), Message.objects.count(), QueuedMessage.objects.count()) == (1, 1, 1)


def test_what_queue_returns_is_what_the_database_holds():
    message = news(reference="order_7", key="order:7")

    stored = Message.objects.get()
    assert {f.attname: getattr(message, f.attname) for f in Message._meta.fields} == {
        f.attname: getattr(stored, f.attname) for f in Message._meta.fields
    }


def test_the_same_key_twice_is_one_message():
    first = news(key="order:1")

    again = news(key="order:1", variables={"name": "Somebody else"})

    assert again.pk == first.pk
    assert again.text == "Hello Asha"
    assert Message.objects.count() == QueuedMessage.objects.count() == 1


def test_an_empty_key_is_no_key():
    news(key="")
    news(key="")

    assert Message.objects.count() == 2


def test_a_key_whose_message_the_log_forgot_never_sends_again():
    first = news(key="order:1")
    Message.objects.all().delete()

    assert news(key="order:1").pk == first.pk
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_that_save_one_event_at_the_same_moment_make_one_message():
    both_in, ids = threading.Barrier(2), []

    def save():
        with transaction.atomic():
            both_in.wait()
            ids.append(news(key="order:1").pk)
        connection.close()

    threads = [threading.Thread(target=save) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_key_that_is_rolled_back_gets_the_message():
    taken, ids = threading.Event(), []

    def save():
        taken.wait()
        ids.append(news(key="order:1").pk)
        connection.close()

    other = threading.Thread(target=save)
    other.start()
    with suppress(_ChangedMind), transaction.atomic():
        lost = news(key="order:1").pk
        taken.set()
        other.join(0.2)  # it waits for our lock; where it has not come so far, it finds the key free
        raise _ChangedMind
    other.join()

    assert ids == [Message.objects.get().pk]
    assert ids != [lost]


@pytest.mark.parametrize(
    ("preferred", "asked", "text"),
    [
        ("hi", "kn", "नमस्ते Asha"),
        ("", "hi", "नमस्ते Asha"),
        ("", None, "Hello Asha"),
        ("kn", None, "Hello Asha"),
        ("", "a language nobody speaks", "Hello Asha"),
        ("", 5, "Hello Asha"),
    ],
)
def test_the_preference_speaks_before_the_customer_record_and_english_when_neither_can(
    preferred, asked, text
):
    MessageTemplate.objects.create(kind="test_news", language="hi", content="नमस्ते {{name}}")
    NotificationPreference.objects.create(phone=ASHA, language=preferred)

    assert news(language=asked).text == text


def test_a_message_is_worthless_when_its_kind_says_unless_the_caller_knows_better():
    at, soon = now() + timedelta(hours=1), now() + timedelta(minutes=5)

    assert news(at=at).expires_at == at + timedelta(hours=24)
    assert news(expires_at=soon).expires_at == soon


def test_what_is_worthless_already_is_not_queued():
    message = news(expires_at=now() - timedelta(seconds=1))

    assert message.status == "expired"
    assert not QueuedMessage.objects.exists()
    assert MessageEvent.objects.get().what == "expired"


def test_a_moment_without_a_time_zone_is_indias():
    at = (now() + timedelta(days=1)).replace(microsecond=0)

    news(at=at.astimezone(IST).replace(tzinfo=None))

    assert QueuedMessage.objects.get().due_at == at


def test_a_message_costs_its_caller_two_round_trips(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(2):
        news(key="order:1", reference="order_1")
