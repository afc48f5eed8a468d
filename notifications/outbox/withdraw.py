"""Taking back what is no longer true: an order was cancelled, a bill was paid."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import transaction

from notifications.clock import now as clock_now
from notifications.models import Message, MessageKey, QueuedMessage, Status
from notifications.models.withdrawal import live, note_outdated, take_back
from notifications.storable import plain


def withdraw(reference: str | Collection[str], kinds: Collection[str], why: str = "") -> int:
    """Cancel what is not final of these kinds about a business row, or several. Returns how many messages it reached.

    What a worker holds at this moment is marked: it becomes `cancelled` unless the provider accepts it. What was sent
    is not sent again, should a receipt say that it did not arrive.
    """
    named = [plain(one, 100) for one in ([reference] if isinstance(reference, str) else reference)]
    with transaction.atomic():
        reached = len(_taken_back(live(**_about(named, kinds)), why))
        note_outdated(plain(why, 200), clock_now(), reference_id__in=named, kind__in=kinds)
    return reached


class Withdrawn(NamedTuple):
    """Whose message was withdrawn. Not certain: a worker holds it, and the provider may still accept it."""

    phone: str
    is_certain: bool


def withdraw_some(reference: str, kinds: Collection[str], most: int, why: str = "") -> list[Withdrawn]:
    """The same for a row that very many messages are about, some at a time, until it returns none."""
    with transaction.atomic():
        named = [plain(reference, 100)]
        rows = _taken_back(live(most, **_about(named, kinds), withdrawn=""), why)
        if not rows:  # the last time
            note_outdated(plain(why, 200), clock_now(), reference_id__in=named, kind__in=kinds)
    held = {row.pk for row in rows if row.lease_until is not None}
    found = Message.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "phone")
    return [Withdrawn(phone, pk not in held) for pk, phone in found]


def forget(keys: Collection[str]) -> None:
    """Let what has these keys be said again: for messages that were withdrawn, and that never went."""
    MessageKey.objects.filter(pk__in=keys).delete()


def _about(references: Collection[str], kinds: Collection[str]) -> dict[str, Any]:
    return {"message__reference_id__in": references, "message__kind__in": kinds}


def _taken_back(rows: list[QueuedMessage], why: str) -> list[QueuedMessage]:
    take_back(rows, Status.CANCELLED, plain(why, 200), clock_now())
    return rows
