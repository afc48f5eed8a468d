"""What was held for want of an approved template, let go when it has a form to go in.

Each sweep looks, every few seconds, and a sync does at once. So whoever makes a template sendable, corrects a text
or hears from a customer needs not know what waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import connection, transaction

from notifications import approved, nudge, registry
from notifications.engine.form import MARGIN
from notifications.formats import CannotWrite
from notifications.models import Held, Message, MessageEvent, Move, QueuedMessage, Status, move
from notifications.models.conversation import WINDOW
from notifications.outbox.lookup import look_up

BATCH = 1000

_HELD = "q.held_for = 'template' AND q.lease_until IS NULL"
# Their text has a template in use that can be sent, and they are pinned to none, or to another that cannot. A text
# that names none gives way to the English one, as it does when a message is written.
# A test keeps the words that it tries.
_OUTDATED = f"""
SELECT q.message_id FROM notifications_queuedmessage q
JOIN notifications_message m ON m.id = q.message_id
JOIN notifications_messagetemplate t ON t.kind = m.kind AND t.active AND t.language = coalesce(
    (SELECT o.language FROM notifications_messagetemplate o
     WHERE o.kind = m.kind AND o.language = m.language AND o.approved_name <> ''), 'en')
JOIN notifications_approvedtemplate a ON a.name = t.in_use ->> 'name' AND a.language = t.in_use ->> 'language'
    AND a.status = 'approved' AND NOT a.gone
WHERE {_HELD} AND NOT m.is_test
    AND (m.approved IS NULL OR (m.approved ->> 'name', m.approved ->> 'language') <> (a.name, a.language))
ORDER BY q.message_id LIMIT %(limit)s FOR UPDATE OF q SKIP LOCKED
"""  # noqa: S608
_RELEASE = f"""
WITH sendable AS MATERIALIZED (
    SELECT q.message_id FROM notifications_queuedmessage q
    JOIN notifications_message m ON m.id = q.message_id
    LEFT JOIN notifications_approvedtemplate a
        ON a.name = m.approved ->> 'name' AND a.language = m.approved ->> 'language'
    LEFT JOIN notifications_conversation c ON c.phone = m.phone
    WHERE {_HELD} AND (%(whatever)s OR (a.status = 'approved' AND NOT a.gone) OR c.last_received_at > %(open)s)
    ORDER BY q.message_id LIMIT %(limit)s FOR UPDATE OF q SKIP LOCKED
)
UPDATE notifications_queuedmessage q SET held_for = NULL, waits_for = '', due_at = %(now)s
WHERE q.message_id = ANY(ARRAY(SELECT message_id FROM sendable))
"""  # noqa: S608


def release(now: datetime) -> int:
    """Let go what has a form to go in now. Returns how many messages those were."""
    if not approved.in_force() or not QueuedMessage.objects.filter(held_for=Held.TEMPLATE).exists():
        return 0
    while _rewrite(now):
        pass
    return _release_all(now, whatever=False)


def release_unasked(now: datetime) -> int:
    """Let all go, where the API asks for no template: held by another API, or because MyOperator said so itself."""
    return _release_all(now, whatever=True)


def _release_all(now: datetime, *, whatever: bool) -> int:
    total = 0
    while found := _release(now, whatever):
        total += found
    return total


def _release(now: datetime, whatever: bool) -> int:
    given: dict[str, bool | int | datetime] = {
        "whatever": whatever,
        "open": now - WINDOW + MARGIN,
        "now": now,
        "limit": BATCH,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RELEASE, given)
        if cursor.rowcount:
            nudge.on_commit()
        return int(cursor.rowcount)


def _rewrite(now: datetime) -> bool:
    """Pin to the template that their text has in use by now. Returns whether there may be more."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_OUTDATED, {"limit": BATCH})
            ids = [row[0] for row in cursor.fetchall()]
        messages = Message.objects.filter(pk__in=ids).order_by("kind", "pk")
        for code, of_kind in groupby(messages, key=lambda message: message.kind):
            _pin_anew(code, list(of_kind), now)
    return len(ids) == BATCH


def _pin_anew(code: str, messages: Sequence[Message], now: datetime) -> None:
    texts, _ = look_up(code, ())
    kind, failed = registry.get(code), {}
    for message in messages:
        own = texts.get(message.language)
        text = own if own and own.names_template else texts["en"]
        assert text.in_use is not None, "its template was found in use a moment ago"
        try:
            kinds = kind.variable_kinds if kind else {}
            pinned = approved.pin(text.in_use, message.variables, kinds, text.language)
        except CannotWrite as error:
            failed[message.pk] = str(error)
        else:
            message.approved, message.text, message.language = pinned.approved, pinned.text, text.language
    pinned_anew = [message for message in messages if message.pk not in failed]
    Message.objects.bulk_update(pinned_anew, ["approved", "text", "language"])
    _fail(failed, now)


def _fail(failed: dict[int, str], now: datetime) -> None:
    """With their values the template cannot be filled, now or later."""
    QueuedMessage.objects.filter(pk__in=failed).delete()
    move(Move(pk, Status.FAILED, now, code="cannot_render", error=why) for pk, why in failed.items())
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=pk, what=Status.FAILED, detail=why[:500]) for pk, why in failed.items()
    )
