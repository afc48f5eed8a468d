"""Storing drafts: the message, its place in the queue, its key, its first event and its count, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from notifications.approved import in_force
from notifications.models import LIVE, MessageKey
from notifications.outbox.compose import Draft
from notifications.storable import plain

_SQL = """
WITH new AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('notifications_message', 'id')) AS id, n.*
    FROM unnest(%(position)s::int[], %(key)s::text[], %(phone)s::text[], %(kind)s::text[], %(language)s::text[],
        %(text)s::text[], %(variables)s::text[], %(version)s::int[], %(reference)s::text[], %(status)s::text[],
        %(code)s::text[], %(why)s::text[], %(created_at)s::timestamptz[], %(due_at)s::timestamptz[],
        %(expires_at)s::timestamptz[], %(priority)s::smallint[]{more_given})
    AS n(position, key, phone, kind, language, text, variables, version, reference, status, code, why,
         created_at, due_at, expires_at, priority{more_names})
    ORDER BY n.position
), keyed AS (
    INSERT INTO notifications_messagekey (key, message_id, created_at)
    SELECT key, id, created_at FROM new WHERE key IS NOT NULL ORDER BY key
    ON CONFLICT (key) DO NOTHING RETURNING message_id
), wanted AS MATERIALIZED (
    SELECT * FROM new WHERE key IS NULL OR id IN (SELECT message_id FROM keyed)
), logged AS (
    INSERT INTO notifications_message (id, phone, kind, language, text, variables, template_version, reference_id,
        status, tries, error_code, error, created_at, expires_at{more_names})
    SELECT id, phone, kind, language, text, variables::jsonb, version, reference, status, 0, code, why,
        created_at, expires_at{more_values} FROM wanted
), queued AS (
    INSERT INTO notifications_queuedmessage (message_id, priority, due_at, expires_at, waits_for, withdrawn,
        withdrawn_why, tries, claims, put_offs, spaced, passes_hours)
    SELECT id, priority, due_at, expires_at, '', '', '', 0, 0, 0, false, false
    FROM wanted WHERE status = ANY(%(live)s)
), noted AS (
    INSERT INTO notifications_messageevent (message_id, what, detail, by, created_at)
    SELECT id, status, why, '', created_at FROM wanted WHERE status <> ALL(%(live)s)
), counted AS (
    INSERT INTO notifications_statuschange (day, kind, status, count, bucket, milliseconds)
    SELECT (created_at AT TIME ZONE 'Asia/Kolkata')::date, kind, status, count(*), -1, 0
    FROM wanted GROUP BY 1, 2, 3
)
SELECT position, id FROM wanted
"""
_PLAIN = _SQL.format(more_given="", more_names="", more_values="")
_WITH_APPROVED = _SQL.format(
    more_given=", %(approved)s::text[]", more_names=", approved", more_values=", approved::jsonb"
)


def record(drafts: Sequence[Draft]) -> list[int]:
    """Store the drafts; returns the message id of each, the earlier message's where its key was known.

    No savepoint: it would cost every order two round trips. So every text is made storable first (length,
    NUL, lone surrogates), and nothing is left for PostgreSQL to refuse.
    """
    stored = _store(drafts)
    for position, message_id in stored.items():
        drafts[position].message_id = message_id
    known = _known([draft.key for draft in drafts if not draft.message_id])
    return [draft.message_id or known[draft.key] for draft in drafts]


def _store(drafts: Sequence[Draft]) -> dict[int, int]:
    columns: dict[str, Any] = {
        "position": list(range(len(drafts))),
        "key": [draft.key for draft in drafts],
        "reference": [plain(draft.item.reference, 100) for draft in drafts],
        "live": [str(status) for status in LIVE],
        "why": [plain(draft.why, 500) for draft in drafts],
    }
    for name in ("phone", "kind", "language", "text", "variables", "version", "code"):
        columns[name] = [getattr(draft, name) for draft in drafts]
    for name in ("created_at", "due_at", "expires_at"):
        columns[name] = [getattr(draft, name) for draft in drafts]
    columns["status"] = [str(draft.status) for draft in drafts]
    columns["priority"] = [int(draft.priority) for draft in drafts]
    if in_force():
        columns["approved"] = [draft.approved for draft in drafts]
    with connection.cursor() as cursor:
        cursor.execute(_WITH_APPROVED if in_force() else _PLAIN, columns)
        return dict(cursor.fetchall())


def _known(keys: Sequence[str | None]) -> dict[str | None, int]:
    rows = MessageKey.objects.filter(pk__in=keys) if keys else ()
    return {row.key: row.message_id for row in rows}
