"""From counts to the figures that people read."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import Any

from notifications.models import Status
from notifications.models.statistics import BUCKETS, TOOK

_EDGES = tuple(pairwise((0.0, *BUCKETS, BUCKETS[-1])))  # in seconds; the last bucket has no upper one

_PAISA = Decimal("0.01")


class Tally:
    """What stands where, of one day, one kind, or all."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.took: Counter[int] = Counter()  # messages by bucket
        self.milliseconds = 0
        self.cost = Decimal(0)

    def add(self, status: str, bucket: int, count: int, milliseconds: int, cost: Decimal) -> None:
        if status == TOOK:
            self.took[bucket] += count
            self.milliseconds += milliseconds
            self.cost += cost
        else:
            self.counts[status] += count

    def figures(self) -> dict[str, Any]:
        """Messages by status, rates (0 to 1), seconds, rupees. None where there is nothing to divide by."""
        arrived = self.counts[Status.DELIVERED] + self.counts[Status.READ]
        accepted = self.counts[Status.SENT] + arrived
        lost = self.counts[Status.FAILED] + self.counts[Status.EXPIRED]
        return {
            "total": self.counts.total(),
            **{str(status): self.counts[status] for status in Status},
            "accepted": accepted,
            "arrived": arrived,
            "success_rate": _rate(accepted, accepted + lost),
            "delivery_rate": _rate(arrived, accepted),
            "read_rate": _rate(self.counts[Status.READ], accepted),
            "average_send_seconds": _rate(self.milliseconds / 1000, self.took.total(), 3),
            "p95_send_seconds": self._within(0.95),
            "cost": self.cost.quantize(_PAISA),
        }

    def _within(self, part: float) -> float | None:
        """The seconds within which this part of the messages was sent: straight between its bucket's edges."""
        wanted = part * self.took.total()
        for bucket, count in sorted(self.took.items()):
            if count >= wanted > 0:
                low, high = _EDGES[bucket]
                return round(low + (high - low) * wanted / count, 3)
            wanted -= count
        return None


def _rate(part: float, whole: float, digits: int = 4) -> float | None:
    return round(part / whole, digits) if whole else None
