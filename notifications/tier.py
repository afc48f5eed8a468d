"""How many people WhatsApp lets us write to first, and how many we wrote to.

Meta counts the people whom a business reaches outside of the 24 hours after they wrote, over any 24 hours. We count
those to whom a message was accepted, or may have been, while they had not written in the 24 hours before it: some
too many, for one that never arrived is counted too.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from notifications.models import Attempt, Reach

logger = logging.getLogger(__name__)

UNLIMITED = "unlimited"
SPAN = timedelta(hours=24)
WARN_AT = (80, 100)  # percent
FORGET_BELOW = 75  # percent: a figure that hovers about 80 warns once
# Ids are given at the claim and times at the record, so that neighbours may be minutes out of step.
OUT_OF_STEP = timedelta(hours=1)

_COUNT = """
SELECT count(DISTINCT m.phone) FROM notifications_attempt a JOIN notifications_message m ON m.id = a.message_id
WHERE a.id >= %(first)s AND a.created_at > %(since)s AND a.created_at <= %(now)s
AND a.outcome IN ('accepted', 'uncertain')
AND NOT EXISTS (
    SELECT FROM notifications_inboundmessage i
    WHERE i.phone = m.phone AND i.received_at <= a.created_at AND i.received_at > a.created_at - %(span)s
)
"""


def limit() -> int | None:
    """How many people the account may write to first in 24 hours; None without a limit. Raises ValueError."""
    given = settings.MYOPERATOR_TIER.strip().lower()
    if given == UNLIMITED:
        return None
    if not given.isdecimal() or not 0 < int(given) < 10**9:
        raise ValueError(given)
    return int(given)


def count(now: datetime) -> Reach:
    """Count anew, keep the figure, and warn in the log when 80 % of the tier is passed, and 100 %."""
    people = written_to(now)
    with transaction.atomic():
        reach, _ = Reach.objects.select_for_update().get_or_create(
            number=settings.MYOPERATOR_PHONE_NUMBER, defaults={"people": people, "counted_at": now}
        )
        reach.people, reach.counted_at = people, now
        reach.warned = _warned(people, limit(), reach.warned)
        reach.save()
    return reach


def written_to(now: datetime) -> int:
    """How many people we wrote to first in the 24 hours before `now`. Reads the tries of these hours only."""
    since = now - SPAN
    given: dict[str, Any] = {
        "first": _first_try(since - OUT_OF_STEP),
        "since": since,
        "now": now,
        "span": SPAN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, given)
        return int(cursor.fetchone()[0])


def _first_try(moment: datetime) -> int:
    """About the first id of a try at or after this moment: halving, for their times have no index."""
    low, high = 0, (Attempt.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = Attempt.objects.filter(pk__gte=middle).order_by("pk").values_list("pk", "created_at").first()
        low, high = (found[0] + 1, high) if found and found[1] < moment else (low, middle)
    return low


def percent(people: int, most: int) -> int:
    return people * 100 // most


def _warned(people: int, most: int | None, before: int) -> int:
    """Up to which percentage the log has warned, with these people; says so where one is passed for the first time."""
    now = percent(people, most) if most else 0
    passed = max((step for step in WARN_AT if now >= step), default=0)
    if passed > before:
        logger.warning(
            "wrote to %d people in 24 hours: %d %% of the %d that MYOPERATOR_TIER says WhatsApp allows",
            people, now, most,
        )  # fmt: skip
        return passed
    return 0 if now < FORGET_BELOW else before
