"""Many rows as one parameter.

psycopg quotes arrays element by element in Python, which cost more than all else the engine's main thread
did; the json module writes the same rows in C, and PostgreSQL reads them with `json_to_recordset`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime


def records(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as the JSON that `json_to_recordset(%s) AS r(name type, …)` reads. Moments become ISO texts."""
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=_moment)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored in a batch")


def numbers(values: Iterable[int]) -> str:
    """Integers as the literal of an array: `%s::bigint[]`."""
    return "{" + ",".join(map(str, values)) + "}"
