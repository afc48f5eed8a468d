"""Telling a worker that staff want something done to many rows. Nothing depends on it: beat asks every ten seconds."""

from __future__ import annotations

import logging
import threading

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

TASK = "backoffice.tasks.advance_acts"
EXPIRES = 10  # seconds


def on_commit() -> None:
    """When the transaction under way has committed. From a thread: Redis that hangs holds nobody's page."""
    transaction.on_commit(send, robust=True)


def send() -> None:
    threading.Thread(target=_publish, name="act-nudge", daemon=True).start()


def _publish() -> None:
    try:
        current_app.send_task(TASK, expires=EXPIRES, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 (whatever it is, beat finds the act)
        logger.warning("nudge lost (%s); beat will find the act", type(error).__name__)
