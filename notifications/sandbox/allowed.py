"""What each setting may be."""

from collections.abc import Callable
from typing import Any

from .plays import PLAYS
from .rules import CODE_LIMIT, Rule, rule_from

RECEIPT_MODES = ("normal", "early", "late", "duplicated", "reversed", "shuffled", "never")
WINDOWS = ("receipt", "answer", "off")
FAILURE_PLACES = ("metadata.errors", "errors", "error")
PLUSES = ("sampled", "always", "never", "mixed")
AUTHS = ("header", "path", "basic", "none")
MOMENTS = {"sent": 0.2, "delivered": 0.5, "read": 1.0}  # seconds after a message was accepted


def checked(changes: Any) -> dict[str, Any]:
    """The settings as they are kept. Raises ValueError naming the one that is wrong."""
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


def _one_of(names: Any) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in names:
            raise ValueError(f"is one of {', '.join(names)}")
        return value

    return check


def number(value: Any) -> float:
    """Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise ValueError("is a number, not below 0")
    return float(value)


def share(value: Any) -> float:
    """Raises ValueError."""
    if number(value) > 1:
        raise ValueError("is a share, from 0 to 1")
    return float(value)


def whole(below: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if type(value) is not int or not 0 <= value < below:
            raise ValueError(f"is a whole number from 0 to {below - 1}")
        return value

    return check


def _speed(value: Any) -> float:
    if not number(value):
        raise ValueError("is a number above 0")
    return float(value)


def switch(value: Any) -> bool:
    """Raises TypeError."""
    if not isinstance(value, bool):
        raise TypeError("is true or false")
    return value


def _delays(value: Any) -> dict[str, float]:
    if not isinstance(value, dict) or not set(value) <= set(MOMENTS):
        raise ValueError("is an object with sent, delivered and read in seconds")
    return {**MOMENTS, **{name: number(seconds) for name, seconds in value.items()}}


def _rules(value: Any) -> list[Rule]:
    if not isinstance(value, list):
        raise TypeError("is a list of rules")
    return [rule_from(one) for one in value]


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "mode": _one_of(PLAYS),
    "meta_code": whole(CODE_LIMIT),
    "retry_after": lambda value: None if value is None else str(value),
    "record": lambda value: None if value is None else switch(value),
    "latency_ms": number,
    "jitter_ms": number,
    "drip_seconds": number,
    "magic": switch,
    "window": _one_of(WINDOWS),
    "webhooks": switch,
    "receipts": _one_of(RECEIPT_MODES),
    "receipt_delays": _delays,
    "late_seconds": number,
    "early_seconds": number,
    "burst_seconds": number,
    "forged": share,
    "unknown": share,
    "strange": share,
    "media_twice": switch,
    "failure_in": _one_of(FAILURE_PLACES),
    "plus": _one_of(PLUSES),
    "fraction_digits": whole(10),
    "auth": _one_of(AUTHS),
    "retry_speed": _speed,
    "fail": _rules,
}
