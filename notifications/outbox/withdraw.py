"""Taking back what is no longer true: an order was cancelled, a bill was paid."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from notifications.clock import now as clock_now
from notifications.models import Status
from notifications.models.withdrawal import live, take_back
from notifications.storable import plain


def withdraw(reference: str | Collection[str], kinds: Collection[str], why: str = "") -> int:
    """Cancel what is not final of these kinds about a business row, or several. Returns how many messages it reached.

    What a worker holds at this moment is marked: it becomes `cancelled` unless the provider accepts it.
    """
    about = [reference] if isinstance(reference, str) else reference
    with transaction.atomic():
        rows = live(message__reference_id__in=[plain(one, 100) for one in about], message__kind__in=kinds)
        take_back(rows, Status.CANCELLED, plain(why, 200), clock_now())
    return len(rows)
