"""Messages that did not go, or are on hold, by code and kind: a few index entries of each, however long the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection

from notifications.models import Message, QueuedMessage

MOST_COUNTED = 1_000  # of one code and kind; more are "1,000+"
MOST_GROUPS = 200

# As `UNSETTLED`, word for word, so that the index on it serves. Each step finds the next code and kind by the index;
# to group all rows would read every failure there ever was.
_WHERE = """given_up_at IS NULL AND NOT is_test
    AND (status IN ('failed', 'expired') OR (error_code = 'template_off' AND status = 'suppressed'))"""
_GROUPS = f"""
WITH RECURSIVE found AS (
    (SELECT error_code, kind FROM notifications_message WHERE {_WHERE} ORDER BY error_code, kind LIMIT 1)
    UNION ALL
    SELECT next.error_code, next.kind FROM found, LATERAL (
        SELECT error_code, kind FROM notifications_message
        WHERE {_WHERE} AND (error_code, kind) > (found.error_code, found.kind)
        ORDER BY error_code, kind LIMIT 1
    ) next
), counted AS (
    SELECT found.error_code, found.kind, newest.*, (
        SELECT created_at FROM notifications_message
        WHERE {_WHERE} AND error_code = found.error_code AND kind = found.kind AND created_at > %(since)s
        ORDER BY created_at, id LIMIT 1
    ) AS since
    FROM (SELECT * FROM found LIMIT %(groups)s) found, LATERAL (
        SELECT count(*) AS count, max(created_at) AS newest FROM (
            SELECT created_at FROM notifications_message
            WHERE {_WHERE} AND error_code = found.error_code AND kind = found.kind AND created_at > %(since)s
            ORDER BY created_at DESC, id DESC LIMIT %(most)s
        ) rows
    ) newest
)
SELECT error_code, kind, count, since, newest FROM counted WHERE count > 0
"""  # noqa: S608


@dataclass(frozen=True)
class Group:
    code: str
    kind: str
    count: int
    since: datetime
    newest: datetime


def ended(since: datetime) -> list[Group]:
    with connection.cursor() as cursor:
        most: dict[str, Any] = {"since": since, "most": MOST_COUNTED + 1, "groups": MOST_GROUPS}
        cursor.execute(_GROUPS, most)
        return sorted((Group(*row) for row in cursor.fetchall()), key=lambda group: (group.code, group.kind))


def held(held_for: str) -> list[Group]:
    """By kind. Of very many, those that an index finds first."""
    rows = QueuedMessage.objects.filter(held_for=held_for).values_list("pk", flat=True)[: MOST_COUNTED + 1]
    told = Message.objects.filter(pk__in=list(rows)).order_by("kind", "created_at")
    groups = []
    for kind, same in groupby(told.values_list("kind", "created_at"), key=lambda row: row[0]):
        moments = [moment for _, moment in same]
        groups.append(Group(held_for, kind, len(moments), moments[0], moments[-1]))
    return groups
