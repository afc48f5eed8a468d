"""Numbers that people read, in the order they are taken, never twice: `EB-20261122-0042`."""

from django.db import connection

_TAKE = """
INSERT INTO orders_count AS count (prefix, last) VALUES (%s, %s)
ON CONFLICT (prefix) DO UPDATE SET last = count.last + excluded.last RETURNING last
"""


def take(prefix: str, how_many: int = 1) -> int:
    """The first of a block of `how_many` numbers after `prefix`; nobody else is given one of them.

    The prefix's row is locked until the transaction ends: take late in it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [prefix, how_many])
        return cursor.fetchone()[0] - how_many + 1
