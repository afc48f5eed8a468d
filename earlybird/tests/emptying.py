"""Taking away what a test has committed, in a few milliseconds.

Django truncates every table, which makes new files of all of them and their indexes, and then lets every app install
anew what it installs: a quarter of a second, after each of thousands of tests. Here that is done once; what was
installed is kept in a schema beside, and put back after every other test.
"""

from collections.abc import Callable

from django.db import connection, transaction
from django.test import TransactionTestCase

LARGE = 1_000_000  # bytes. A table that a test filled is not emptied row by row: its dead rows would slow the next

_by_django: Callable[[TransactionTestCase], None] = TransactionTestCase._fixture_teardown


def quickly() -> None:
    """Let all tests of this process that commit be cleaned up after so."""
    kept: dict[str, list[str]] = {}

    def teardown(case: TransactionTestCase) -> None:
        if not kept or _is_large():
            _by_django(case)
            kept.update(
                _keep()
            )  # anew: content types, which Django remembers by their number, have other ones now
        else:
            _empty(kept)

    TransactionTestCase._fixture_teardown = teardown


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _is_large() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(pg_relation_size(oid)), 0) FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname = ANY(%s)",
            [_tables()],
        )
        return cursor.fetchone()[0] > LARGE


def _keep() -> dict[str, list[str]]:
    """By table that has rows now, its columns."""
    kept = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept")
        for table in _tables():
            cursor.execute(f'CREATE TABLE kept."{table}" AS SELECT * FROM public."{table}"')
            if cursor.rowcount:
                kept[table] = [
                    column.name for column in connection.introspection.get_table_description(cursor, table)
                ]
    return kept


def _empty(kept: dict[str, list[str]]) -> None:
    """In one transaction: the keys that point from table to table are compared at its end."""
    steps = [f'DELETE FROM public."{table}"' for table in _tables()]
    for table, columns in kept.items():
        named = ", ".join(f'"{column}"' for column in columns)
        steps.append(f'INSERT INTO public."{table}" ({named}) SELECT {named} FROM kept."{table}"')
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(steps))
