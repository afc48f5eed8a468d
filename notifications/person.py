"""Everything that is kept about one number, here and in the other apps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Max, Min, QuerySet

from notifications.models import (
    Attempt,
    ConsentEvent,
    Conversation,
    InboundMessage,
    Message,
    MessageEvent,
    NotificationPreference,
    PersonPace,
    QueuedMessage,
    WebhookEvent,
)
from notifications.signals import answers, person_exported

Rows = Iterable[dict[str, Any]]
SPAN = 20_000  # ids of events that one statement looks through

_BY_NUMBER = {
    "preferences": NotificationPreference,
    "consent_ledger": ConsentEvent,
    "messages": Message,
    "replies": InboundMessage,
    "conversation": Conversation,
    "pace": PersonPace,
}
_OF_MESSAGES = {"queue": QueuedMessage, "attempts": Attempt, "message_events": MessageEvent}

# There is no index by number: whoever posts 1,000 events a second would pay for it, and hardly anybody is erased.
_EVENTS = """SELECT id FROM notifications_webhookevent
    WHERE id BETWEEN %s AND %s AND payload::text ~ %s ORDER BY id"""
_GAP = "[-. ()]{0,2}"  # what people and MyOperator write between digits


def is_known(phone: str) -> bool:
    """Whether anything is kept about this number (E.164)."""
    return any(rows.exists() for rows in (*_by_number(phone).values(), *_of_others(phone).values()))


def sections(phone: str) -> Iterator[tuple[str, Rows]]:
    """All that is kept about this number (E.164), as rows by column name, sort by sort."""
    of_messages = Message.objects.filter(phone=phone).values("pk")
    yield from _by_number(phone).items()
    for name, model in _OF_MESSAGES.items():
        yield name, model._default_manager.filter(message_id__in=of_messages).values()
    yield "webhook_events", _events(phone)
    yield from _of_others(phone).items()


def event_ids(phone: str) -> Iterator[list[int]]:
    """The ids of the events that name this number, batch by batch."""
    ends = WebhookEvent.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return
    for first in range(ends["first"], ends["last"] + 1, SPAN):
        with connection.cursor() as cursor:
            cursor.execute(_EVENTS, [first, first + SPAN - 1, pattern(phone)])
            yield [row[0] for row in cursor.fetchall()]


def digits(phone: str) -> str:
    """What a number is known by however it is written: the ten digits of an Indian one."""
    return re.sub(r"\A\+(91)?", "", phone)


def pattern(phone: str) -> str:
    """For PostgreSQL: the number, however its digits are set apart, and no longer one that holds it."""
    return rf"(?<![0-9])(00)?(91|0)?{_GAP}{_GAP.join(digits(phone))}(?![0-9])"


def _by_number(phone: str) -> dict[str, QuerySet[Any, dict[str, Any]]]:
    return {name: model._default_manager.filter(phone=phone).values() for name, model in _BY_NUMBER.items()}


def _of_others(phone: str) -> dict[str, QuerySet[Any, dict[str, Any]]]:
    return answers(person_exported, phone=phone)


def _events(phone: str) -> Iterator[dict[str, Any]]:
    for ids in event_ids(phone):
        yield from map(dict, WebhookEvent.objects.filter(pk__in=ids).order_by("pk").values())
