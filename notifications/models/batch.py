"""Many rows as one parameter per column.

psycopg quotes arrays element by element in Python, which cost more than all else the engine's main thread
did. The json module writes a column in C, and PostgreSQL zips the columns back into rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime


class Batch:
    """Rows of known columns, for SQL: `Batch("w", id="bigint", status="text")`.

    `sql` stands in a FROM as a table of that name; `parameters(rows)` are its named parameters.
    """

    def __init__(self, name: str, **columns: str) -> None:
        self._keys = [f"{name}_{column}" for column in columns]
        casts = ", ".join(f"{column}::{kind} AS {column}" for column, kind in columns.items())
        parts = ", ".join(f"json_array_elements_text(%({key})s)" for key in self._keys)
        self.sql = f"(SELECT {casts} FROM ROWS FROM ({parts}) AS r({', '.join(columns)})) AS {name}"  # noqa: S608

    def parameters(self, rows: Iterable[Sequence[object]]) -> dict[str, str]:
        """The rows' columns by parameter name. There must be at least one row."""
        return dict(zip(self._keys, map(_column, zip(*rows, strict=True)), strict=True))


def _column(values: Sequence[object]) -> str:
    if isinstance(values[0], datetime):
        return json.dumps(_moments(values))
    return json.dumps(values)


def _moments(values: Sequence[object]) -> list[str]:
    """ISO texts; most rows of a batch share one moment, which is written once."""
    known: dict[object, str] = {}
    return [known.get(value) or known.setdefault(value, value.isoformat()) for value in values]  # type: ignore[attr-defined]


def numbers(values: Iterable[int]) -> str:
    """Integers as the literal of an array: `%s::bigint[]`."""
    return "{" + ",".join(map(str, values)) + "}"
