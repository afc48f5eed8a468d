"""Folding the changes that the transition function appends into one count per day, kind and status."""

from __future__ import annotations

from django.db import connection, transaction

_FOLD = """
WITH gone AS (
    DELETE FROM notifications_statuschange WHERE id IN (
        SELECT id FROM notifications_statuschange ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING day, kind, status, bucket, count, milliseconds
), folded AS (
    INSERT INTO notifications_statuscount AS total (day, kind, status, bucket, count, milliseconds)
    SELECT day, kind, status, bucket, sum(count), sum(milliseconds) FROM gone
    GROUP BY day, kind, status, bucket ORDER BY day, kind, status, bucket
    ON CONFLICT (day, kind, status, bucket) DO UPDATE
    SET count = total.count + excluded.count, milliseconds = total.milliseconds + excluded.milliseconds
)
SELECT count(*) FROM gone
"""

CHUNK = 50_000
LOCK = 7_401_001  # advisory: one folder at a time, so that nobody waits


def fold() -> int:
    """Add the pending changes into the counts. Returns how many there were; 0 where another folds now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, [CHUNK])
        return int(cursor.fetchone()[0])
