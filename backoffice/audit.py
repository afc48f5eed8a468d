"""The audit trail: Django's own log of the admin, for what happens outside its forms too."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model


def note(user: Any, row: Model, words: str) -> None:
    """Keep that this user did something to a row, in a sentence. Belongs in the transaction that does it."""
    LogEntry.objects.log_actions(user.pk, [row], CHANGE, words, single_object=True)
