"""When an outage begins, the tries that it used are given back; when it ends, what waited for its end is due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery

from notifications import registry
from notifications.models.history import Attempt, MessageEvent
from notifications.models.message import Message, Status
from notifications.models.queue import Held, Priority, QueuedMessage
from notifications.models.transition import Move, move
from notifications.models.withdrawal import taken_back


def give_back(message_ids: Collection[int], now: datetime, with_these: Collection[int] = ()) -> None:
    """One try to each of these. What failed by its last try waits again, what was held after it is not held.

    Call it where the outage is seen, inside that transaction. Rows that a worker holds take their tries from it.
    `with_these` are locked along, because the caller locks them next and rows are locked in id order.
    """
    rows = QueuedMessage.objects.filter(pk__in={*message_ids, *with_these}).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    waiting = QueuedMessage.objects.filter(pk__in=message_ids, lease_until=None)
    waiting.filter(tries__gt=0).update(tries=F("tries") - 1)
    window = timedelta(minutes=max(settings.NOTIFICATION_RETRY_MINUTES, default=0))  # a receipt may settle it
    held = waiting.filter(held_for=Held.UNCERTAIN).exclude(priority=Priority.MARKETING)
    held.update(held_for=None, due_at=now + window)
    _revive(message_ids, now)


def wake(now: datetime, with_these: Collection[int] = ()) -> None:
    """What was put off until the provider is there again is due now. `with_these` as in `give_back`."""
    waiting = Q(waits_for__in=("provider", "channel"), lease_until=None, due_at__gt=now)
    rows = QueuedMessage.objects.filter(waiting | Q(pk__in=with_these)).order_by("pk")
    locked = list(rows.select_for_update().values_list("pk", flat=True))
    QueuedMessage.objects.filter(waiting, pk__in=locked).update(due_at=now)


def _revive(message_ids: Collection[int], now: datetime) -> None:
    last = Attempt.objects.filter(message_id=OuterRef("pk")).order_by("-pk").values("outcome")[:1]
    over = taken_back(message_ids)
    rows = list(
        Message.objects.filter(
            pk__in=set(message_ids) - over.keys(), status=Status.FAILED, expires_at__gt=now
        )
        .annotate(last=Subquery(last))
        .filter(last=Attempt.Outcome.NOT_NOW)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    QueuedMessage.objects.bulk_create([_queued(row, now) for row in rows])
    move(Move(row.pk, Status.QUEUED, now, tries=max(row.tries - 1, 0)) for row in rows)
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=row.pk, what="given_back", detail="Its last try fell into an outage.")
        for row in rows
    )


def _queued(row: Message, now: datetime) -> QueuedMessage:
    return QueuedMessage(
        message_id=row.pk,
        priority=Priority.of(registry.get(row.kind)),
        due_at=now,
        expires_at=row.expires_at,
        waits_for="provider",
        tries=max(row.tries - 1, 0),
    )
