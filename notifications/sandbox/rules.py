"""Rules: the messages for which the sandbox plays something else."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .ledger import Asked
from .plays import PLAYS

_KINDS = {"phone_suffix": str, "text_contains": str, "api": str, "first_n": int}
_PLAYABLE = [name for name in PLAYS if name != "refuse"]  # one message cannot be refused a connection
_FIELDS = ("match", "play", "code", "retry_after", "times", "record")
CODE_LIMIT = 10**9


@dataclass(slots=True)
class Rule:
    """Plays something else for the messages it matches, `times` times or for ever.

    `match`: phone_suffix, text_contains, api (send-message or chat), first_n (the first n requests of each
    message, told apart by number and text); all that are named must hold, and {} matches everything.
    """

    play: str
    match: dict[str, Any] = field(default_factory=dict)
    retry_after: str | None = None
    times: int | None = None
    record: bool | None = None
    code: int = 0  # Meta's, for meta and meta_later
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def takes(self, asked: Asked) -> bool:
        """Whether this request is played; counts it if so."""
        if self.times == 0 or not self._fits(asked) or not self._early(asked):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def _fits(self, asked: Asked) -> bool:
        match = self.match
        return (
            asked.phone.endswith(match.get("phone_suffix", ""))
            and match.get("text_contains", "") in asked.text
            and match.get("api", asked.api) == asked.api
        )

    def _early(self, asked: Asked) -> bool:
        if "first_n" not in self.match:
            return True
        key = (asked.phone, asked.text)
        self.seen[key] += 1
        return self.seen[key] <= self.match["first_n"]

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS}


def rule_from(value: Any) -> Rule:
    """A rule as JSON says it. Raises ValueError with what is wrong with it."""
    if not isinstance(value, dict) or not set(value) <= set(_FIELDS):
        raise ValueError(f"a rule is an object with {', '.join(_FIELDS)}")
    if value.get("play") not in _PLAYABLE:
        raise ValueError(f"play is one of {', '.join(_PLAYABLE)}")
    _check_code(value)
    rule = Rule(**{**value, "match": _match_from(value.get("match", {}))})
    rule.retry_after = None if rule.retry_after is None else str(rule.retry_after)
    if rule.times is not None and type(rule.times) is not int:
        raise ValueError("times is a whole number or null")
    return rule


def _check_code(value: dict[str, Any]) -> None:
    code = value.get("code", 0)
    if type(code) is not int or not 0 <= code < CODE_LIMIT:
        raise ValueError("code is one of Meta's, like 131049")
    if value["play"].startswith("meta") and "code" not in value:
        raise ValueError(f"play {value['play']} needs a code of Meta's, like 131049")


def _match_from(match: Any) -> dict[str, Any]:
    right = isinstance(match, dict) and all(type(match[name]) is _KINDS.get(name) for name in match)
    if not right:
        raise ValueError("match holds phone_suffix, text_contains, api (texts) and first_n (a whole number)")
    return match
