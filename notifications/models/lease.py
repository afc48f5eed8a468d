"""Leasing rows of the queue, giving them back, and taking them out: the statements of the engine's hot path."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db import connection

from notifications.models.batch import Batch, numbers
from notifications.models.queue import Priority


class Claimed(NamedTuple):
    """A leased row with what it takes to judge and send it. `wants_*` are None without a preference row."""

    message_id: int
    token: int
    priority: int
    expired: bool
    expires_at: datetime
    tries: int
    put_offs: int
    spaced: bool
    passes_hours: bool
    ahead: float | None  # seconds by which the person's pace is spoken for
    phone: str
    kind: str
    language: str
    text: str
    is_test: bool
    text_off: bool  # whether its text is switched off now
    enabled: bool | None
    order: bool | None
    subscription: bool | None
    delivery: bool | None
    payment: bool | None
    promotional: bool | None
    opted_in_at: datetime | None
    quiet_from: time | None
    quiet_until: time | None
    unreachable_at: datetime | None
    # The last three only where messages need an approved template.
    approved: dict[str, Any] | None = None  # as `Message.approved`
    template_standing: str | None = None  # that template's status, or "gone"; None where it is not listed
    last_received_at: datetime | None = None  # when the customer wrote last


_DUE = """SELECT message_id FROM notifications_queuedmessage
    WHERE priority = {priority} AND due_at <= %(now)s AND lease_until IS NULL AND held_for IS NULL
    ORDER BY due_at, message_id LIMIT %(limit)s - {taken} FOR UPDATE SKIP LOCKED"""

_PICK_DUE = f"""
urgent AS MATERIALIZED ({_DUE.format(priority=0, taken=0)}),
utility AS MATERIALIZED ({_DUE.format(priority=1, taken="(SELECT count(*) FROM urgent)")}),
marketing AS MATERIALIZED ({_DUE.format(priority=2, taken="(SELECT count(*) FROM urgent) - (SELECT count(*) FROM utility)")}),
picked AS (SELECT * FROM urgent UNION ALL SELECT * FROM utility UNION ALL SELECT * FROM marketing)
"""  # noqa: S608, E501

_PICK_ONE = """
picked AS MATERIALIZED (
    SELECT message_id FROM notifications_queuedmessage
    WHERE message_id = %(only)s AND due_at <= %(now)s AND lease_until IS NULL AND held_for IS NULL
    FOR UPDATE SKIP LOCKED
)
"""

_LEASE = """
WITH {pick}, leased AS (
    UPDATE notifications_queuedmessage q SET
        lease_until = clock_timestamp() + %(lease)s * interval '1 second',
        token = nextval(pg_get_serial_sequence('notifications_attempt', 'id')),
        claims = q.claims + 1
    -- As an array: a join with `picked`, whose limits the planner cannot see, reads the whole queue.
    WHERE q.message_id = ANY(ARRAY(SELECT message_id FROM picked))
    RETURNING q.*
)
SELECT q.message_id, q.token, q.priority, q.expires_at <= %(now)s, q.expires_at, q.tries, q.put_offs, q.spaced,
    q.passes_hours, extract(epoch FROM pace.free_at - %(now)s)::float8,
    m.phone, m.kind, m.language, m.text, m.is_test, coalesce(NOT t.active, false),
    p.enabled, p."order", p.subscription, p.delivery, p.payment, p.promotional,
    p.marketing_opt_in_at, p.quiet_from, p.quiet_until, p.unreachable_at{columns}
FROM leased q JOIN notifications_message m ON m.id = q.message_id
LEFT JOIN notifications_messagetemplate t ON t.kind = m.kind AND t.language = m.language
LEFT JOIN notifications_notificationpreference p ON p.phone = m.phone
LEFT JOIN notifications_personpace pace ON pace.phone = m.phone
{joins}
ORDER BY q.priority, q.due_at, q.message_id
"""

_FORM_COLUMNS = ", m.approved::text, CASE WHEN a.gone THEN 'gone' ELSE a.status END, c.last_received_at"
_FORM_JOINS = """
LEFT JOIN notifications_approvedtemplate a
    ON a.name = m.approved ->> 'name' AND a.language = m.approved ->> 'language'
