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

WRITERS = 1  # at once, in one process


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
    """One thread's events. `call` opens when they are kept, or when the thread has to write."""

    rows: Sequence[Row]
    call: threading.Lock = field(default_factory=threading.Lock)
    kept: bool = False

    def __post_init__(self) -> None:
        self.call.acquire()


@dataclass
class _Door:
    """One process's. At most `WRITERS` threads write, each for all who wait; whoever comes meanwhile waits."""

    waiting: list[_Waiting] = field(default_factory=list)
    writing: int = 0
    _list: threading.Lock = field(default_factory=threading.Lock)  # held for these two alone

    def keep(self, rows: Sequence[Row]) -> None:
        mine = _Waiting(rows)
        if not self._may_write(mine):
            mine.call.acquire()
        if mine.kept:
            return
        try:
            self._write_with_others(mine)
        finally:
            self._next()

    def _may_write(self, mine: _Waiting) -> bool:
        with self._list:
            if self.writing < WRITERS:
                self.writing += 1
                return True
            self.waiting.append(mine)
            return False

    def _next(self) -> None:
        """Who waits longest writes now."""
        with self._list:
            if self.waiting:
                self.waiting.pop(0).call.release()
            else:
                self.writing -= 1

    def _write_with_others(self, mine: _Waiting) -> None:
        with self._list:
            others, self.waiting = self.waiting, []
        written = False
        try:
            _write([*mine.rows, *(row for one in others for row in one.rows)])
            written = True
        except (DatabaseError, InterfaceError):
            # One of them cannot be kept, or the connection is gone: each writes for itself, this one first.
            _write(mine.rows)
        finally:
            self._tell(others, written)

    def _tell(self, others: list[_Waiting], written: bool) -> None:
        if not written:
            with self._list:
                self.waiting = [*others, *self.waiting]
            return
        for one in others:
            one.kept = True
            one.call.release()


_door = _Door()


def keep(*rows: Row) -> None:
    """Keep events once each; returns when all are committed. Raises DatabaseError or InterfaceError.

    Not inside a transaction: others' events are written with it.
    """
    _door.keep(rows)


def _write(rows: Sequence[Row]) -> None:
    """In the order of their ids: two processes that are sent the same events do not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, _ROWS.parameters(sorted(rows)))
