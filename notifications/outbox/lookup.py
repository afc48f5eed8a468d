"""What writing needs from the database, in one round trip: the texts of a kind, the wishes of some numbers."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connection

from notifications.approved import InUse, in_force

_SQL = """
SELECT
    (SELECT coalesce(jsonb_agg(jsonb_build_array(language, content, version, active{more})), '[]')
     FROM notifications_messagetemplate t WHERE kind = %s),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(phone, language, enabled, "order", subscription, delivery,
        payment, promotional, marketing_opt_in_at, unreachable_at)), '[]')
     FROM notifications_notificationpreference WHERE phone = ANY(%s))
"""

_PLAIN = _SQL.format(more="")
# The template in use stays until the one that is named has been approved; what is not listed cannot be sent.
_WITH_APPROVED = _SQL.format(
    more=""", approved_name <> '',
        (SELECT jsonb_build_array(a.name, a.language, wanted.form -> 'placeholders', a.body)
         FROM (VALUES (1, t.in_use), (2, jsonb_build_object('name', approved_name,
                'language', coalesce(nullif(approved_language, ''), t.language), 'placeholders', placeholders)))
            AS wanted(rank, form)
         JOIN notifications_approvedtemplate a
            ON a.name = wanted.form ->> 'name' AND a.language = wanted.form ->> 'language' AND NOT a.gone
         ORDER BY rank LIMIT 1)"""
)


class Text(NamedTuple):
    """The current text of a kind in a language."""

    language: str
    content: str
    version: int
    active: bool
    names_template: bool = False
    in_use: InUse | None = None  # only where messages need an approved template


class Said(NamedTuple):
    """What the owner of a number said. The two moments are ISO texts, or None."""

    phone: str
    language: str
    enabled: bool
    order: bool
    subscription: bool
    delivery: bool
    payment: bool
    promotional: bool
    opted_in_at: str | None
    unreachable_at: str | None


def look_up(kind: str, phones: Collection[str]) -> tuple[dict[str, Text], dict[str, Said]]:
    """Texts of the kind by language, and what was said by number."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_APPROVED if in_force() else _PLAIN, [kind, list(phones)])
        texts, said = (json.loads(part) if isinstance(part, str) else part for part in cursor.fetchone())
    return {row[0]: _text(*row) for row in texts}, {row[0]: Said(*row) for row in said}


def _text(language: str, content: str, version: int, active: bool, *template: Any) -> Text:
    if not template:
        return Text(language, content, version, active)
    names, in_use = template
    return Text(language, content, version, active, names, InUse(*in_use) if in_use else None)
