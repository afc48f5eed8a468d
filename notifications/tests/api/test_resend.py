"""`POST /api/notifications/resend/{message_id}`: once more."""

import pytest
from django.utils import timezone

from notifications import engine, outbox
from notifications.models import (
    Held,
    Message,
    MessageEvent,
    MessageTemplate,
    NotificationPreference,
    QueuedMessage,
)
from notifications.providers.base import Rejected
from notifications.tests.api.conftest import errors
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db(transaction=True)


def again(client, message_id, **headers):
    return client.post(f"/api/notifications/resend/{message_id}", headers=headers)


def refuse(outgoing):
    raise Rejected("No such number on WhatsApp.", "131026")


@pytest.fixture
def failed(texts, memory_provider):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    memory_provider.answer_with(refuse)
    engine.drain(2)
    memory_provider.reset()
    NotificationPreference.objects.update(unreachable_at=None)
    return Message.objects.get(pk=message.pk, status="failed")


@pytest.mark.parametrize("prefix", ["msg_", ""])
def test_a_failed_message_is_queued_again_its_tries_begun_anew(chitra, failed, memory_provider, prefix):
    answer = again(chitra, f"{prefix}{failed.pk}")

    said = answer.json()
    assert answer.status_code == 200
    assert (said["id"], said["status"], said["tries"]) == (failed.public_id, "queued", 0)
    assert (said["error"], said["error_code"]) == (None, None)
    engine.drain(2)
    assert [sent.text for sent in memory_provider.accepted] == ["Hello Asha"]


def test_it_is_kept_who_sent_it_again(chitra, failed):
    again(chitra, failed.pk)

    assert MessageEvent.objects.get(message_id=failed.pk, what="resent").by == "chitra"


@pytest.mark.parametrize(
    "status", ["queued", "sending", "retrying", "uncertain", "sent", "delivered", "read"]
)
def test_what_was_sent_or_is_on_its_way_answers_409(chitra, failed, status):
    Message.objects.update(status=status, sent_at=timezone.now())

    answer = again(chitra, failed.pk)

    assert answer.status_code == 409
    assert errors(answer) == {None: f"It cannot be sent again. It is {status}."}
    assert not QueuedMessage.objects.exists()


def test_a_customers_wish_answers_409_in_words(chitra, failed):
    NotificationPreference.objects.update_or_create(phone=ASHA, defaults={"enabled": False})

    answer = again(chitra, failed.pk)

    assert answer.status_code == 409
    assert "switched all messages off" in errors(answer)[None]


def test_a_message_without_words_answers_409(chitra, texts):
    MessageTemplate.objects.filter(kind="test_news").delete()
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})

    answer = again(chitra, message.pk)

    assert answer.status_code == 409
    assert "has no text" in errors(answer)[None]


def test_what_was_held_for_staff_is_let_go(chitra, texts):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    Message.objects.update(status="uncertain", tries=4)
    QueuedMessage.objects.update(held_for=Held.UNCERTAIN, tries=4)

    assert again(chitra, message.pk).status_code == 200
    assert QueuedMessage.objects.get().held_for is None


def test_what_was_taken_back_is_not_true_any_more(chitra, texts):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"}, reference="order_7")
    outbox.withdraw("order_7", ["test_news"], "the order was cancelled")

    response = again(chitra, message.pk)

    assert response.status_code == 409
    assert "the order was cancelled" in errors(response)[None].lower()


@pytest.mark.parametrize(
    "message_id", ["0", "msg_999999", "9" * 18, "9" * 40, "msg_", "x", "msg_1.5", "-1", "१"]
)
def test_an_unknown_message_answers_404(chitra, db, message_id):
    assert again(chitra, message_id).status_code == 404


def test_twice_is_409_without_a_key_and_the_same_message_with_one(chitra, failed):
    first, second = (again(chitra, failed.pk, **{"Idempotency-Key": "again-1"}) for _ in range(2))
    third = again(chitra, failed.pk)

    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 409)
    assert second.json() == first.json()
    assert QueuedMessage.objects.count() == 1


def test_the_key_of_one_message_is_not_the_key_of_another(chitra, failed):
    again(chitra, failed.pk, **{"Idempotency-Key": "again-1"})

    assert again(chitra, failed.pk + 1, **{"Idempotency-Key": "again-1"}).status_code == 422


def test_only_staff_with_the_permission_send_again(anybody, asha, dev, failed):
    assert [again(client, failed.pk).status_code for client in (anybody, asha, dev)] == [401, 403, 403]
    assert [again(client, 0).status_code for client in (asha, dev)] == [403, 403]
