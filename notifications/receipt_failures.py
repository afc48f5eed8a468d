"""`message.failed`: WhatsApp could not deliver what MyOperator had accepted. Goes through the same table as an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from notifications import schedule
from notifications.models import (
    Attempt,
    Message,
    MessageEvent,
    Move,
    NotificationPreference,
    Priority,
    QueuedMessage,
    Status,
    WebhookEvent,
    move,
)
from notifications.providers import meta
from notifications.providers.base import Failure, NotNow, TooFast

UNREACHABLE = "131026"
STOPPED_OFFERS = "131050"


def apply(event: WebhookEvent, attempt: Attempt, now: datetime) -> None:
    """Counts only for the latest attempt, and never against a message that was received."""
    if Attempt.objects.filter(message_id=attempt.message_id, pk__gt=attempt.pk).exists():
        return
    queued = QueuedMessage.objects.select_for_update().filter(pk=attempt.message_id).first()
    if queued is not None and queued.lease_until is not None:
        return
    message = Message.objects.select_for_update().get(pk=attempt.message_id)
    if message.status not in {Status.SENT, Status.UNCERTAIN}:
        return
    failure = _failure(event.payload)
    if queued is not None:
        queued.delete()
    _mark_person(message.phone, failure.code, now)
    _follow(message, failure, now)


def _follow(message: Message, failure: Failure, now: datetime) -> None:
    due_at = _again_at(message, failure, now)
    to = Status.RETRYING if due_at else Status.FAILED
    move([Move(message.pk, to, now, code=failure.code, error=failure.words)])
    MessageEvent.objects.create(message_id=message.pk, what="failed_later", detail=failure.words)
    if due_at:
        QueuedMessage.objects.create(
            message_id=message.pk,
            priority=Priority.UTILITY,
            due_at=due_at,
            expires_at=message.expires_at,
            tries=message.tries,
            waits_for="retry",
        )


def _again_at(message: Message, failure: Failure, now: datetime) -> datetime | None:
    if not isinstance(failure, NotNow | TooFast):
        return None
    due_at = schedule.next_try(max(message.tries, 1), settings.NOTIFICATION_RETRY_MINUTES, now, lambda: 0.0)
    if due_at is not None and failure.retry_after:
        due_at = max(due_at, now + timedelta(seconds=failure.retry_after))
    return due_at if due_at and due_at < message.expires_at else None


def _mark_person(phone: str, code: str, now: datetime) -> None:
    if code == UNREACHABLE:
        NotificationPreference.objects.update_or_create(phone=phone, defaults={"unreachable_at": now})
    elif code == STOPPED_OFFERS:
        NotificationPreference.objects.update_or_create(phone=phone, defaults={"marketing_opt_in_at": None})


def _failure(document: Any) -> Failure:
    """Where Meta's code stands is not published: every place that was seen is looked at."""
    for error in _errors(document):
        code = error.get("code")
        if isinstance(code, int) or (isinstance(code, str) and code.isdecimal()):
            words = str(error.get("title") or error.get("message") or "")
            return meta.failure(int(code), words)
    return meta.failure(-1, "WhatsApp could not deliver it and did not say why.")


def _errors(document: Any) -> Iterator[dict[str, Any]]:
    payload = document.get("payload") if isinstance(document, dict) else None
    payload = payload if isinstance(payload, dict) else {}
    metadata = payload.get("metadata")
    found = [
        metadata.get("errors") if isinstance(metadata, dict) else None,
        payload.get("errors"),
        payload.get("error"),
    ]
    for part in found:
        for error in part if isinstance(part, list) else [part]:
            if isinstance(error, dict):
                yield error
