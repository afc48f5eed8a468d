"""Messages with attempts, and events about them as the webhook keeps them."""

import copy
from datetime import timedelta
from itertools import count

from django.utils import timezone

from notifications import receipts
from notifications.models import Attempt, Message, QueuedMessage, WebhookEvent
from notifications.tests import samples
from notifications.tests.conftest import ASHA

ID = "0b0f7a52-0a4e-4d6b-8f0c-5b8a1d2c3e4f"  # the samples' message
_numbers = count(1)


def message_of(status="sent", phone=ASHA, kind="test_news", text="Hello Asha", tries=1, **more):
    now = timezone.now()
    times = {"sent_at": now} if status in {"sent", "delivered", "read"} else {}
    return Message.objects.create(
        phone=phone, kind=kind, text=text, status=status, tries=tries, created_at=now,
        expires_at=now + timedelta(days=2), **times, **more,
    )  # fmt: skip


def attempt_of(message, provider_id=ID, outcome="accepted", number=1):
    return Attempt.objects.create(
        message_id=message.pk, number=number, outcome=outcome, provider_message_id=provider_id
    )


def queued_of(message, **more):
    defaults = {
        "priority": 1,
        "due_at": timezone.now(),
        "expires_at": message.expires_at,
        "tries": message.tries,
    }
    return QueuedMessage.objects.create(message=message, **(defaults | more))


def sent_message(**more):
    message = message_of(**more)
    attempt_of(message)
    return message


def uncertain_message(provider_id=None, **more):
    """One that may have been sent: its attempt is uncertain, and it waits to be sent again."""
    message = message_of("uncertain", **more)
    attempt = attempt_of(message, provider_id, "uncertain")
    queued_of(message, waits_for="receipt", due_at=timezone.now() + timedelta(minutes=5))
    return message, attempt


def report(kind="delivered", provider_id=ID, codes=None, **payload):
    """Keep one event as the webhook would; `codes` are Meta's, where it failed."""
    event = copy.deepcopy(samples.document("webhook_delivered"))
    event["event_type"] = f"message.{kind}"
    event["payload"] |= {"id": provider_id, "status": kind} | payload
    if codes:
        event["payload"]["metadata"] = {"errors": [{"code": code, "title": "No"} for code in codes]}
    return keep(event)


def keep(payload, kind=None):
    now = timezone.now()
    return WebhookEvent.objects.create(
        event_id=f"e-{next(_numbers)}",
        event_type=kind or payload.get("event_type", ""),
        payload=payload,
        received_at=now,
        due_at=now,
    )


def apply(later=0.0):
    return receipts.apply_waiting(timezone.now() + timedelta(seconds=later))


def status(message):
    message.refresh_from_db()
    return message.status


def result(event):
    event.refresh_from_db()
    return event.result
