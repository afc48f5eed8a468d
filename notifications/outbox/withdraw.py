"""Taking back what is no longer true: an order was cancelled, a bill was paid."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from notifications.clock import now as clock_now
from notifications.models import Status
from notifications.models.withdrawal import live, take_back
from notifications.storable import plain


def withdraw(reference: str, kinds: Collection[str], why: str = "", *, most: int | None = None) -> int:
    """Cancel what is not final of these kinds about one business row. Returns how many messages it reached.

    What a worker holds at this moment is marked: it becomes `cancelled` unless the provider accepts it.
    most    at most so many, of those that are not marked yet: again and again until it returns 0, for a row that
            very many messages are about
    """
    with transaction.atomic():
        whose = {"message__reference_id": plain(reference, 100), "message__kind__in": kinds}
        rows = live(**whose) if most is None else live(most, **whose, withdrawn="")
        take_back(rows, Status.CANCELLED, plain(why, 200), clock_now())
    return len(rows)
