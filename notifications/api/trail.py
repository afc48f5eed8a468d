"""What was done by API, in the admin's history of the row."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import Model


def added(user: Any, row: Model, words: str) -> None:
    _log(user, row, ADDITION, words)


def changed(user: Any, row: Model, words: str) -> None:
    _log(user, row, CHANGE, words)


def _log(user: Any, row: Model, act: int, words: str) -> None:
    LogEntry.objects.log_actions(user.pk, [row], act, words, single_object=True)
