"""Keeping events of several requests in one statement.

A burst comes on many connections at once. While one thread's INSERT is on its way the others' events gather, and
the next thread takes them all: a commit each would be most of the work there is.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, connection

from notifications.models.batch import Batch


class Row(NamedTuple):
    """An event as it is kept: texts that PostgreSQL can hold, the payload as JSON."""

    event_id: str
    event_type: str
    payload: str
    received_at: datetime


_ROWS = Batch("w", event_id="text", event_type="text", payload="jsonb", received_at="timestamptz")
_KEEP = f"""
INSERT INTO notifications_webhookevent (event_id, event_type, payload, received_at, due_at, tries, result)
SELECT event_id, event_type, payload, received_at, received_at, 0, '' FROM {_ROWS.sql}
ON CONFLICT (event_id) DO NOTHING
"""  # noqa: S608


@dataclass(eq=False, slots=True)
class _Waiting:
    row: Row
    kept: bool = False


@dataclass
class _Door:
    """One process's. Who holds `turn` writes for all who wait; where that fails, each writes for itself."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[_Waiting] = field(default_factory=list)
    _list: threading.Lock = field(default_factory=threading.Lock)  # held for the list alone

    def keep(self, row: Row) -> None:
        mine = _Waiting(row)
        with self._list:
            self.waiting.append(mine)
        with self.turn:
            if not mine.kept:
                self._write_with_others(mine)

    def _write_with_others(self, mine: _Waiting) -> None:
        with self._list:
            together, self.waiting = {mine, *self.waiting}, []
        try:
            _write([one.row for one in together])
        except (DatabaseError, InterfaceError):
            together = {mine}
            _write([mine.row])
        for one in together:
            one.kept = True


_door = _Door()


def keep(row: Row) -> None:
    """Keep an event once; returns when it is committed. Raises DatabaseError or InterfaceError.

    Not inside a transaction: others' events are written with it.
    """
    _door.keep(row)


def _write(rows: Sequence[Row]) -> None:
    """In the order of their ids: two processes that are sent the same events do not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, _ROWS.parameters(sorted(rows)))
