"""What a worker brings that lost its lease: an acceptance settles an uncertainty, the rest changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications.models import Attempt, Message, MessageEvent, Move, QueuedMessage, Status, move
from notifications.models.erasure import is_erased
from notifications.outcomes import Answered


def keep(answers: Sequence[Answered], now: datetime) -> None:
    """Keep late acceptances as attempts, and settle the messages that were uncertain because of them."""
    accepted = [answer for answer in answers if answer.accepted is not None]
    for answer in sorted(accepted, key=lambda a: a.claimed.message_id):
        _keep_one(answer, now)


def _keep_one(answer: Answered, now: datetime) -> None:
    row, provider_id = answer.claimed, answer.accepted and answer.accepted.provider_message_id
    if _is_erased(row.message_id):
        provider_id = None
    if provider_id and Attempt.objects.filter(provider_message_id=provider_id).exclude(pk=row.token).exists():
        provider_id = None
    Attempt.objects.update_or_create(
        pk=row.token,
        defaults={
            "message_id": row.message_id,
            "number": answer.number,
            "outcome": Attempt.Outcome.ACCEPTED,
            "milliseconds": answer.milliseconds,
            "provider_message_id": provider_id or None,
            "code": "",
            "detail": "The answer came after the lease had ended.",
            "created_at": now,
        },
    )
    settle(row.message_id, Status.SENT, now)
    MessageEvent.objects.create(message_id=row.message_id, what="late_answer", detail="accepted")


def _is_erased(message_id: int) -> bool:
    """The provider's id may have the number in it."""
    phone = Message.objects.filter(pk=message_id).values_list("phone", flat=True).first()
    return phone is not None and is_erased(phone)


def settle(message_id: int, status: Status, now: datetime) -> bool:
    """Proof that a message was accepted ends its wait. While it is sent again just now, it is marked: whatever
    comes back, it is not tried a third time.
    """
    queued = QueuedMessage.objects.select_for_update().filter(pk=message_id).first()
    if queued is not None and queued.lease_until is not None:
        queued.withdrawn, queued.withdrawn_why = status, "accepted after all"
        queued.save(update_fields=("withdrawn", "withdrawn_why"))
        return False
    if queued is not None:
        queued.delete()
    return bool(move([Move(message_id, status, now)]))
