"""A provider in memory, for tests: keeps what it accepted and answers as it is told."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from notifications.providers.base import Accepted, Outgoing

accepted: list[Outgoing] = []
asked: list[Outgoing] = []
_ids = itertools.count(1)
_answer: Callable[[Outgoing], Accepted | None] | None = None


def reset() -> None:
    """Forget everything and accept again."""
    global _answer
    accepted.clear()
    asked.clear()
    _answer = None


def answer_with(function: Callable[[Outgoing], Accepted | None]) -> None:
    """Answer by `function`: it raises a failure, returns an acceptance, or None to accept as usual."""
    global _answer
    _answer = function


class Memory:
    def send(self, outgoing: Outgoing) -> Accepted:
        asked.append(outgoing)
        answer = _answer(outgoing) if _answer else None
        accepted.append(outgoing)
        return answer or Accepted(f"memory-{next(_ids)}")
