"""What can be changed while the sandbox runs, and which play a message gets."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from .ledger import Asked
from .plays import MAGIC_NUMBERS, PLAYS
from .rules import Rule, rule_from

RECEIPT_MODES = ("normal", "late", "duplicated", "reversed", "shuffled", "never")


@dataclass(slots=True)
class Settings:
    mode: str = "ok"
    retry_after: str | None = "2"
    record: bool | None = None  # None: each play decides whether its message counts as accepted
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    drip_seconds: float = 1.0  # between two bytes of a dripping answer
    magic: bool = True  # whether MAGIC_NUMBERS and FAILS_LATER hold
    webhooks: bool = True
    receipts: str = "normal"
    receipt_delays: dict[str, float] = field(
        default_factory=lambda: {"sent": 0.2, "delivered": 0.5, "read": 1.0}
    )
    late_seconds: float = 60.0  # what `late` receipts come later
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
        return Rule(self.mode, retry_after=self.retry_after, record=self.record)

    def as_dict(self) -> dict[str, Any]:
        values = {spec.name: getattr(self, spec.name) for spec in fields(self)}
        return {**values, "fail": [rule.as_dict() for rule in self.fail]}

    def change(self, changes: Any) -> None:
        """Take over what is named. Raises ValueError naming the setting, and then nothing is changed."""
        for name, value in _checked(changes).items():
            setattr(self, name, value)


OK = Rule("ok")


def _one_of(names: Any) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in names:
            raise ValueError(f"is one of {', '.join(names)}")
        return value

    return check


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise ValueError("is a number, not below 0")
    return float(value)


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("is true or false")
    return value


def _delays(value: Any) -> dict[str, float]:
    if not isinstance(value, dict) or not set(value) <= {"sent", "delivered", "read"}:
        raise ValueError("is an object with sent, delivered and read in seconds")
    return {**Settings().receipt_delays, **{name: _number(seconds) for name, seconds in value.items()}}


def _rules(value: Any) -> list[Rule]:
    if not isinstance(value, list):
        raise TypeError("is a list of rules")
    return [rule_from(one) for one in value]


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "mode": _one_of(PLAYS),
    "retry_after": lambda value: None if value is None else str(value),
    "record": lambda value: None if value is None else _switch(value),
    "latency_ms": _number,
    "jitter_ms": _number,
    "drip_seconds": _number,
    "magic": _switch,
    "webhooks": _switch,
    "receipts": _one_of(RECEIPT_MODES),
    "receipt_delays": _delays,
    "late_seconds": _number,
    "fail": _rules,
}


def _checked(changes: Any) -> dict[str, Any]:
    if not isinstance(changes, dict):
        raise ValueError("settings are a JSON object")  # noqa: TRY004  callers are promised ValueError
    return {name: _check(name, value) for name, value in changes.items()}


def _check(name: str, value: Any) -> Any:
    if name not in _CHECKS:
        raise ValueError(f"{name}: no such setting; there are {', '.join(_CHECKS)}")
    try:
        return _CHECKS[name](value)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name}: {error}") from error
