"""Messages that stand where a test wants them, and a count by hand."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from notifications.models import Message, Status, StatusChange, StatusCount
from notifications.schedule import IST
from notifications.tests.conftest import ASHA

TODAY = date(2025, 3, 10)
NOON = datetime(2025, 3, 10, 12, tzinfo=IST)
ACCEPTED = (Status.SENT, Status.DELIVERED, Status.READ)


@pytest.fixture(autouse=True)
def _texts(texts):
    return texts


def stands(
    status, *, kind="test_news", days_ago=0, took=0.3, phone=ASHA, queued_at=NOON, ever=None, cost=None
):
    """A message that stands so, queued at noon so many days ago; `ever`: accepted once, whatever became of it."""
    queued_at -= timedelta(days=days_ago)
    accepted = status in ACCEPTED if ever is None else ever
    return Message.objects.create(
        phone=phone, kind=kind, status=status, created_at=queued_at, expires_at=queued_at + timedelta(days=1),
        sent_at=queued_at + timedelta(seconds=took) if accepted else None, cost=cost,
    )  # fmt: skip


def rolled_up():
    """What a reader of the roll-up sees: counts, milliseconds and rupees by day, kind, status and bucket."""
    counts, milliseconds, cost = Counter(), Counter(), Counter()
    for model in (StatusChange, StatusCount):
        for row in model.objects.all():
            key = row.day, row.kind, row.status, row.bucket
            counts[key] += row.count
            milliseconds[key] += row.milliseconds
            cost[key] += row.cost
    keys = [key for key in counts if counts[key] or milliseconds[key] or cost[key]]
    return {key: (counts[key], milliseconds[key], cost[key]) for key in keys}


def p95(seconds):
    """Of these, the shortest first: what 95 % are as fast as, between two of them in proportion."""
    place = Fraction(95, 100) * (len(seconds) - 1)
    low, high = seconds[int(place)], seconds[min(int(place) + 1, len(seconds) - 1)]
    return low + (high - low) * float(place - int(place))


def by_hand():
    """For each day, each kind, and all: statuses counted, the seconds it took, the shortest first, and rupees."""
    statuses, seconds, cost = defaultdict(Counter), defaultdict(list), defaultdict(Decimal)
    for message in Message.objects.all():
        for key in (None, message.kind, message.created_at.astimezone(IST).date()):
            statuses[key][message.status] += 1
            cost[key] += message.cost or 0
            if message.sent_at:
                took = max((message.sent_at - message.created_at).total_seconds(), 0)
                seconds[key] = sorted([*seconds[key], took])
    return statuses, seconds, cost
