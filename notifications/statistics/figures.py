"""From counts to the figures that people read."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from notifications.models import Status
from notifications.models.statistics import TOOK
from notifications.statistics.took import Took

_PAISA = Decimal("0.01")


class Tally:
    """What stands where, of one day, one kind, or all."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.took = Took()
        self.p95: float | None = None  # seconds, where it was counted exactly
        self.cost = Decimal(0)

    def add(
        self, status: str, bucket: int | None, count: int, milliseconds: int, cost: Decimal, p95: float | None
    ) -> None:
        if status == TOOK:
            self.took.add(bucket or 0, count, milliseconds)
            self.p95 = p95
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
            "average_send_seconds": self.took.average(),
            "p95_send_seconds": self._p95(),
            "cost": self.cost.quantize(_PAISA),
        }

    def _p95(self) -> float | None:
        return self.took.within(0.95) if self.p95 is None else round(self.p95, 3)


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
