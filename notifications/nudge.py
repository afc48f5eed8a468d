"""Telling the workers that there is something to send, or to read: at most once per 20 ms; of receipts, which come
in storms and for which nobody waits, twice a second. Beat finds the rows within ten seconds anyway.
"""

from __future__ import annotations

from jobs.nudge import Nudger

RECEIPTS_PAUSE = 0.5  # seconds

_dispatch = Nudger("notifications.tasks.dispatch")
_receipts = Nudger("notifications.tasks.apply_receipts", RECEIPTS_PAUSE)


def on_commit() -> None:
    """Nudge the dispatchers when the transaction under way has committed."""
    _dispatch.on_commit()


def dispatch() -> None:
    _dispatch.nudge()


def receipts() -> None:
    _receipts.nudge()
