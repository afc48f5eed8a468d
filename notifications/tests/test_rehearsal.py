"""A new text against the last real messages, and the messages that keep the old one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import erasure, outbox, rehearsal
from notifications.models import Message, MessageTemplate, QueuedMessage
from notifications.tests.conftest import ASHA, BILAL, NEWS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts(texts, settings):
    settings.NOTIFICATION_TEST_NUMBERS = [ASHA]


def news(name="Asha", to=ASHA, **more):
    return outbox.queue("test_news", to=to, variables={"name": name} | more)


def rehearsed(content="Dear {{name}}.", language="en", saved="Hello {{name}}"):
    return rehearsal.rehearse(NEWS, language, content, saved)


def test_the_last_twenty_are_tried_the_newest_first():
    ids = [news(f"N{n}").pk for n in range(23)]

    found = rehearsed()

    assert [trial.message_id for trial in found] == ids[:2:-1]
    assert found[0].text == "Dear N22."


def test_what_would_fail_says_which_message_and_which_variable():
    broken = outbox.queue("test_news", to=ASHA, variables={"other": 1})
    news()

    failing = [(trial.message_id, trial.why) for trial in rehearsed() if trial.why]
    assert failing == [(broken.pk, "`name` is missing; given: other.")]


def test_only_what_the_saved_text_can_write_fails_anew():
    outbox.queue("test_news", to=ASHA, variables={})

    assert rehearsal.fails_anew(rehearsed(saved="Hello {{name}}")) == []
    assert len(rehearsal.fails_anew(rehearsed(saved="Hello"))) == 1
    assert len(rehearsal.fails_anew(rehearsed(saved=None))) == 1


def test_a_name_that_makes_it_too_long_fails():
    news("x" * 900)

    assert "WhatsApp takes 1,024" in rehearsed("y" * 200 + "{{name}}")[0].why


def test_those_in_the_same_language_go_first_and_others_fill_up():
    MessageTemplate.objects.create(kind="test_news", language="hi", content="नमस्ते {{name}}")
    hindi = outbox.queue("test_news", to=BILAL, variables={"name": "B"}, language="hi")
    for n in range(25):
        news(f"N{n}")

    found = rehearsed(language="hi")

    assert len(found) == 20
    assert found[-1].message_id == hindi.pk


def test_tests_and_what_was_erased_are_left_out():
    outbox.queue_test("test_news", to=ASHA, language="en", content="x", by="chitra")
    Message.objects.filter(pk=news().pk).update(phone=f"{erasure.PREFIX}abc", variables={})

    assert rehearsed() == []


def test_it_reads_the_newest_by_their_index_and_asks_twice():
    news()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rehearsed()

    assert len(asked) == 2
    assert f"LIMIT {rehearsal.LOOKED_THROUGH}" in asked[0]["sql"]


def text_of_news():
    return MessageTemplate.objects.get(kind="test_news", language="en")


def test_what_waits_with_the_old_words_is_counted():
    for n in range(3):
        news(f"N{n}")
    held = news("held")
    QueuedMessage.objects.filter(pk=held.pk).update(held_for="staff")
    outbox.queue("test_alarm", to=ASHA, variables={})
    outbox.queue_test("test_news", to=ASHA, language="en", content="x", by="chitra")

    assert rehearsal.waiting(text_of_news()) == (4, False)
    assert rehearsal.waiting_words(text_of_news()) == "4 messages that wait keep the words they have."


def test_one_that_waits_is_told_in_the_singular_and_none_not_at_all():
    assert rehearsal.waiting_words(text_of_news()) == ""
    news()
    assert rehearsal.waiting_words(text_of_news()) == "1 message that waits keeps the words it has."


def test_of_a_long_queue_only_the_beginning_is_looked_at(monkeypatch):
    monkeypatch.setattr(rehearsal, "MOST_QUEUED", 2)
    for n in range(3):
        news(f"N{n}")

    assert rehearsal.waiting(text_of_news()) == (2, True)
    assert rehearsal.waiting_words(text_of_news()).startswith("At least 2 messages")
