"""Storing drafts: the message, its place in the queue, its key, its first event and its count, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection

from notifications.approved import in_force
from notifications.models import LIVE, MessageKey, Status
from notifications.outbox.compose import Draft
from notifications.storable import plain

COVERED = "covered"
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
), {wanted}, logged AS (
    INSERT INTO notifications_message (id, phone, kind, language, text, variables, template_version, reference_id,
        status, tries, error_code, error, created_at, expires_at{more_logged})
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
    FROM wanted{but_tests} GROUP BY 1, 2, 3
)
SELECT position, id, {covered_why} FROM wanted
"""
_NEW = "new WHERE key IS NULL OR id IN (SELECT message_id FROM keyed)"
_WANTED = f"wanted AS MATERIALIZED (SELECT * FROM {_NEW})"  # noqa: S608
# The key is inserted or, where it is there, locked and read as it is now: this statement's snapshot may be older than
# the one who holds it. So its reference stands beside it, and is not looked up in the log.
_WANTED_ONCE = f"""
asked AS MATERIALIZED (
    SELECT * FROM {_NEW}
), said AS (
    INSERT INTO notifications_messagekey AS k (key, message_id, reference, created_at)
    SELECT DISTINCT ON (once) once, id, reference, created_at FROM asked WHERE once IS NOT NULL
    ORDER BY once, position
    ON CONFLICT (key) DO UPDATE SET reference = k.reference RETURNING key, message_id, reference
), covered AS (
    SELECT asked.id, %(covered_by)s || coalesce(nullif(said.reference, ''), %(nameless)s) || '.' AS why
    FROM asked JOIN said ON said.key = asked.once AND said.message_id <> asked.id
), wanted AS MATERIALIZED (
    SELECT a.position, a.id, a.phone, a.kind, a.language, a.text, a.variables, a.version, a.reference, a.created_at,
        a.due_at, a.expires_at, a.priority{{more_names}}, CASE WHEN c.id IS NULL THEN a.status ELSE 'suppressed' END
        AS status, CASE WHEN c.id IS NULL THEN a.code ELSE '{COVERED}' END AS code, coalesce(c.why, a.why) AS why
    FROM asked a LEFT JOIN covered c ON c.id = a.id
)"""  # noqa: S608
_COVERED = {"covered_by": "The customer is told of this by the message about ", "nameless": "something else"}


# Columns of the log that few messages need, by what PostgreSQL has to make of their text.
_SELDOM = {"approved": "jsonb", "is_test": "boolean"}


@cache
def _sql(logged: tuple[str, ...], with_once: bool) -> str:
    """The statement; columns and steps that nobody needs are not in it."""
    given = [*logged, "once"] if with_once else logged
    wanted = _WANTED_ONCE.format(more_names="".join(f", a.{name}" for name in logged))
    return _SQL.format(
        wanted=wanted if with_once else _WANTED,
        covered_why=f"CASE WHEN code = '{COVERED}' THEN why END" if with_once else "NULL",
        more_given="".join(f", %({name})s::text[]" for name in given),
        more_names="".join(f", {name}" for name in given),
        more_logged="".join(f", {name}" for name in logged),
        more_values="".join(f", {name}::{_SELDOM[name]}" for name in logged),
        but_tests=" WHERE NOT is_test::boolean" if "is_test" in logged else "",
    )


def record(drafts: Sequence[Draft]) -> list[int]:
    """Store the drafts; returns the message id of each, the earlier message's where its key was known.

    No savepoint: it would cost every order two round trips. So every text is made storable first (length,
    NUL, lone surrogates), and nothing is left for PostgreSQL to refuse.
    """
    for position, message_id, covered_why in _store(drafts):
        drafts[position].message_id = message_id
        if covered_why:
            drafts[position].end(Status.SUPPRESSED, COVERED, covered_why)
    known = _known([draft.key for draft in drafts if not draft.message_id])
    return [draft.message_id or known[draft.key] for draft in drafts]


def _store(drafts: Sequence[Draft]) -> list[tuple[int, int, str | None]]:
    """Position and message id of each that was not known by its key, and what covers it, if anything does."""
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
    seldom: dict[str, Any] = {"approved": [draft.approved for draft in drafts]} if in_force() else {}
    if any(draft.item.is_test for draft in drafts):
        seldom["is_test"] = ["true" if draft.item.is_test else "false" for draft in drafts]
    columns |= seldom
    once = [draft.once for draft in drafts]
    if any(once):
        columns |= {"once": once} | _COVERED
    with connection.cursor() as cursor:
        cursor.execute(_sql(tuple(seldom), any(once)), columns)
        return cursor.fetchall()


def _known(keys: Sequence[str | None]) -> dict[str | None, int]:
    rows = MessageKey.objects.filter(pk__in=keys) if keys else ()
    return {row.key: row.message_id for row in rows}
