"""What writing needs from the database, in one round trip: the texts of a kind, the wishes of some numbers."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

_SQL = """
SELECT
    (SELECT coalesce(jsonb_agg(jsonb_build_array(language, content, version, active)), '[]')
     FROM notifications_messagetemplate WHERE kind = %s),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(phone, language, enabled, "order", subscription, delivery,
        payment, promotional, marketing_opt_in_at, unreachable_at)), '[]')
     FROM notifications_notificationpreference WHERE phone = ANY(%s))
"""


class Text(NamedTuple):
    """The current text of a kind in a language."""

    language: str
    content: str
    version: int
    active: bool


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
        cursor.execute(_SQL, [kind, list(phones)])
        texts, said = (json.loads(part) if isinstance(part, str) else part for part in cursor.fetchone())
    return {row[0]: Text(*row) for row in texts}, {row[0]: Said(*row) for row in said}
