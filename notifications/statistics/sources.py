"""Where counts come from, in SQL: each of these selects day, kind, status, bucket, count, milliseconds, cost.

Days by `%(first)s` and `%(last)s`, both included.
"""

from notifications.models.statistics import BUCKET_SQL, DAY_SQL, MILLISECONDS_SQL, TOOK, TOOK_SQL

_COLUMNS = "day, kind, status, bucket, count, milliseconds, cost"
_DAYS = "day BETWEEN %(first)s AND %(last)s"

# One statement for both: what `fold` moves from one to the other is then seen in one of them, and once.
ROLL_UP = f"""
SELECT {_COLUMNS} FROM notifications_statuscount WHERE {_DAYS}
UNION ALL
SELECT {_COLUMNS} FROM notifications_statuschange WHERE {_DAYS}
"""  # noqa: S608


def _log(and_where: str = "") -> str:
    """The same by counting messages, one row (or, where it was ever accepted, two) for each.

    With one column more: the exact `seconds` it took.
    """
    return f"""
SELECT day, kind, step.* FROM (
    SELECT {DAY_SQL} AS day, m.kind, m.status, {TOOK_SQL} AS took, m.cost AS paid FROM notifications_message m
    WHERE m.created_at >= (%(first)s::date)::timestamp AT TIME ZONE 'Asia/Kolkata'
    AND m.created_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'Asia/Kolkata' AND NOT m.is_test {and_where}
) AS m, LATERAL (
    VALUES (status, -1, 1, 0, 0, NULL), ('{TOOK}', {BUCKET_SQL}, 1, {MILLISECONDS_SQL}, coalesce(paid, 0), took)
) AS step (status, bucket, count, milliseconds, cost, seconds)
WHERE bucket IS NOT NULL
"""  # noqa: S608


LOG_OF_ALL = _log()
LOG_OF_PHONES = _log("AND m.phone = ANY(%(phones)s::text[])")
