"""This process's engine: its threads, and the flag that a warm stop raises."""

from __future__ import annotations

import mmap
import os

from django.conf import settings

from notifications.engine.drain import Engine
from notifications.engine.provider import provider
from notifications.engine.slots import Slots

_engines: dict[int, Engine] = {}
# One byte shared with the children forked later: a worker's main process raises it, they stop claiming.
_stopping = mmap.mmap(-1, 1)


def engine() -> Engine:
    """The engine of this process, made on first use: threads and connections do not survive a fork."""
    pid = os.getpid()
    # Two threads of a web process may come at once: both get the engine that was there first.
    return _engines.get(pid) or _engines.setdefault(
        pid, Engine(Slots(provider(), settings.NOTIFICATION_SLOTS))
    )


def drain(seconds: float = 10.0) -> bool:
    """Send what is due for at most `seconds`. Returns whether work was left when the time was up."""
    mine = engine()
    mine.stopping = stopping
    return mine.drain(seconds)


def stopping() -> bool:
    """Whether a warm stop has begun."""
    return bool(_stopping[0])


def stop_claiming() -> None:
    """A warm stop has begun: what is under way is recorded, nothing new is claimed, in any child."""
    _stopping[0] = 1
