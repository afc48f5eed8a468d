"""Counts per day, kind and status, kept by the transition function.

Writers only append to `StatusChange` (−1 old, +1 new), so that no two of them ever wait for one another's
row; `statistics.fold` adds them into `StatusCount` now and then. A reader sums both.

Both also hold how long it took to send: with the status `took`, one count per message that was ever accepted, in
the bucket of the seconds from queued to first accepted, with the sums of their milliseconds and of their cost.
"""

from django.db import models

TOOK = "took"

# Upper bounds, in seconds, of the buckets, each at most a fifth above the one before; above the last is one more.
_SHORTEST, _LONGEST, _STEPS = 0.05, 86400.0, 79
BUCKETS = tuple(round(_SHORTEST * (_LONGEST / _SHORTEST) ** (n / _STEPS), 6) for n in range(_STEPS + 1))

# Of a message `m`, in SQL: the day (IST) it was queued, the seconds until it was first accepted (null: never), and
# of a number of seconds its bucket and its whole milliseconds.
DAY_SQL = "(m.created_at AT TIME ZONE 'Asia/Kolkata')::date"
TOOK_SQL = (
    "CASE WHEN m.sent_at IS NOT NULL THEN greatest(extract(epoch FROM m.sent_at - m.created_at), 0) END"
)
# Of floats PostgreSQL finds the bucket by halving; of numerics it would walk along the array.
BUCKET_SQL = f"width_bucket(took::float8, '{{{','.join(map(str, BUCKETS))}}}'::float8[])"
MILLISECONDS_SQL = "round(took * 1000)::bigint"


class StatusChange(models.Model):
    day = models.DateField(help_text="The day (IST) the message was queued.")
    kind = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    count = models.IntegerField()
    bucket = models.SmallIntegerField(default=-1)  # -1 where it is not about the time it took
    milliseconds = models.BigIntegerField(default=0)
    cost = models.DecimalField(max_digits=16, decimal_places=4, db_default=0)  # rupees

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.status} {self.count:+}"


class StatusCount(models.Model):
    day = models.DateField()
    kind = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    bucket = models.SmallIntegerField(default=-1)
    count = models.BigIntegerField(default=0)
    milliseconds = models.BigIntegerField(default=0)
    cost = models.DecimalField(max_digits=16, decimal_places=4, db_default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("day", "kind", "status", "bucket"), name="status_count_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.status} {self.count}"
