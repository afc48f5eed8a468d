"""What becomes of a message after it was accepted, and when the webhook says so."""

import asyncio
import math
import random
from collections.abc import Callable
from typing import Protocol

from . import lies
from .events import Event, body_of, kinds_of
from .ledger import Bubble, Ledger
from .options import Options
from .settings import Settings
from .storm import Storm


class Post(Protocol):
    def __call__(self, make: Callable[[], bytes], forged: bool = False) -> None:
        """Takes what makes the body: only when it goes out, so waiting events stay small."""


class Receipts:
    def __init__(self, options: Options, settings: Settings, ledger: Ledger, post: Post) -> None:
        self.options, self.settings, self.ledger, self.post = options, settings, ledger, post
        self.storm: Storm | None = None

    def plan(self, bubble: Bubble) -> float:
        """Plan a message's receipts. Returns the seconds its answer has to wait, for those that come before."""
        settings = self.settings
        if self.storm and self.storm.gathers:
            return settings.early_seconds if self.storm.take(bubble) else 0.0
        if not settings.webhooks or settings.receipts == "never":
            return 0.0
        loop, epoch = asyncio.get_running_loop(), self.ledger.epoch
        bubble.told = True
        for delay, event in self._planned(bubble):
            loop.call_later(delay, self._happen, event, epoch)
        return settings.early_seconds if settings.receipts == "early" else 0.0

    def _planned(self, bubble: Bubble) -> list[tuple[float, Event]]:
        """Each event with the delay of its webhook, in seconds."""
        delays = self.settings.receipt_delays
        kinds = kinds_of(bubble)
        times = [delays["delivered" if kind == "failed" else kind] for kind in kinds]
        events = [Event.of(bubble, kind, delay) for kind, delay in zip(kinds, times, strict=True)]
        return self._misplaced(times, events)

    def _misplaced(self, times: list[float], events: list[Event]) -> list[tuple[float, Event]]:
        mode = self.settings.receipts
        if mode == "reversed":
            events = events[::-1]
        elif mode == "shuffled":
            random.shuffle(events)
        elif mode == "late":
            times = [delay + self.settings.late_seconds for delay in times]
        elif mode == "early":
            times = [0.0] * len(times)
        if self.settings.burst_seconds:
            now = asyncio.get_running_loop().time()
            times = [until_burst(delay, self.settings.burst_seconds, now) for delay in times]
        planned = list(zip(times, events, strict=True))
        return planned * 2 if mode == "duplicated" else planned

    def _happen(self, event: Event, epoch: int) -> None:
        if epoch != self.ledger.epoch:
            return  # the message was forgotten meanwhile
        settings = self.settings
        if settings.forged or settings.unknown or settings.strange:
            self._lie(event)
        self.happen(event)

    def happen(self, event: Event) -> None:
        """It is so from now on, and said at once."""
        event.bubble.move(event.kind)
        self._post(event)

    def _lie(self, event: Event) -> None:
        settings = self.settings
        if random.random() < settings.forged:
            self.forge(event)
        if random.random() < settings.unknown:
            self._post(lies.unknown(event))
        if random.random() < settings.strange:
            self._post(lies.strange(event))

    def forge(self, event: Event) -> None:
        """Post what is not true of its message, with a wrong secret."""
        self._post(lies.forged(event), forged=True)

    def calm(self) -> None:
        """Whatever storm there is, is over."""
        if self.storm:
            self.storm.call_off()

    def replied(self, bubble: Bubble) -> None:
        """Say what the customer wrote. Media comes twice, as MyOperator does it, under two event ids."""
        if not self.settings.webhooks:
            return
        self._post(Event.of(bubble, "received", 0))
        if bubble.asked.data and self.settings.media_twice:
            self._post(Event.of(bubble, "received", 0))

    def _post(self, event: Event, forged: bool = False) -> None:
        self.post(lambda: body_of(event, self.options, self.settings), forged)


def until_burst(delay: float, every: float, now: float) -> float:
    """Seconds until the first burst after `delay`, when they come `every` so many seconds."""
    return math.ceil((now + delay) / every) * every - now
