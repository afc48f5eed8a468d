"""A storm of receipts: out of order, twice, forged, before their message, and all at once."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from .allowed import MOMENTS, number, share, switch, whole
from .events import Event, kinds_of
from .ledger import Bubble
from .rules import CODE_LIMIT


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a storm shall be. Shares are of its receipts, those of `unread` and `failed` of its messages.

    `receipts`: how many that are true and differ; None: those of all accepted messages that have none yet.
    With too few messages it gathers those that are accepted from now on, until `patience` seconds bring no
    more. `early` receipts are posted before the answer to the request, so only messages gathered have them.
    """

    receipts: int | None = None
    shuffled: bool = True
    duplicated: float = 0.0
    forged: float = 0.0
    early: float = 0.0
    unread: float = 0.2
    failed: float = 0.05
    code: int = 131026  # Meta's, of those that fail
    seconds: float = 0.0  # over which it is spread; 0: as fast as the other side takes it
    patience: float = 5.0
    seed: int | None = None


_WHOLE = whole(CODE_LIMIT)
_CHECKS: dict[str, Callable[[Any], Any]] = {
    "receipts": lambda value: None if value is None else _WHOLE(value),
    "shuffled": switch,
    "duplicated": share,
    "forged": share,
    "early": share,
    "unread": share,
    "failed": share,
    "code": _WHOLE,
    "seconds": number,
    "patience": number,
    "seed": lambda value: None if value is None else _WHOLE(value),
}


def wishes_from(value: Any) -> Wishes:
    """Raises ValueError naming what is wrong."""
    if not isinstance(value, dict) or not set(value) <= set(_CHECKS):
        raise ValueError(f"a storm is an object with {', '.join(spec.name for spec in fields(Wishes))}")
    found = {}
    for name, one in value.items():
        try:
            found[name] = _CHECKS[name](one)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{name}: {error}") from error
    return Wishes(**found)


class Storm:
    def __init__(
        self, wishes: Wishes, happen: Callable[[Event], None], forge: Callable[[Event], None]
    ) -> None:
        """`happen` makes an event true and posts it, `forge` posts a false one about the same message."""
        self.wishes, self.happen, self.forge = wishes, happen, forge
        self.chance = random.Random(wishes.seed)
        self.state = "gathering"  # then: raging, over
        self.bubbles: list[Bubble] = []
        self.events: list[Event] = []  # all that are true, early or not
        self.held: list[Event] = []
        self.counts: Counter[str] = Counter()
        self.loop = asyncio.get_running_loop()
        self.last_taken = self.loop.time()

    @property
    def gathers(self) -> bool:
        return self.state == "gathering"

    def begin(self, accepted: list[Bubble]) -> None:
        """Take those that have no receipts yet, and break loose or wait for more."""
        for bubble in accepted:
            if self.gathers and not bubble.told:
                self._take(bubble, 0.0)
        if self.wishes.receipts is None:
            self._break_loose()
        elif self.gathers:
            self._wait()

    def take(self, bubble: Bubble) -> bool:
        """Take one that is accepted just now. Returns whether its answer has to wait for early receipts."""
        self.last_taken = self.loop.time()
        return self._take(bubble, self.wishes.early)

    def _take(self, bubble: Bubble, early: float) -> bool:
        bubble.told = True
        self.bubbles.append(bubble)
        soon = [event for event in self._events_of(bubble) if not self._holds(event, early)]
        for event in soon:
            self.happen(event)
        self.counts["early"] += len(soon)
        if self._room() == 0:
            self._break_loose()
        return bool(soon)

    def _events_of(self, bubble: Bubble) -> list[Event]:
        found = [
            Event.of(bubble, kind, MOMENTS.get(kind, 0.5)) for kind in self._fate(bubble)[: self._room()]
        ]
        self.events += found
        return found

    def _room(self) -> int | None:
        """How many receipts it still wants; None: any number."""
        return None if self.wishes.receipts is None else self.wishes.receipts - len(self.events)

    def _fate(self, bubble: Bubble) -> tuple[str, ...]:
        luck = self.chance.random()
        if bubble.failure is None and luck < self.wishes.failed:
            bubble.failure = self.wishes.code
        kinds = kinds_of(bubble)
        return kinds if luck < 1 - self.wishes.unread else tuple(kind for kind in kinds if kind != "read")

    def _holds(self, event: Event, early: float) -> bool:
        held = self.chance.random() >= early
        if held:
            self.held.append(event)
        return held

    def _wait(self) -> None:
        left = self.last_taken + self.wishes.patience - self.loop.time()
        if not self.gathers:
            return
        if left > 0:
            self.loop.call_later(left, self._wait)
        else:
            self._break_loose()

    def _break_loose(self) -> None:
        self.state = "raging"
        blows = self._blows()
        if self.wishes.seconds and blows:
            pause = self.wishes.seconds / len(blows)
            for place, (event, post) in enumerate(blows):
                self.loop.call_later(place * pause, self._blow, event, post)
            self.loop.call_later(self.wishes.seconds, self.call_off)
            return
        for event, post in blows:
            post(event)
        self.call_off()

    def _blows(self) -> list[tuple[Event, Callable[[Event], None]]]:
        again = self._some(self.wishes.duplicated)
        lies = self._some(self.wishes.forged)
        self.counts.update(duplicated=len(again), forged=len(lies))
        blows = [(event, self.happen) for event in self.held + again] + [
            (event, self.forge) for event in lies
        ]
        if self.wishes.shuffled:
            self.chance.shuffle(blows)
        else:
            blows.sort(key=lambda blow: blow[0].at)
        return blows

    def _some(self, part: float) -> list[Event]:
        return self.chance.sample(self.events, round(part * len(self.events)))

    def _blow(self, event: Event, post: Callable[[Event], None]) -> None:
        if self.state == "raging":
            post(event)

    def call_off(self) -> None:
        self.state = "over"

    def as_dict(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "messages": len(self.bubbles),
            "receipts": len(self.events),
            "early": self.counts["early"],
            "duplicated": self.counts["duplicated"],
            "forged": self.counts["forged"],
            "final_states": dict(Counter(bubble.status for bubble in self.bubbles)),
        }
