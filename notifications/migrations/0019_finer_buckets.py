"""The time to send is kept in 81 buckets, each a fifth wide; there were 16. Counts it anew from the log, by days.

The rows of old buckets cannot be divided, and without them the averages and the cost would be missing until somebody
thought of `manage.py recount`. The log is complete (nothing prunes it) and found by its index on the time, so each
day is one short transaction that no sender waits for: a minute or two for ten million messages; broken off, it is run
again. What workers of the old version still count meanwhile is put right by `manage.py recount` of that day.
"""

from django.db import migrations, transaction

OLD = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 14400.0, 86400.0)
NEW = tuple(round(0.05 * (86400 / 0.05) ** (n / 79), 6) for n in range(80))
LOCK = 7_401_001  # advisory, the one of `statistics.fold`

DAYS = """
SELECT day FROM notifications_statuscount WHERE status = 'took'
UNION SELECT day FROM notifications_statuschange WHERE status = 'took' ORDER BY day
"""

# One statement, one snapshot: of a message that moves meanwhile it sees the row and the change, or neither.
RECOUNT = """
WITH log AS MATERIALIZED (
    SELECT kind, width_bucket(seconds::float8, %(bounds)s::float8[]) AS bucket, count(*) AS count,
        sum(round(seconds * 1000)::bigint) AS milliseconds, sum(cost) AS cost
    FROM (
        SELECT kind, greatest(extract(epoch FROM sent_at - created_at), 0) AS seconds, coalesce(cost, 0) AS cost
        FROM notifications_message WHERE sent_at IS NOT NULL
        AND created_at >= %(day)s::date::timestamp AT TIME ZONE 'Asia/Kolkata'
        AND created_at < (%(day)s::date + 1)::timestamp AT TIME ZONE 'Asia/Kolkata'
    ) AS accepted GROUP BY kind, bucket
), pending AS (
    DELETE FROM notifications_statuschange WHERE day = %(day)s AND status = 'took'
), dropped AS (
    DELETE FROM notifications_statuscount old WHERE day = %(day)s AND status = 'took' AND NOT EXISTS (
        SELECT FROM log WHERE (log.kind, log.bucket) = (old.kind, old.bucket)
    )
)
INSERT INTO notifications_statuscount (day, kind, status, bucket, count, milliseconds, cost)
SELECT %(day)s, kind, 'took', bucket, count, milliseconds, cost FROM log
ON CONFLICT (day, kind, status, bucket) DO UPDATE
SET count = excluded.count, milliseconds = excluded.milliseconds, cost = excluded.cost
"""


def counted_by(bounds):
    def count(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(DAYS)
            for (day,) in cursor.fetchall():
                with transaction.atomic(using=schema_editor.connection.alias):
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
                    cursor.execute(RECOUNT, {"day": day, "bounds": list(bounds)})

    return count


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0018_erasures"),
    ]

    operations = [migrations.RunPython(counted_by(NEW), counted_by(OLD))]
