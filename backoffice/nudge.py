"""Telling a worker that staff want something done to many rows. Nothing depends on it: beat asks every ten seconds."""

from __future__ import annotations

from django.db import transaction

from jobs.nudge import Nudger

_acts = Nudger("backoffice.tasks.advance_acts")


def on_commit() -> None:
    """When the transaction under way has committed."""
    transaction.on_commit(send, robust=True)


def send() -> None:
    """Now. From a thread: Redis that hangs holds nobody's page."""
    _acts.nudge()
