"""`POST /api/notifications/send-message`: what is asked, and what comes of it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import outbox
from notifications.engine import immediate
from notifications.models import (
    Channel,
    Message,
    MessageEvent,
    MessageTemplate,
    NotificationPreference,
    QueuedMessage,
)
from notifications.providers.base import ChannelDown, NotNow, NotSent, Rejected, Uncertain
from notifications.tests.api.conftest import errors
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/notifications/send-message"
NEWS = {"phone": "98765 43210", "message_type": "test_news", "context": {"name": "Asha"}}


def answered(memory_provider, failure):
    def refuse(outgoing):
        raise failure

    memory_provider.answer_with(refuse)


def post(client, body, **headers):
    return client.post(URL, body, format="json", headers=headers)


def test_the_example_of_the_mission_reads_as_it_says(chitra, memory_provider):
    MessageTemplate.objects.get_or_create(
        kind="delivery_reminder",
        language="en",
        defaults={"content": "Your EarlyBird delivery scheduled for {{delivery_date}}"},
    )

    response = post(
        chitra,
        {
            "phone": "+919876543210",
            "message_type": "delivery_reminder",
            "context": {"delivery_date": "2026-02-01", "customer_name": "John"},
            "reference_id": "order_123",
            "immediate": True,
        },
    )

    said = response.json()
    assert response.status_code == 200
    assert said["id"] == f"msg_{Message.objects.get().pk}"
    assert said["phone"] == "+919876543210"
    assert said["message_type"] == "delivery_reminder"
    assert said["status"] == "sent"
    assert said["message_text"] == "Your EarlyBird delivery scheduled for February 1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+05:30", said["sent_at"])
    assert said["reference_id"] == "order_123"


def test_only_a_phone_and_a_kind_are_required(chitra, texts, memory_provider):
    response = post(chitra, {"phone": "9876543210", "message_type": "test_alarm"})

    assert response.status_code == 200
    assert response.json()["status"] == "sent"
    assert [sent.phone for sent in memory_provider.accepted] == [ASHA]


def test_every_field_is_there_and_null_where_it_is_empty(chitra, texts):
    said = post(chitra, NEWS).json()

    assert {name for name, value in said.items() if value is None} == {
        "reference_id", "delivered_at", "read_at", "error_code", "error",
    }  # fmt: skip
    assert (said["tries"], said["retried"], said["language"]) == (1, False, "en")


def test_fields_nobody_knows_are_ignored(chitra, texts):
    assert post(chitra, NEWS | {"colour": "blue"}).status_code == 200


def test_not_immediate_is_queued_and_answers_202(chitra, texts, memory_provider):
    response = post(chitra, NEWS | {"immediate": False})

    assert (response.status_code, response.json()["status"]) == (202, "queued")
    assert not memory_provider.asked
    assert QueuedMessage.objects.get().passes_hours is False


def test_what_is_only_queued_answers_202_though_a_worker_was_faster(chitra, texts, monkeypatch):
    queue = outbox.queue

    def queue_and_send(*asked, **more):
        message = queue(*asked, **more)
        Message.objects.update(status="sent", sent_at=timezone.now())
        return message

    monkeypatch.setattr("notifications.outbox.queue", queue_and_send)

    response = post(chitra, NEWS | {"immediate": False})

    assert (response.status_code, response.json()["status"]) == (202, "queued")


def test_it_is_worthless_after_a_day_unless_the_caller_says(chitra, texts):
    said = post(chitra, NEWS | {"message_type": "test_alarm"}).json()

    message = Message.objects.get(pk=said["id"].removeprefix("msg_"))
    assert (
        timedelta(hours=23, minutes=59)
        < message.expires_at - message.created_at
        < timedelta(hours=24, minutes=1)
    )


def test_the_caller_says_until_when_it_is_worth_sending(chitra, texts):
    until = timezone.now() + timedelta(hours=1)

    post(chitra, NEWS | {"expires_at": until.isoformat()})

    assert Message.objects.get().expires_at == until


def test_the_language_asked_for_is_used_where_the_customer_chose_none(chitra, texts):
    MessageTemplate.objects.create(kind="test_news", language="hi", content="नमस्ते {{name}}")

    assert post(chitra, NEWS | {"language": "hi"}).json()["message_text"] == "नमस्ते Asha"


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (Rejected("No such number on WhatsApp.", "131026"), "failed", "131026"),
        (NotNow("MyOperator had a fault.", "500"), "retrying", "500"),
        (Uncertain("No answer in time.", "timeout"), "uncertain", "timeout"),
        (NotSent("MyOperator cannot be reached.", "refused"), "queued", "refused"),
        (ChannelDown("MyOperator refused our key.", "401"), "queued", "401"),
    ],
)
def test_what_came_of_the_try_is_the_status(chitra, texts, memory_provider, failure, status, code):
    answered(memory_provider, failure)

    response = post(chitra, NEWS)

    said = response.json()
    assert (response.status_code, said["status"]) == (200, status)
    assert (said["error_code"], said["error"]) == (code, failure.words)


def test_an_opted_out_customer_gets_nothing_and_the_answer_says_why(chitra, texts, memory_provider):
    NotificationPreference.objects.create(phone=ASHA, enabled=False)

    response = post(chitra, NEWS)

    assert (response.status_code, response.json()["status"]) == (200, "suppressed")
    assert response.json()["error_code"] == "opted_out"
    assert "switched all messages off" in response.json()["error"]
    assert not memory_provider.asked


def test_a_text_that_is_switched_off_is_suppressed_and_recorded(chitra, texts, memory_provider):
    MessageTemplate.objects.filter(kind="test_news").update(active=False)

    response = post(chitra, NEWS)

    assert response.json()["error_code"] == "template_off"
    assert Message.objects.get().status == "suppressed"
    assert not memory_provider.asked


def test_suppressed_is_final_so_it_is_no_202(chitra, texts):
    NotificationPreference.objects.create(phone=ASHA, enabled=False)

    assert post(chitra, NEWS | {"immediate": False}).status_code == 200


def test_a_kind_without_a_text_is_our_fault_and_recorded_as_failed(chitra, texts):
    MessageTemplate.objects.filter(kind="test_news").delete()

    response = post(chitra, NEWS)

    assert (response.status_code, response.json()["status"]) == (200, "failed")
    assert response.json()["error_code"] == "no_text"


def test_staff_may_send_outside_the_house_hours(chitra, texts, memory_provider, settings):
    closed = timezone.localtime() + timedelta(hours=1)
    settings.NOTIFICATION_MARKETING_HOURS = f"{closed:%H:%M}-{closed + timedelta(hours=1):%H:%M}"
    NotificationPreference.objects.create(phone=ASHA, marketing_opt_in_at=timezone.now())

    response = post(chitra, {"phone": ASHA, "message_type": "test_offer"})

    assert response.json()["status"] == "sent"


def test_what_is_only_queued_keeps_the_house_hours(chitra, texts, memory_provider):
    NotificationPreference.objects.create(phone=ASHA, marketing_opt_in_at=timezone.now())

    post(chitra, {"phone": ASHA, "message_type": "test_offer", "immediate": False})

    assert QueuedMessage.objects.get().passes_hours is False


def test_staff_do_not_pass_a_customers_do_not_disturb(chitra, texts, memory_provider):
    now = timezone.localtime()
    NotificationPreference.objects.create(
        phone=ASHA,
        quiet_from=(now - timedelta(hours=1)).time(),
        quiet_until=(now + timedelta(hours=1)).time(),
    )

    response = post(chitra, NEWS)

    assert (response.status_code, response.json()["status"]) == (200, "queued")
    assert not memory_provider.asked


def test_a_channel_that_is_stopped_leaves_it_queued(chitra, texts, memory_provider, settings):
    Channel.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER, state=Channel.State.STOPPED)

    response = post(chitra, NEWS)

    assert (response.status_code, response.json()["status"]) == (200, "queued")
    assert not memory_provider.asked


def test_whoever_comes_third_is_queued(chitra, texts, memory_provider):
    with immediate.Place(), immediate.Place():
        response = post(chitra, NEWS)

    assert (response.status_code, response.json()["status"]) == (200, "queued")
    assert QueuedMessage.objects.get().lease_until is None
    assert not memory_provider.asked


def test_a_place_is_given_back(chitra, texts, memory_provider):
    for _ in range(3):
        assert post(chitra, NEWS).json()["status"] == "sent"


def test_no_worker_can_take_what_the_request_is_sending(chitra, texts, memory_provider):
    leases = []
    memory_provider.answer_with(lambda outgoing: leases.append(QueuedMessage.objects.get().lease_until))

    post(chitra, NEWS)

    assert leases[0] > timezone.now()


def test_the_try_may_take_no_longer_than_five_seconds(chitra, texts, memory_provider):
    post(chitra, NEWS)

    assert 3 < memory_provider.asked[0].deadline <= 5


def test_an_outcome_that_cannot_be_recorded_is_left_to_the_sweep(chitra, texts, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr("notifications.engine.record.Recorder.record", fail)

    response = post(chitra, NEWS)

    assert (response.status_code, response.json()["status"]) == (200, "queued")
    assert Message.objects.get().status == "sending"
    assert QueuedMessage.objects.get().lease_until is not None
    assert "its outcome was not recorded" in caplog.text


@pytest.mark.parametrize("field", ["reference_id", "expires_at", "language", "context"])
def test_null_is_the_same_as_left_out(chitra, texts, field):
    body = {"phone": ASHA, "message_type": "test_news", "context": {"name": "Asha"}}
    given = chitra.post(URL, body | {field: None}, format="json")

    assert given.status_code == (400 if field == "context" else 200)  # the text needs a name
    if field == "context":
        assert "context.name" in errors(given)


@pytest.mark.parametrize("immediate", [True, False])
def test_who_asked_is_kept_with_the_message(chitra, texts, memory_provider, immediate):
    post(chitra, NEWS | {"immediate": immediate})

    assert MessageEvent.objects.get(what="asked").by == "chitra"
