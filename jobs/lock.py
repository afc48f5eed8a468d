"""One worker at a job, whoever asks: an advisory lock of PostgreSQL, which frees it when its holder dies.

It belongs to the session: through a pool that hands sessions around by the transaction it would hold nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from zlib import crc32

from django.db import InterfaceError, OperationalError, connection

_JOBS = 0x0EA51B1D  # tells our locks from anybody else's in the same database

HELD = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND classid = %s AND objid = %s
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
"""


@contextlib.contextmanager
def only_worker(code: str) -> Iterator[bool]:
    """Yields whether this is the only worker at the job `code`; held by the session, across transactions."""
    key = _key(code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (_JOBS, key))
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            _free(key)


def is_held(code: str) -> bool:
    """Whether a worker is at the job, this moment."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, (_unsigned(_JOBS), _unsigned(_key(code))))
        return bool(cursor.fetchone()[0])


def _key(code: str) -> int:
    return crc32(code.encode()) - 2**31


def _unsigned(key: int) -> int:
    """As pg_locks shows it."""
    return key % 2**32


def _free(key: int) -> None:
    # A connection that is gone took its locks with it.
    with contextlib.suppress(InterfaceError, OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", (_JOBS, key))
