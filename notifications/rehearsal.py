"""A new text against what really was sent: the last messages of its kind, and those that wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import QuerySet

from notifications import erasure, registry, templating
from notifications.formats import CannotWrite
from notifications.models import Message, MessageTemplate, Priority, QueuedMessage

TRIED = 20  # messages
LOOKED_THROUGH = 2_000  # newest of the kind, for those in the same language
MOST_QUEUED = 10_000  # rows of the queue that are looked at


class Trial(NamedTuple):
    """One real message with the new text: `text`, or `why` it would fail. `is_new`: with the saved text it does not."""

    message_id: int
    language: str
    text: str
    why: str = ""
    is_new: bool = False


class Waiting(NamedTuple):
    """How many messages wait with words they already have; `more`: there may be others, further back."""

    messages: int
    more: bool


def rehearse(kind: registry.MessageKind, language: str, content: str, saved: str | None) -> list[Trial]:
    """The new text with the values of the last real messages, the newest first; none where there are none.

    Those in the same language go first; what they hold is the same in the others. Tests and what was erased are
    left out. saved: the text that is in use, if there is one.
    """
    return [_tried(kind, language, content, saved, *row) for row in _contexts(kind.code, language)]


def fails_anew(trials: Iterable[Trial]) -> list[Trial]:
    """Those that the new text would break."""
    return [trial for trial in trials if trial.why and trial.is_new]


def waiting(text: MessageTemplate) -> Waiting:
    """The messages in the queue that were written from this text: they keep their words."""
    queued = QueuedMessage.objects.filter(lease_until=None).order_by()
    due = queued.filter(held_for=None, priority=Priority.of(registry.get(text.kind)))
    counts = [_of_text(rows, text) for rows in (due, queued.filter(held_for__isnull=False))]
    return Waiting(sum(one.messages for one in counts), any(one.more for one in counts))


def waiting_words(text: MessageTemplate) -> str:
    """The same as a sentence; empty where none waits."""
    found = waiting(text)
    if not found.messages:
        return ""
    if found.messages == 1 and not found.more:
        return "1 message that waits keeps the words it has."
    least = "At least " if found.more else ""
    return f"{least}{found.messages:,} messages that wait keep the words they have."


def _of_text(rows: QuerySet[QueuedMessage], text: MessageTemplate) -> Waiting:
    first = rows.values("pk")[:MOST_QUEUED]
    of_text = Message.objects.filter(pk__in=first, kind=text.kind, language=text.language, is_test=False)
    return Waiting(of_text.count(), rows[MOST_QUEUED : MOST_QUEUED + 1].exists())


def _contexts(code: str, language: str) -> list[tuple[int, str, Mapping[str, object]]]:
    """Id, language and values. By the index on kind and time, and never further back than a few thousand."""
    newest = Message.objects.filter(kind=code).order_by("-created_at", "-id")
    rows = newest.values_list("pk", "language", "is_test", "phone")[:LOOKED_THROUGH]
    real = [
        (pk, own) for pk, own, is_test, phone in rows if not is_test and not phone.startswith(erasure.PREFIX)
    ]
    chosen = dict(sorted(real, key=lambda row: row[1] != language)[:TRIED])
    kept = Message.objects.filter(pk__in=chosen).order_by("-created_at", "-id").values_list("pk", "variables")
    return [(pk, chosen[pk], given) for pk, given in kept if isinstance(given, dict) and set(given) != {"_"}]


def _tried(
    kind: registry.MessageKind,
    language: str,
    content: str,
    saved: str | None,
    message_id: int,
    own_language: str,
    given: Mapping[str, object],
) -> Trial:
    text, why = _written(kind, language, content, given)
    if not why:
        return Trial(message_id, own_language, text)
    is_new = saved is None or not _written(kind, language, saved, given)[1]
    return Trial(message_id, own_language, "", why, is_new)


def _written(
    kind: registry.MessageKind, language: str, content: str, given: Mapping[str, object]
) -> tuple[str, str]:
    """The text, or why there is none."""
    try:
        return templating.render(content, given, kind.variable_kinds, language), ""
    except CannotWrite as error:
        return "", str(error)
