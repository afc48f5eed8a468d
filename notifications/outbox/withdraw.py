"""Taking back what is no longer true: an order was cancelled, a bill was paid."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from notifications.clock import now as clock_now
from notifications.models import MessageEvent, Move, QueuedMessage, Status, move
from notifications.storable import plain


def withdraw(reference: str, kinds: Collection[str], why: str = "") -> int:
    """Cancel what is not final of these kinds about one business row. Returns how many messages it reached.

    What a worker holds at this moment is marked: it becomes `cancelled` unless the provider accepts it.
    """
    reference, why = plain(reference, 100), plain(why, 200)
    with transaction.atomic():
        rows = list(
            QueuedMessage.objects.select_for_update(of=("self",))
            .filter(message__reference_id=reference, message__kind__in=kinds)
            .order_by("message_id")
        )
        cancel([row for row in rows if row.lease_until is None], Status.CANCELLED, why)
        QueuedMessage.objects.filter(pk__in=[row.pk for row in rows if row.lease_until is not None]).update(
            withdrawn=Status.CANCELLED, withdrawn_why=why
        )
    return len(rows)


def cancel(rows: Collection[QueuedMessage], to: Status, why: str) -> None:
    """End locked, unleased queue rows as `to`."""
    now = clock_now()
    ids = [row.pk for row in rows]
    QueuedMessage.objects.filter(pk__in=ids).delete()
    move([Move(pk, to, now, code="withdrawn", error=why) for pk in ids])
    MessageEvent.objects.bulk_create([MessageEvent(message_id=pk, what=to, detail=why) for pk in ids])
