"""`Idempotency-Key`: safe to repeat."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications import engine
from notifications.models import Message
from notifications.tests.api.conftest import errors, signed_in
from notifications.tests.conftest import BILAL
from rest import retention
from rest.models import IdempotencyKey

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/notifications/send-message"
NEWS = {"phone": "98765 43210", "message_type": "test_news", "context": {"name": "Asha"}}


def post(client, body, key="key-1"):
    return client.post(URL, body, format="json", headers={"Idempotency-Key": key})


def test_the_same_key_and_body_are_one_message(chitra, texts, memory_provider):
    first, second = post(chitra, NEWS), post(chitra, NEWS)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    assert len(memory_provider.accepted) == Message.objects.count() == 1


def test_the_order_of_fields_makes_no_other_body(chitra, texts):
    post(chitra, NEWS)

    assert post(chitra, dict(reversed(NEWS.items()))).status_code == 200
    assert Message.objects.count() == 1


def test_the_message_comes_back_as_it_is_now(chitra, texts):
    post(chitra, NEWS)
    Message.objects.update(status="read", read_at=timezone.now())

    assert post(chitra, NEWS).json()["status"] == "read"


def test_what_is_being_sent_at_this_moment_is_said_to_be_queued(chitra, texts):
    post(chitra, NEWS)
    Message.objects.update(status="sending", sent_at=None)

    assert (post(chitra, NEWS).status_code, post(chitra, NEWS).json()["status"]) == (200, "queued")


def test_a_queued_message_reads_the_same_when_asked_for_again(chitra, texts):
    first, second = (post(chitra, NEWS | {"immediate": False}) for _ in range(2))

    assert first.json() == second.json()


def test_what_is_still_queued_answers_202_again(chitra, texts):
    assert post(chitra, NEWS | {"immediate": False}).status_code == 202
    assert post(chitra, NEWS | {"immediate": False}).status_code == 202
    assert Message.objects.count() == 1


def test_another_body_is_refused(chitra, texts):
    post(chitra, NEWS)

    response = post(chitra, NEWS | {"phone": BILAL})

    assert response.status_code == 422
    assert "another body" in errors(response)[None]
    assert Message.objects.count() == 1


def test_the_same_key_of_another_user_is_another_key(chitra, texts, django_user_model):
    post(chitra, NEWS)
    admin = signed_in(django_user_model.objects.create_superuser("admin"))

    post(admin, NEWS)

    assert Message.objects.count() == 2


def test_a_refused_request_keeps_no_key(chitra, texts):
    assert post(chitra, NEWS | {"phone": "1"}).status_code == 400
    assert not IdempotencyKey.objects.exists()
    assert post(chitra, NEWS).status_code == 200


def test_a_repeated_request_is_answered_though_it_would_be_refused_today(chitra, texts):
    until = timezone.now() + timedelta(hours=1)
    body = NEWS | {"expires_at": until.isoformat()}
    post(chitra, body)
    texts[0].content = "Hello {{name}}, {{surname}}"
    type(texts[0]).objects.filter(pk=texts[0].pk).update(content=texts[0].content)

    assert post(chitra, body).status_code == 200


def test_a_key_may_be_used_anew_after_a_day(chitra, texts):
    post(chitra, NEWS)
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))

    assert post(chitra, NEWS | {"phone": BILAL}).status_code == 200
    assert post(chitra, NEWS | {"phone": BILAL}).status_code == 200
    assert Message.objects.count() == 2


def test_old_keys_are_forgotten(chitra, texts):
    post(chitra, NEWS, "old")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    post(chitra, NEWS, "new")

    assert retention.forget(timezone.now()) == 1
    assert [kept.key for kept in IdempotencyKey.objects.all()] == ["new"]


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_a_key_that_cannot_be_kept_is_named(chitra, texts, key):
    response = post(chitra, NEWS, key)

    assert response.status_code == 400
    assert set(errors(response)) == {"Idempotency-Key"}


def test_two_hundred_at_once_are_one_message(chitra, texts, memory_provider):
    def ask(_):
        try:
            return post(chitra, NEWS)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(200)))

    engine.drain()  # on a busy machine it may have missed its five seconds, and waits

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(memory_provider.accepted) == Message.objects.count() == 1


def test_a_key_whose_message_is_gone_makes_no_other_one(chitra, texts):
    post(chitra, NEWS)
    Message.objects.all().delete()

    assert post(chitra, NEWS).status_code == 404
    assert not Message.objects.exists()