LEFT JOIN notifications_conversation c ON c.phone = m.phone
"""


def lease(
    limit: int, seconds: float, now: datetime, only: int | None = None, *, with_form: bool = False
) -> list[Claimed]:
    """Lease up to `limit` due rows, urgent first, for `seconds` by the database's clock.

    `only` names the one message to take, if it is due and free. `with_form` also reads what it takes to say in
    which form a message may go: its template, and the customer's window. Inside the claim's transaction.
    """
    more = {"columns": _FORM_COLUMNS, "joins": _FORM_JOINS} if with_form else {"columns": "", "joins": ""}
    sql = _LEASE.format(pick=_PICK_DUE if only is None else _PICK_ONE, **more)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"limit": limit, "lease": seconds, "now": now, "only": only})
        rows = cursor.fetchall()
    return [_claimed(row) if with_form else Claimed(*row) for row in rows]


def _claimed(row: tuple[Any, ...]) -> Claimed:
    """A row with its form; Django's connections hand JSON over as text."""
    claimed = Claimed(*row)
    return claimed._replace(approved=claimed.approved and json.loads(str(claimed.approved)))


class PutOff(NamedTuple):
    """A leased row that goes back into the queue: no outcome, or one that lets it be sent again."""

    message_id: int
    token: int
    due_at: datetime
    waits_for: str
    tries: int
    put_offs: int
    spaced: bool
    held_for: str | None = None


_WANTED = Batch(
    "w", message_id="bigint", token="bigint", due_at="timestamptz", waits_for="text",  # noqa: S106
    tries="smallint", put_offs="smallint", spaced="boolean", held_for="text",
)  # fmt: skip

_RELEASE = f"""
WITH wanted AS MATERIALIZED (
    SELECT * FROM {_WANTED.sql}
)
UPDATE notifications_queuedmessage q SET lease_until = NULL, token = NULL, claims = 0, due_at = w.due_at,
    waits_for = w.waits_for, tries = w.tries, put_offs = w.put_offs, spaced = w.spaced, held_for = w.held_for
FROM wanted w
WHERE q.message_id = w.message_id AND q.token = w.token RETURNING q.message_id
"""  # noqa: S608

_OWNED = """
SELECT q.message_id, q.withdrawn, q.withdrawn_why, q.withdrawn_code, q.token IS NOT DISTINCT FROM w.token
FROM notifications_queuedmessage q JOIN unnest(%s::bigint[], %s::bigint[]) AS w(message_id, token) USING (message_id)
ORDER BY q.message_id FOR UPDATE OF q
"""

_FINISH = """
DELETE FROM notifications_queuedmessage q USING unnest(%s::bigint[], %s::bigint[]) AS w(message_id, token)
WHERE q.message_id = w.message_id AND q.token = w.token RETURNING q.message_id
"""


class Withdrawn(NamedTuple):
    """What a leased row was marked to become, and why; empty where it was not."""

    to: str
    why: str
    code: str


def owned(tokens: dict[int, int]) -> dict[int, Withdrawn]:
    """The leased rows (message id to token) whose lease is still ours. Locks the others too, in id order."""
    with connection.cursor() as cursor:
        cursor.execute(_OWNED, [numbers(tokens), numbers(tokens.values())])
        return {message_id: Withdrawn(*mark) for message_id, *mark, ours in cursor.fetchall() if ours}


def release(rows: Sequence[PutOff]) -> set[int]:
    """Give leased rows back. Returns the message ids whose lease was still ours."""
    if not rows:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, _WANTED.parameters(rows))
        return {row[0] for row in cursor.fetchall()}


def finish(tokens: dict[int, int]) -> set[int]:
    """Take leased rows (message id to token) out of the queue. Returns those whose lease was still ours."""
    if not tokens:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [numbers(tokens), numbers(tokens.values())])
        return {row[0] for row in cursor.fetchall()}


_NEXT_DUE = " UNION ALL ".join(
    f"""(SELECT due_at FROM notifications_queuedmessage
    WHERE priority = {priority.value} AND lease_until IS NULL AND held_for IS NULL ORDER BY due_at LIMIT 1)"""  # noqa: S608
    for priority in Priority
)


def next_due() -> datetime | None:
    """When the next waiting row is due, None where nothing waits."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(due_at) FROM ({_NEXT_DUE}) AS first")  # noqa: S608
        return cursor.fetchone()[0]


_COUNT_DUE = " + ".join(
    f"""(SELECT count(*) FROM (SELECT FROM notifications_queuedmessage
    WHERE priority = {priority.value} AND lease_until IS NULL AND held_for IS NULL AND due_at <= %(now)s
    LIMIT %(most)s) AS due)"""  # noqa: S608
    for priority in Priority
)


def count_due(now: datetime, most: int) -> int:
    """How many rows are due and free, counted up to `most`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT least({_COUNT_DUE}, %(most)s)", {"now": now, "most": most})
        return int(cursor.fetchone()[0])
