"""Pages of the log by cursor: a page deep in ten million messages costs what the first one does."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from notifications.models import Message

_WRITTEN = re.compile(r"([np]) ([0-9T:.+-]{10,40}) ([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two messages: after (older than) this one, or `backwards`, before it."""

    at: datetime
    id: int
    backwards: bool = False

    @classmethod
    def beside(cls, message: Message, *, backwards: bool = False) -> Cursor:
        return cls(message.created_at, message.pk, backwards)

    @classmethod
    def read(cls, text: str) -> Cursor:
        """A cursor as `str` wrote it. Raises ValueError."""
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
        found = _WRITTEN.fullmatch(plain)
        at = datetime.fromisoformat(found[2]) if found else None
        if not found or at is None or at.tzinfo is None:
            raise ValueError("not a cursor")
        return cls(at.astimezone(UTC), int(found[3]), found[1] == "p")

    def __str__(self) -> str:
        plain = f"{'p' if self.backwards else 'n'} {self.at.astimezone(UTC).isoformat()} {self.id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages, the newest first, and where the ones beside them are."""

    messages: Sequence[Message]
    next: Cursor | None
    previous: Cursor | None


def page(
    rows: QuerySet[Message], phones: Collection[str] | None, cursor: Cursor | None, skip: int, limit: int
) -> Page:
    """One page of these rows. `phones` None means every number; `skip` counts from the newest, or the cursor."""
    found = _window(rows, phones, cursor, skip, limit + 1)
    more, shown = len(found) > limit, found[:limit]
    if cursor and cursor.backwards:
        shown.reverse()
    if not shown:
        return Page([], None, None)
    older = more or bool(cursor and cursor.backwards)
    newer = skip > 0 or (more if cursor and cursor.backwards else cursor is not None)
    return Page(
        shown,
        Cursor.beside(shown[-1]) if older else None,
        Cursor.beside(shown[0], backwards=True) if newer else None,
    )


def _window(
    rows: QuerySet[Message], phones: Collection[str] | None, cursor: Cursor | None, skip: int, most: int
) -> list[Message]:
    """Each number is read along its own index and the few rows are merged: `IN` would sort all of them."""
    parts = [rows] if phones is None else [rows.filter(phone=phone) for phone in sorted(phones)]
    tops = [_beside(part, cursor)[: skip + most] for part in parts]
    if len(tops) < 2:
        return list(tops[0][skip:]) if tops else []
    return list(tops[0].union(*tops[1:], all=True).order_by(*_order(cursor))[skip : skip + most])


def _beside(rows: QuerySet[Message], cursor: Cursor | None) -> QuerySet[Message]:
    if cursor is None:
        return rows.order_by(*_order(None))
    way = "gt" if cursor.backwards else "lt"
    # The first condition bounds the index scan, the second drops the few of the same microsecond.
    near = rows.filter(**{f"created_at__{way}e": cursor.at})
    return near.exclude(
        **{"created_at": cursor.at, f"id__{'lt' if way == 'gt' else 'gt'}e": cursor.id}
    ).order_by(*_order(cursor))


def _order(cursor: Cursor | None) -> Iterable[str]:
    return ("created_at", "id") if cursor and cursor.backwards else ("-created_at", "-id")
