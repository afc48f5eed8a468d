"""`POST /api/notifications/send-bulk`: many messages, each with its own result."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import engine
from notifications.models import Message, MessageEvent, MessageTemplate, NotificationPreference, QueuedMessage
from notifications.tests.api.conftest import errors
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/notifications/send-bulk"
NEWS = {"phone": "98765 43210", "message_type": "test_news", "context": {"name": "Asha"}}
ALARM = {"phone": BILAL, "message_type": "test_alarm"}


def post(client, *messages, **headers):
    return client.post(URL, {"messages": list(messages)}, format="json", headers=headers)


def counts(answer):
    said = answer.json()
    return {name: said[name] for name in ("queued", "suppressed", "failed", "refused")}


def wrong(answer, index):
    return {error["attr"]: error["code"] for error in answer.json()["results"][index]["errors"]}


def test_all_are_queued_and_answered_in_order(chitra, texts, memory_provider):
    answer = post(chitra, NEWS, ALARM, NEWS | {"reference_id": "order_7"})

    assert answer.status_code == 200
    assert counts(answer) == {"queued": 3, "suppressed": 0, "failed": 0, "refused": 0}
    results = answer.json()["results"]
    assert [result["index"] for result in results] == [0, 1, 2]
    assert [result["message"]["message_text"] for result in results] == ["Hello Asha", "Late", "Hello Asha"]
    assert [result["message"]["status"] for result in results] == ["queued"] * 3
    assert results[2]["message"]["reference_id"] == "order_7"
    assert not memory_provider.asked
    assert not QueuedMessage.objects.filter(passes_hours=True).exists()


def test_what_is_queued_is_sent_by_the_engine(chitra, texts, memory_provider):
    post(chitra, NEWS, ALARM)

    engine.drain(2)

    assert sorted(sent.text for sent in memory_provider.accepted) == ["Hello Asha", "Late"]


@pytest.mark.parametrize(
    ("item", "attr", "code"),
    [
        (NEWS | {"phone": "12"}, "phone", "bad_phone"),
        ({"message_type": "test_news"}, "phone", "required"),
        (NEWS | {"message_type": "nothing"}, "message_type", "unknown_kind"),
        (NEWS | {"context": {}}, "context.name", "missing_variable"),
        (NEWS | {"context": {"name": [1]}}, "context.name", "bad_value"),
        (NEWS | {"context": 5}, "context", "invalid"),
        (NEWS | {"expires_at": "2020-01-01T00:00:00Z"}, "expires_at", "past"),
        (NEWS | {"language": "xx"}, "language", "invalid_choice"),
        (NEWS | {"reference_id": "a\0"}, "reference_id", "null_characters_not_allowed"),
        (None, None, "null"),
        (5, None, "invalid"),
        ([], None, "invalid"),
    ],
)
def test_a_bad_one_is_refused_and_the_good_ones_are_queued(chitra, texts, item, attr, code):
    answer = post(chitra, NEWS, item, ALARM)

    assert counts(answer) == {"queued": 2, "suppressed": 0, "failed": 0, "refused": 1}
    assert wrong(answer, 1) == {attr: code}
    assert answer.json()["results"][1]["message"] is None
    assert answer.json()["results"][2]["message"]["message_type"] == "test_alarm"
    assert Message.objects.count() == 2


def test_our_own_number_is_refused(chitra, texts, settings):
    settings.MYOPERATOR_PHONE_NUMBER = ASHA

    assert wrong(post(chitra, NEWS), 0) == {"phone": "own_number"}


def test_whoever_wants_none_is_recorded_as_suppressed(chitra, texts):
    NotificationPreference.objects.create(phone=ASHA, enabled=False)

    answer = post(chitra, NEWS, ALARM)

    assert counts(answer) == {"queued": 1, "suppressed": 1, "failed": 0, "refused": 0}
    assert answer.json()["results"][0]["message"]["error_code"] == "opted_out"


def test_a_kind_without_a_text_is_recorded_as_failed(chitra, texts):
    MessageTemplate.objects.filter(kind="test_news").delete()

    assert counts(post(chitra, NEWS)) == {"queued": 0, "suppressed": 0, "failed": 1, "refused": 0}


def test_refusals_leave_a_log_line_without_numbers(chitra, texts, caplog):
    post(chitra, NEWS, NEWS | {"phone": "98765 4321"})

    assert "send-bulk refused 1 of 2: {'bad_phone': 1}" in caplog.text
    assert "4321" not in caplog.text


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({}, "messages"),
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": {"a": 1}}, "messages"),
        ({"messages": "text"}, "messages"),
        ([], None),
        (7, None),
    ],
)
def test_a_request_without_messages_is_refused(chitra, texts, body, attr):
    answer = chitra.post(URL, body, format="json")

    assert answer.status_code == 400
    assert set(errors(answer)) == {attr}


def test_more_than_a_thousand_are_refused(chitra, texts):
    answer = post(chitra, *[ALARM] * 1001)

    assert answer.status_code == 400
    assert "at most 1,000" in errors(answer)["messages"]
    assert not Message.objects.exists()


def test_a_thousand_take_few_statements_and_little_time(chitra, texts):
    long = {"name": "Asha Venkataraghavan", "address": "14, 2nd Cross, Jayanagar, Bengaluru " * 8}
    items = [
        {"phone": f"97{n:08d}", "message_type": "test_news", "context": long, "reference_id": f"order_{n}"}
        for n in range(1000)
    ]

    with CaptureQueriesContext(connection) as asked:
        begun = time.perf_counter()
        answer = post(chitra, *items, **{"Idempotency-Key": "all-of-them"})
        took = time.perf_counter() - begun

    assert counts(answer)["queued"] == 1000
    assert len(asked) < 20
    assert took < 4  # about 1 s on a busy machine


def test_the_same_request_again_queues_nothing_and_answers_the_same_messages(chitra, texts):
    first = post(chitra, NEWS, {"phone": "1"}, ALARM, **{"Idempotency-Key": "bulk-1"})
    engine.drain(2)

    second = post(chitra, NEWS, {"phone": "1"}, ALARM, **{"Idempotency-Key": "bulk-1"})

    assert Message.objects.count() == 2
    assert counts(second) == counts(first) == {"queued": 2, "suppressed": 0, "failed": 0, "refused": 1}
    before, after = ([r["message"] for r in answer.json()["results"]] for answer in (first, second))
    assert [m and m["id"] for m in after] == [m and m["id"] for m in before]
    assert [m and m["status"] for m in after] == ["sent", None, "sent"]
    assert second.json()["results"][1] == first.json()["results"][1]


def test_another_request_with_that_key_is_refused(chitra, texts):
    post(chitra, NEWS, **{"Idempotency-Key": "bulk-1"})

    assert post(chitra, ALARM, **{"Idempotency-Key": "bulk-1"}).status_code == 422
    assert Message.objects.count() == 1


def test_a_repeat_is_answered_though_the_log_has_forgotten(chitra, texts):
    post(chitra, NEWS, **{"Idempotency-Key": "bulk-1"})
    QueuedMessage.objects.all().delete()
    Message.objects.all().delete()

    answer = post(chitra, NEWS, **{"Idempotency-Key": "bulk-1"})

    assert answer.json()["results"] == [{"index": 0, "message": None, "errors": []}]


def test_each_is_worthless_after_a_day_unless_it_says(chitra, texts):
    until = timezone.now() + timedelta(hours=1)
    post(chitra, NEWS, ALARM | {"expires_at": until.isoformat()})

    lasts = {m.kind: m.expires_at - m.created_at for m in Message.objects.all()}
    assert lasts["test_news"] == timedelta(hours=24)
    assert lasts["test_alarm"] < timedelta(hours=1)


def test_only_staff_with_the_permission_send(anybody, asha, dev, texts):
    assert [post(client, NEWS).status_code for client in (anybody, asha, dev)] == [401, 403, 403]
    assert not Message.objects.exists()


def test_who_asked_is_kept_with_each_message(chitra, texts, memory_provider):
    post(
        chitra, {"phone": ASHA, "message_type": "test_alarm"}, {"phone": BILAL, "message_type": "test_alarm"}
    )

    asked = MessageEvent.objects.filter(what="asked").values_list("message_id", "by")
    assert set(asked) == {(message.pk, "chitra") for message in Message.objects.all()}
