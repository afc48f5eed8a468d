"""The way back to the other apps: signals, never an import."""

from __future__ import annotations

import logging

from django.dispatch import Signal

from notifications.models.transition import Moved

logger = logging.getLogger(__name__)

# Sent after the commit, with `message_id`, `kind`, `reference` and `status`, when a message leaves the queue.
message_finished = Signal()


def finished(moved: Moved) -> None:
    """Tell the listeners; one that raises is logged, and costs neither the others nor the engine anything."""
    if not message_finished.has_listeners():
        return
    for receiver, result in message_finished.send_robust(
        sender=None,
        message_id=moved.message_id,
        kind=moved.kind,
        reference=moved.reference_id,
        status=moved.status,
    ):
        if isinstance(result, Exception):
            logger.error("a listener of message_finished failed: %s", receiver, exc_info=result)
