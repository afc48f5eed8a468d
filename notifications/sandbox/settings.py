"""What can be changed while the sandbox runs, and which play a message gets."""

import random
from dataclasses import dataclass, field, fields
from typing import Any

from .allowed import MOMENTS, checked
from .ledger import Asked
from .plays import FAILS_LATER, MAGIC_NUMBERS
from .rules import Rule


@dataclass(slots=True)
class Settings:
    mode: str = "ok"
    meta_code: int = 131049  # for the modes meta and meta_later
    retry_after: str | None = "2"
    record: bool | None = None  # None: each play decides whether its message counts as accepted
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    drip_seconds: float = 1.0  # between two bytes of a dripping answer
    magic: bool = True  # whether MAGIC_NUMBERS and FAILS_LATER hold
    # What session text of `chat` gets 24 h after the customer last wrote: accepted and failed by `receipt`
    # with 131047, as Meta does it; refused at once in the `answer`; or nothing, when `off`.
    window: str = "receipt"
    webhooks: bool = True
    receipts: str = "normal"
    receipt_delays: dict[str, float] = field(default_factory=MOMENTS.copy)
    late_seconds: float = 60.0  # what `late` receipts come later
    early_seconds: float = 0.3  # what an answer comes later than its `early` receipts
    burst_seconds: float = 0.0  # receipts wait for each other so long and come in bursts; 0: they do not
    forged: float = 0.0  # share of receipts that bring a false one with a wrong secret
    unknown: float = 0.0  # share of receipts that bring one about a message nobody sent
    strange: float = 0.0  # share of receipts that bring an event of a type nobody knows
    media_twice: bool = True
    failure_in: str = "metadata.errors"  # where in the payload of message.failed Meta's code stands
    plus: str = "sampled"  # whether customer_identifier has one; `sampled`: incoming with, outgoing without
    fraction_digits: int = 9  # of the timestamp's seconds
    auth: str = "header"  # how webhooks prove themselves
    retry_speed: float = 30.0  # how much faster than MyOperator's 30 s, doubling to 2 h, posts are repeated
    fail: list[Rule] = field(default_factory=list)

    def delay(self) -> float:
        """Seconds this answer takes."""
        if self.jitter_ms:
            return max(0.0, self.latency_ms + random.uniform(-self.jitter_ms, self.jitter_ms)) / 1000
        return self.latency_ms / 1000

    def choose(self, asked: Asked) -> Rule:
        """A rule that takes it, else the mode, else the magic number, else `ok`."""
        for rule in self.fail:
            if rule.takes(asked):
                return rule
        if self.mode != "ok":
            return self.of_mode()
        if self.magic and asked.phone[-4:] in MAGIC_NUMBERS:
            return Rule(MAGIC_NUMBERS[asked.phone[-4:]], retry_after=self.retry_after)
        return OK

    def of_mode(self) -> Rule:
        return Rule(self.mode, retry_after=self.retry_after, record=self.record, code=self.meta_code)

    def fails_later(self, asked: Asked, rule: Rule) -> int | None:
        """Meta's code with which this message fails after it was accepted, if it does."""
        if rule.play == "meta_later":
            return rule.code
        return FAILS_LATER.get(asked.phone[-4:]) if self.magic else None

    def as_dict(self) -> dict[str, Any]:
        values = {spec.name: getattr(self, spec.name) for spec in fields(self)}
        return {**values, "fail": [rule.as_dict() for rule in self.fail]}

    def change(self, changes: Any) -> None:
        """Take over what is named. Raises ValueError naming the setting, and then nothing is changed."""
        for name, value in checked(changes).items():
            setattr(self, name, value)


OK = Rule("ok")
