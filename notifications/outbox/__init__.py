"""THE door for other apps: record that a customer is to be told something, or that it is no longer true.

Everything here belongs in the transaction of the business row it is about. Nothing here raises for bad
content: a bad number, a missing variable, a broken or disabled text, an opted-out customer become a message
that is `failed` or `suppressed`, with a reason that staff can read.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from notifications import nudge
from notifications.clock import now as clock_now
from notifications.models import Message, Status
from notifications.outbox.compose import Draft, Item, Writer, language_of
from notifications.outbox.consent import opt_in
from notifications.outbox.preview import Wording, preview, price, wordings
from notifications.outbox.record import record
from notifications.outbox.trial import NotForTests, queue_test
from notifications.outbox.withdraw import forget, withdraw, withdraw_some

__all__ = [
    "Item",
    "NotForTests",
    "Wording",
    "forget",
    "language_of",
    "opt_in",
    "preview",
    "price",
    "queue",
    "queue_chunk",
    "queue_drafts",
    "queue_many",
    "queue_test",
    "withdraw",
    "withdraw_some",
    "wordings",
]

CHUNK = 1000


def queue(
    kind: str,
    *,
    to: str,
    variables: Mapping[str, object],
    reference: str = "",
    key: str | None = None,
    at: datetime | None = None,
    expires_at: datetime | None = None,
    language: str | None = None,
    once: str | None = None,
) -> Message:
    """Record one message.

    to          the number, in any form people type
    variables   raw values by name; an ISO date is a date
    reference   the business row, `order_77`: what staff and the API search by
    key         the business event, `order_confirmation:77`; a second message with a key changes nothing, and
                the first one is returned
    at          not before; expires_at: worthless after (default: what the kind says)
    language    the customer record's; the number's own preference goes first
    once        what is to be said only once, `delivery_confirmed:customer-7:2026-12-01`. The first message that may
                go holds it; those after it are recorded as `suppressed` (`covered`), under their own reference, and
                name the first one's. It stays the first one's though that may fail or be cancelled before it
                reached anybody: then the customer is told nothing
    """
    item = Item(to, variables, reference, key, at, expires_at, language, once)
    now = clock_now()
    drafts = Writer(kind, [item], now).drafts()
    message_id = record(drafts)[0]
    if message_id != drafts[0].message_id:
        # A key outlives the log: what is left of a message that was forgotten is its id.
        forgotten = Message(pk=message_id, kind=drafts[0].kind, phone=drafts[0].phone, status=Status.EXPIRED)
        return Message.objects.filter(pk=message_id).first() or forgotten
    nudge.on_commit()
    return drafts[0].message()


def queue_many(kind: str, items: Iterable[Item]) -> int:
    """Record many messages of one kind, in flat memory. Returns how many are new (not known by their key),
    those included that another one covers (`once`).

    Each chunk of 1,000 is a transaction of its own, unless the caller has one open.
    """
    iterator, new = iter(items), 0
    while chunk := list(itertools.islice(iterator, CHUNK)):
        new += sum(draft is not None for draft in _recorded(kind, chunk))
    return new


def queue_chunk(kind: str, items: Sequence[Item]) -> list[Message | None]:
    """One chunk, of at most 1,000: the new messages in order, None where the key was known.

    For who has to know what became of each; their status is "queued", or why not is said with it.
    """
    return [draft.message() if draft else None for draft in _recorded(kind, items)]


def _recorded(kind: str, chunk: Sequence[Item]) -> list[Draft | None]:
    drafts = Writer(kind, chunk, clock_now()).drafts()
    ids = record(drafts)
    nudge.on_commit()
    return [
        draft if message_id == draft.message_id else None
        for message_id, draft in zip(ids, drafts, strict=True)
    ]


def queue_drafts(drafts: Sequence[Draft]) -> list[Message]:
    """Record drafts of any kinds, without keys, in one statement. Returns their messages, in order."""
    if drafts:
        record(drafts)
        nudge.on_commit()
    return [draft.message() for draft in drafts]
