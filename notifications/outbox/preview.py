"""What would become of messages, without recording any: for whoever wants to know before they start."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from notifications import cost
from notifications.clock import now as clock_now
from notifications.models import MessageKey, Status
from notifications.outbox.compose import Draft, Item, Writer

CHUNK = 1000


def preview(kind: str, items: Iterable[Item]) -> Counter[str]:
    """How many of these would be queued (""), and how many not, by the code of the reason.

    Each is written as `queue_many` would write it, in chunks. `known`: its key was used already.
    """
    iterator, found = iter(items), Counter[str]()
    while chunk := list(itertools.islice(iterator, CHUNK)):
        drafts = Writer(kind, chunk, clock_now()).drafts()
        known = _known(drafts)
        found.update("known" if draft.key in known else _code(draft) for draft in drafts)
    return found


def price(kind: str) -> Decimal:
    """Rupees for one message of this kind that MyOperator accepts."""
    return cost.price(kind)


def _known(drafts: list[Draft]) -> set[str]:
    keys = [draft.key for draft in drafts if draft.key]
    return set(MessageKey.objects.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def _code(draft: Draft) -> str:
    return "" if draft.status == Status.QUEUED else draft.code
