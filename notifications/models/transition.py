"""The one writer of `Message.status`.

One statement locks the messages in id order, keeps only the moves that `MOVES` allows from where each stands
now, writes them (with the cost of what is accepted for the first time), and appends −old/+new to the statistics,
keyed by the day (IST) the message was queued. Tests of a text are no business, and are left out of these.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from notifications import cost, signals
from notifications.models.batch import Batch
from notifications.models.message import LIVE, MOVES, Status
from notifications.models.statistics import BUCKET_SQL, DAY_SQL, MILLISECONDS_SQL, TOOK, TOOK_SQL

_ALLOWED = "{" + ",".join(f"{was}>{to}" for was, targets in MOVES.items() for to in targets) + "}"

_WANTED = Batch(
    "w", id="bigint", status="text", at="timestamptz", tries="smallint", code="text", error="text"
)

_SQL = f"""
WITH wanted AS MATERIALIZED (
    SELECT * FROM {_WANTED.sql}
), locked AS (
    SELECT m.id, m.status AS was, m.sent_at AS sent_before FROM notifications_message m JOIN wanted w ON w.id = m.id
    WHERE (m.status || '>' || w.status) = ANY(%(allowed)s::text[])
    ORDER BY m.id FOR NO KEY UPDATE OF m
), moved AS (
    UPDATE notifications_message m SET
        status = w.status,
        tries = coalesce(w.tries, m.tries),
        error_code = w.code,
        error = w.error,
        sent_at = CASE WHEN w.status IN ('sent', 'delivered', 'read') THEN coalesce(m.sent_at, w.at)
                       ELSE m.sent_at END,
        delivered_at = CASE WHEN w.status IN ('delivered', 'read') THEN coalesce(m.delivered_at, w.at)
                            ELSE m.delivered_at END,
        read_at = CASE WHEN w.status = 'read' THEN w.at ELSE m.read_at END,
        cost = CASE WHEN w.status IN ('sent', 'delivered', 'read') AND m.sent_at IS NULL THEN {cost.PRICE_SQL}
                    ELSE m.cost END
    FROM wanted w JOIN locked l ON l.id = w.id
    WHERE m.id = w.id
    RETURNING m.id, l.was, m.status, m.kind, m.phone, m.reference_id, m.cost, m.is_test,
        {DAY_SQL} AS day, CASE WHEN l.sent_before IS NULL THEN {TOOK_SQL} END AS took
), business AS (
    SELECT * FROM moved WHERE NOT is_test
), counted AS (
    INSERT INTO notifications_statuschange (day, kind, status, count, bucket, milliseconds, cost)
    SELECT day, kind, status, sum(step), bucket, sum(milliseconds), sum(cost) FROM (
        SELECT day, kind, was AS status, -1 AS step, -1 AS bucket, 0 AS milliseconds, 0 AS cost FROM business
        UNION ALL
        SELECT day, kind, status, 1, -1, 0, 0 FROM business
        UNION ALL
        SELECT day, kind, '{TOOK}', 1, {BUCKET_SQL}, {MILLISECONDS_SQL}, cost FROM business WHERE took IS NOT NULL
    ) steps GROUP BY day, kind, status, bucket HAVING sum(step) <> 0
)
SELECT id, was, status, kind, phone, reference_id FROM moved
"""  # noqa: S608


class Move(NamedTuple):
    """A wanted move. `tries` None leaves the count; `at` is when it happened."""

    message_id: int
    to: Status
    at: datetime
    tries: int | None = None
    code: str = ""
    error: str = ""


class Moved(NamedTuple):
    """A move that was made."""

    message_id: int
    was: str
    status: str
    kind: str
    phone: str
    reference_id: str


def move(moves: Iterable[Move]) -> list[Moved]:
    """Make the moves that are allowed from where each message stands; the others change nothing.

    At most one move per message. Returns what was moved, in no order. Call it inside a transaction, after
    locking queue rows (the order of locks everywhere: channel, queue rows, messages, each in id order).
    """
    wanted = list(moves)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SQL, _parameters(wanted))
        moved = [Moved(*row) for row in cursor.fetchall()]
    signals.finished([made for made in moved if made.was in LIVE and made.status not in LIVE])
    return moved


def _parameters(wanted: Sequence[Move]) -> dict[str, Any]:
    rows = ((m.message_id, m.to, m.at, m.tries, m.code[:64], m.error[:500]) for m in wanted)
    return _WANTED.parameters(rows) | {"allowed": _ALLOWED} | cost.parameters()
