"""What a row is, what it saw, and how it is printed."""

import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

WIDTHS = (3, 30, 38, 78)  # number, fault, expected, seen


@dataclass
class Seen:
    """What was seen, in the order it was; one thing that was not fine fails the row."""

    parts: list[str] = field(default_factory=list)
    fine: bool = True

    def check(self, what: str, fine: bool) -> None:
        """Say what was seen, and whether it is what was expected."""
        self.parts.append(what if fine else f"NOT FINE: {what}")
        self.fine = self.fine and fine

    def note(self, what: str) -> None:
        """Say what was seen where nothing was expected of it."""
        self.parts.append(what)


@dataclass(frozen=True)
class Row:
    number: int
    fault: str
    expected: str
    play: Callable[[Any, Seen], None]


ROWS: dict[int, Row] = {}


def row(number: int, fault: str, expected: str) -> Callable[[Callable], Callable]:
    """Make a function the row of this number. It takes the Ground and the Seen."""

    def keep(play: Callable[[Any, Seen], None]) -> Callable[[Any, Seen], None]:
        ROWS[number] = Row(number, fault, expected, play)
        return play

    return keep


def printed(found: Row, seen: Seen, seconds: float) -> str:
    """The row as a piece of the table, its cells wrapped."""
    verdict = "ok" if seen.fine else "FAILED"
    cells = (
        str(found.number),
        found.fault,
        found.expected,
        "; ".join([*seen.parts, f"{seconds:.0f} s in all"]),
    )
    lines = [_line(words) for words in zip_longest(*map(_wrapped, cells, WIDTHS), fillvalue="")]
    return "\n".join([f"{lines[0]}  {verdict}", *(line.rstrip() for line in lines[1:])])


def head() -> str:
    return f"{_line(('#', 'fault', 'expected', 'seen'))}  verdict"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width)


def _line(words: tuple[str, ...]) -> str:
    return "  ".join(f"{word:<{width}}" for word, width in zip(words, WIDTHS, strict=True))


def wait_until(what: str, true: Callable[[], bool], seconds: float = 60, every: float = 0.05) -> float:
    """Poll until `true()` is; returns the seconds it took. Raises TimeoutError naming `what`."""
    began = time.monotonic()
    for _ in _moments(began + seconds, every):
        if true():
            return time.monotonic() - began
    raise TimeoutError(f"{what}: not within {seconds:.0f} s")


def _moments(ends: float, every: float) -> Iterator[None]:
    while time.monotonic() < ends:
        yield
        time.sleep(every)
