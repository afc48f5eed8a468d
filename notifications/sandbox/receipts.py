"""What becomes of a message after it was accepted, and when the webhook says so."""

import asyncio
import random
from collections.abc import Callable

from .events import Event, body_of
from .ledger import Bubble, Ledger
from .options import Options
from .plays import FAILS_LATER
from .settings import Settings

Post = Callable[[Callable[[], bytes]], None]


class Receipts:
    def __init__(self, options: Options, settings: Settings, ledger: Ledger, post: Post) -> None:
        """`post` takes what makes the body: only when it goes out, so waiting events stay small."""
        self.options, self.settings, self.ledger, self.post = options, settings, ledger, post

    def plan(self, bubble: Bubble) -> None:
        settings = self.settings
        if not settings.webhooks or settings.receipts == "never":
            return
        loop, epoch = asyncio.get_running_loop(), self.ledger.epoch
        for delay, event in self._planned(bubble):
            loop.call_later(delay, self._happen, event, epoch)

    def _planned(self, bubble: Bubble) -> list[tuple[float, Event]]:
        """Each event with the delay of its webhook, in seconds."""
        delays = self.settings.receipt_delays
        kinds = self._kinds(bubble)
        times = [delays["delivered" if kind == "failed" else kind] for kind in kinds]
        events = [Event.of(bubble, kind, delay) for kind, delay in zip(kinds, times, strict=True)]
        return self._misplaced(times, events)

    def _kinds(self, bubble: Bubble) -> tuple[str, ...]:
        fails = self.settings.magic and bubble.asked.phone[-4:] in FAILS_LATER
        return ("sent", "failed") if fails else ("sent", "delivered", "read")

    def _misplaced(self, times: list[float], events: list[Event]) -> list[tuple[float, Event]]:
        mode = self.settings.receipts
        if mode == "reversed":
            events = events[::-1]
        elif mode == "shuffled":
            random.shuffle(events)
        elif mode == "late":
            times = [delay + self.settings.late_seconds for delay in times]
        planned = list(zip(times, events, strict=True))
        return planned * 2 if mode == "duplicated" else planned

    def _happen(self, event: Event, epoch: int) -> None:
        if epoch != self.ledger.epoch:
            return  # the message was forgotten meanwhile
        event.bubble.move(event.kind)
        self._post(event)

    def replied(self, bubble: Bubble) -> None:
        if self.settings.webhooks:
            self._post(Event.of(bubble, "received", 0))

    def _post(self, event: Event) -> None:
        self.post(lambda: body_of(event, self.options))
