"""Keeping the roll-up: adding the pending changes into it, and counting a day anew from the log."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

from notifications.statistics.sources import LOG_OF_ALL, ROLL_UP

_FOLD = """
WITH gone AS (
    DELETE FROM notifications_statuschange WHERE id IN (
        SELECT id FROM notifications_statuschange ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING day, kind, status, bucket, count, milliseconds, cost
), folded AS (
    INSERT INTO notifications_statuscount AS total (day, kind, status, bucket, count, milliseconds, cost)
    SELECT day, kind, status, bucket, sum(count), sum(milliseconds), sum(cost) FROM gone
    GROUP BY day, kind, status, bucket ORDER BY day, kind, status, bucket
    ON CONFLICT (day, kind, status, bucket) DO UPDATE
    SET count = total.count + excluded.count, milliseconds = total.milliseconds + excluded.milliseconds,
        cost = total.cost + excluded.cost
)
SELECT count(*) FROM gone
"""

CHUNK = 50_000
LOCK = 7_401_001  # advisory: one at a time changes the counts, so that nobody waits


def fold() -> int:
    """Add the pending changes into the counts. Returns how many there were; 0 where another folds now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, [CHUNK])
        return int(cursor.fetchone()[0])


_SUM = """SELECT day, kind, status, bucket, sum(count)::bigint AS count, sum(milliseconds)::bigint AS milliseconds,
    sum(cost) AS cost
    FROM ({rows}) AS rows GROUP BY day, kind, status, bucket"""

_RECOUNT = f"""
WITH log AS MATERIALIZED (
    {_SUM.format(rows=LOG_OF_ALL)}
), kept AS MATERIALIZED (
    {_SUM.format(rows=ROLL_UP)}
), gone AS (
    DELETE FROM notifications_statuschange WHERE day BETWEEN %(first)s AND %(last)s
), dropped AS (
    DELETE FROM notifications_statuscount old WHERE day BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
        SELECT FROM log WHERE (log.day, log.kind, log.status, log.bucket) = (old.day, old.kind, old.status, old.bucket)
    )
), written AS (
    INSERT INTO notifications_statuscount (day, kind, status, bucket, count, milliseconds, cost)
    SELECT day, kind, status, bucket, count, milliseconds, cost FROM log
    ON CONFLICT (day, kind, status, bucket) DO UPDATE
    SET count = excluded.count, milliseconds = excluded.milliseconds, cost = excluded.cost
)
SELECT day, kind, status, bucket, kept.count, kept.milliseconds, kept.cost, log.count, log.milliseconds, log.cost
FROM kept FULL JOIN log USING (day, kind, status, bucket)
WHERE (coalesce(kept.count, 0), coalesce(kept.milliseconds, 0), coalesce(kept.cost, 0))
    <> (coalesce(log.count, 0), coalesce(log.milliseconds, 0), coalesce(log.cost, 0))
ORDER BY kind, status, bucket
"""  # noqa: S608


class Mended(NamedTuple):
    """A count that was wrong. `bucket` is -1 but for the time it took; what was not there is None."""

    day: date
    kind: str
    status: str
    bucket: int
    was: int | None
    was_milliseconds: int | None
    was_cost: Decimal | None
    now: int | None
    now_milliseconds: int | None
    now_cost: Decimal | None


def recount(day: date) -> list[Mended]:
    """Count the messages queued on this day (IST) anew, from the log. Returns what was wrong; writes the rest too.

    Messages may move meanwhile, and wait for nothing: whoever moves one appends its change in the same
    transaction, so this one statement, with its one snapshot, sees both or neither. It counts the messages it
    sees and deletes the changes it sees; those it does not see are folded into the new counts later. Only a
    fold, which takes changes away, must not run at the same time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(_RECOUNT, _span(day))
        return [Mended(*row) for row in cursor.fetchall()]


def _span(day: date) -> dict[str, Any]:
    return {"first": day, "last": day}
