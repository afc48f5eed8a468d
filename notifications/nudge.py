"""Telling a worker that there is work, from a thread of its own.

The request never talks to Redis: `on_commit` sets a flag, and one daemon thread per process publishes, at most
once per 20 ms; of receipts, which come in storms and for which nobody waits, twice a second. Redis dead or hanging
costs nobody anything; beat finds the rows within ten seconds.
"""

from __future__ import annotations

import logging
import os
import threading
import time

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

PAUSE = 0.02  # seconds between two nudges
RECEIPTS_PAUSE = 0.5
EXPIRES = 10  # seconds: a nudge that waited longer says nothing that beat does not


class Nudger:
    """One task's nudges: a flag and the thread that publishes them. Started on first use, after any fork."""

    def __init__(self, task: str, pause: float = PAUSE) -> None:
        self.task, self.pause = task, pause
        self._flag = threading.Event()
        self._lock = threading.Lock()
        self._pid = 0

    def nudge(self) -> None:
        """Ask for a nudge soon. Never blocks, never raises for want of Redis."""
        if self._pid != os.getpid():
            self._start()
        self._flag.set()

    def _start(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._flag = threading.Event()
                self._pid = os.getpid()
                threading.Thread(target=self._run, args=(self._flag,), name="nudge", daemon=True).start()

    def _run(self, flag: threading.Event) -> None:
        while True:
            flag.wait()
            flag.clear()
            self._publish()
            time.sleep(self.pause)

    def _publish(self) -> None:
        try:
            current_app.send_task(self.task, expires=EXPIRES, retry=False, ignore_result=True)
        except Exception as error:  # noqa: BLE001 (a thread that ended would never nudge again)
            logger.warning("nudge lost (%s); beat will find the work", type(error).__name__)


_dispatch = Nudger("notifications.tasks.dispatch")
_receipts = Nudger("notifications.tasks.apply_receipts", RECEIPTS_PAUSE)


def on_commit() -> None:
    """Nudge the dispatchers when the transaction under way has committed."""
    transaction.on_commit(_dispatch.nudge, robust=True)


def dispatch() -> None:
    _dispatch.nudge()


def receipts() -> None:
    _receipts.nudge()
