"""Counts per day, kind and status, kept by the transition function.

Writers only append to `StatusChange` (−1 old, +1 new), so that no two of them ever wait for one another's
row; `statistics.fold` adds them into `StatusCount` now and then. A reader sums both.
"""

from django.db import models


class StatusChange(models.Model):
    day = models.DateField(help_text="The day (IST) the message was queued.")
    kind = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    count = models.IntegerField()
    # Seconds from queued to sent, in fixed buckets (`transition.BUCKETS`); -1 where it is not about sending.
    bucket = models.SmallIntegerField(default=-1)
    milliseconds = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.status} {self.count:+}"


class StatusCount(models.Model):
    day = models.DateField()
    kind = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    bucket = models.SmallIntegerField(default=-1)
    count = models.BigIntegerField(default=0)
    milliseconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("day", "kind", "status", "bucket"), name="status_count_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.status} {self.count}"
