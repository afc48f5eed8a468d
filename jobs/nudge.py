"""Telling a worker that there is work, from a thread of its own.

The request never talks to Redis: `nudge` sets a flag, and one daemon thread per process and task publishes, at most
once per pause. Redis dead or hanging costs nobody anything; beat finds the work by itself.
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
EXPIRES = 10  # seconds: a nudge that waited longer says nothing that beat does not


class Nudger:
    """One task's nudges: a flag and the thread that publishes them. Started on first use, after any fork."""

    def __init__(self, task: str, pause: float = PAUSE) -> None:
        self.task, self.pause = task, pause
        self._flag = threading.Event()
        self._lock = threading.Lock()
        self._pid = 0

    def on_commit(self) -> None:
        """Nudge when the transaction under way has committed."""
        transaction.on_commit(self.nudge, robust=True)

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
