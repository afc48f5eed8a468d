import pytest

from notifications import outbox
from notifications.models import Attempt, Message, QueuedMessage
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db


def test_a_queued_message_is_sent_once(engine, memory_provider):
    message = outbox.queue("test_news", to="98765 43210", variables={"name": "Asha"})

    engine.drain(5)

    message.refresh_from_db()
    assert (message.status, message.text, message.phone) == ("sent", "Hello Asha", ASHA)
    assert [sent.text for sent in memory_provider.accepted] == ["Hello Asha"]
    assert not QueuedMessage.objects.exists()
    assert Attempt.objects.get().outcome == "accepted"
    assert Message.objects.count() == 1
