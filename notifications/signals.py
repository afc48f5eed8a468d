"""The way back to the other apps: signals, never an import."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.dispatch import Signal

if TYPE_CHECKING:
    from notifications.models.transition import Moved

logger = logging.getLogger(__name__)

# Sent after the commit, with `message_id`, `kind`, `reference` and `status`, when a message leaves the queue.
message_finished = Signal()

# Sent with `phone` (E.164) and `accounts` in the transaction in which that person is erased. A receiver takes the
# number and all else that is personal out of its rows, adds to the set `accounts` the ids of the sign-in users that
# were theirs, and returns how many rows of each sort it changed: {"customers": 1}.
person_erased = Signal()

# Sent with `phone` when somebody asks what is kept of them. A receiver returns a query set of dicts (`values()`) for
# each sort of row: {"customers": …}.
person_exported = Signal()


def answers(signal: Signal, **asked: object) -> dict[str, Any]:
    """What all receivers return, as one dict. A receiver that raises stops it."""
    found: list[tuple[Any, Any]] = signal.send(sender=None, **asked)
    return {name: answer for _, answered in found for name, answer in answered.items()}


def finished(ended: Sequence[Moved]) -> None:
    """Tell the listeners when the transaction under way has committed. The transition function calls this."""
    if ended and message_finished.has_listeners():
        transaction.on_commit(partial(_tell, ended), robust=True)


def _tell(ended: Sequence[Moved]) -> None:
    """A listener that raises is logged, and costs neither the others nor the engine anything."""
    for moved in ended:
        for receiver, result in message_finished.send_robust(
            sender=None,
            message_id=moved.message_id,
            kind=moved.kind,
            reference=moved.reference_id,
            status=moved.status,
        ):
            if isinstance(result, Exception):
                logger.error("a listener of message_finished failed: %s", receiver, exc_info=result)
