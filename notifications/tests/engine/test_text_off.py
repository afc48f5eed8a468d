"""A text that is switched off while its messages wait: nothing of it is sent."""

import pytest

from notifications import outbox, staff
from notifications.models import Message, MessageEvent, MessageTemplate
from notifications.tests.conftest import ASHA
from notifications.tests.engine.conftest import drained, news

pytestmark = pytest.mark.django_db


def change(**how) -> None:
    row = MessageTemplate.objects.get(kind="test_news")
    for name, value in how.items():
        setattr(row, name, value)
    row.save()


def test_what_waits_is_not_sent_and_says_why(engine, texts, memory_provider):
    message = news()
    change(active=False)

    drained(engine)

    message.refresh_from_db()
    assert (message.status, message.error_code) == ("suppressed", "template_off")
    assert message.error == "The English text of test_news is switched off."
    assert MessageEvent.objects.filter(message_id=message.pk, what="suppressed").exists()
    assert not memory_provider.asked


def test_a_text_in_another_language_goes_on(engine, texts, memory_provider):
    MessageTemplate.objects.create(kind="test_news", language="hi", content="Namaste {{name}}", active=False)
    news()

    drained(engine)

    assert [sent.text for sent in memory_provider.accepted] == ["Hello Asha"]


def test_sent_again_it_has_the_words_that_the_text_has_then(engine, texts, memory_provider):
    message = news()
    change(active=False)
    drained(engine)
    assert staff.resend([message.pk], "chitra").ids == []

    change(active=True, content="Good morning {{name}}")
    assert staff.resend([message.pk], "chitra").ids == [message.pk]

    drained(engine)
    assert [sent.text for sent in memory_provider.accepted] == ["Good morning Asha"]
    assert Message.objects.get().template_version == 2


def test_a_test_of_it_goes_all_the_same(engine, texts, memory_provider, settings):
    settings.NOTIFICATION_TEST_NUMBERS = [ASHA]
    change(active=False)
    outbox.queue_test("test_news", to=ASHA, language="en", content="Dear {{name}}!", by="chitra")

    drained(engine)

    assert [sent.text for sent in memory_provider.accepted] == ["Dear Asha!"]
