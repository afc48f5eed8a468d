"""How long it took to send: counts and sums by bucket, and the 95th percentile that they tell of."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from notifications.models.statistics import BUCKETS

_EDGES = (
    *pairwise((0.0, *BUCKETS)),
    (BUCKETS[-1], BUCKETS[-1]),
)  # in seconds; of a day and more we say a day


class Took:
    """Messages by the bucket of the seconds from queued to first accepted."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.milliseconds: Counter[int] = Counter()

    def add(self, bucket: int, count: int, milliseconds: int) -> None:
        self.counts[bucket] += count
        self.milliseconds[bucket] += milliseconds

    def average(self) -> float | None:
        """Seconds, exact."""
        messages = self.counts.total()
        return round(self.milliseconds.total() / 1000 / messages, 3) if messages else None

    def within(self, part: float) -> float | None:
        """The seconds within which this part of the messages was sent, as PostgreSQL's `percentile_cont` has it.

        Each of the two messages it lies between is guessed inside its own bucket, so the answer is off by no more
        than a bucket is wide: a fifth.
        """
        messages = self.counts.total()
        if not messages:
            return None
        place = part * (messages - 1)
        low, high = self._seconds(int(place)), self._seconds(min(int(place) + 1, messages - 1))
        return round(low + (high - low) * (place - int(place)), 3)

    def _seconds(self, place: int) -> float:
        """Of the message at this place (from 0) when they are sorted.

        Those of a bucket are taken to lie evenly around their average, which is known, as far as its nearer edge.
        """
        for bucket, count in sorted(self.counts.items()):
            if place < count:
                low, high = _EDGES[bucket]
                average = min(max(self.milliseconds[bucket] / 1000 / count, low), high)
                reach = min(average - low, high - average)
                return average + reach * ((2 * place + 1) / count - 1)
            place -= count
        return BUCKETS[-1]
