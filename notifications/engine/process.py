"""This process's engine: its provider, its threads, and the flag that a warm stop raises."""

from __future__ import annotations

import mmap
import os

from django.conf import settings

from notifications.engine.drain import Engine
from notifications.engine.slots import Slots
from notifications.providers.base import Provider
from notifications.providers.console import Console
from notifications.providers.memory import Memory
from notifications.providers.myoperator_send_message import SendMessage
from notifications.providers.transport import Transport
from notifications.providers.unconfigured import Unconfigured

_engines: dict[int, Engine] = {}
# One byte shared with the children forked later: a worker's main process raises it, they stop claiming.
_stopping = mmap.mmap(-1, 1)


def provider() -> Provider:
    """The provider that `MYOPERATOR_API` names. Raises ValueError for a name nobody knows."""
    if settings.MYOPERATOR_API == "memory":
        return Memory()
    if settings.MYOPERATOR_API == "console":
        return Console()
    if settings.MYOPERATOR_API != "send-message":
        raise ValueError(f"MYOPERATOR_API={settings.MYOPERATOR_API!r}: use send-message, memory or console.")
    if settings.MYOPERATOR_BASE_URL == settings.MYOPERATOR_REAL_URL and not settings.MYOPERATOR_API_KEY:
        return Unconfigured()
    return SendMessage(
        base_url=settings.MYOPERATOR_BASE_URL,
        api_key=settings.MYOPERATOR_API_KEY,
        api_secret=settings.MYOPERATOR_API_SECRET,
        account_id=settings.MYOPERATOR_ACCOUNT_ID,
        transport=Transport(settings.NOTIFICATION_SLOTS),
    )


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
