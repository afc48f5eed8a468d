"""What was done by API, in the admin's history of the row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import Model

from notifications.models import MessageEvent
from notifications.timeline import ASKED


def added(user: Any, row: Model, words: str) -> None:
    _log(user, row, ADDITION, words)


def changed(user: Any, row: Model, words: str) -> None:
    _log(user, row, CHANGE, words)


def _log(user: Any, row: Model, act: int, words: str) -> None:
    LogEntry.objects.log_actions(user.pk, [row], act, words, single_object=True)


def asked(message_ids: Iterable[int], by: str) -> None:
    """Keep who asked for these messages by API. In the transaction that records them."""
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=pk, what=ASKED, by=by[:150]) for pk in message_ids
    )
