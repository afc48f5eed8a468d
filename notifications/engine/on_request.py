"""`process-queue`: the queue run within a request, by one request at a time in each process.

The engine of a process is made for one drain at a time. What is under way when the time is up belongs to a thread
that sees it to its end, so that the request need not wait for a slow MyOperator and nothing is cut.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import NamedTuple

from django.db import connection

from notifications.engine.drain import Engine
from notifications.engine.process import engine, stopping
from notifications.models import Status

SECONDS = 9.5  # for the request in all, counting what comes after
CLAIMING = 8.5  # of them: what is claimed last has a moment to come back

_running = threading.Lock()


class Ran(NamedTuple):
    """What the messages became, and how many have no answer yet."""

    became: Counter[Status]
    under_way: int


def run() -> Ran | None:
    """Send what is due, for at most 10 seconds. None where this process is at it already."""
    if not _running.acquire(blocking=False):
        return None
    try:
        mine = engine()
    except BaseException:
        _running.release()
        raise
    before, ends = mine.became.copy(), time.monotonic() + SECONDS
    mine.stopping = stopping
    try:
        mine.begin(CLAIMING)
        while more := mine.step():
            if time.monotonic() >= ends:
                break
        ran = Ran(mine.became - before, mine.under_way)
    except BaseException:
        _see_to_the_end(mine)
        raise
    if more:
        _see_to_the_end(mine)
    else:
        _running.release()
    return ran


def _see_to_the_end(mine: Engine) -> None:
    # No daemon: a web process that stops waits for it.
    threading.Thread(target=_finish, args=(mine,), name="process-queue").start()


def _finish(mine: Engine) -> None:
    try:
        mine.begin(0)
        while mine.step():
            pass
    finally:
        connection.close()
        _running.release()
