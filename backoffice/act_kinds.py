"""What staff can do to many rows: each app declares its own, as it declares its kinds of message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from backoffice.tally import Outcome, Tally


@dataclass(frozen=True)
class Kind:
    """Something that staff do to many rows.

    title       on buttons and pages, such as "Send again"
    will, done  after a number, before and after it: "sent again" (will be), "queued again"
    permission  what it takes to look, to confirm and to stop
    foresee     what would become of these rows now; None: it does it to every one
    do          does it, in the caller's transaction: (ids, by whom, why)
    says        sentences about what was foreseen: what it costs, how long it takes
    example     a row's label and the address of its page
    most        rows that one act may be about
    model       of the rows: of a few, each one's history says what was done to it
    file        it changes nothing and writes a file instead: the lines of (ids, user)
    """

    code: str
    title: str
    will: str
    done: str
    permission: str
    says: Callable[[Tally], list[str]]
    example: Callable[[int], tuple[str, str]]
    do: Callable[[Sequence[int], str, str], Outcome] | None = None
    foresee: Callable[[Sequence[int]], Outcome] | None = None
    file: Callable[[Sequence[int], Any], Iterable[str]] | None = None
    model: type[Model] | None = None
    asks_why: bool = False
    is_harsh: bool = False
    most: int = 50_000


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    _kinds.update((kind.code, kind) for kind in kinds)


def kind_of(code: str) -> Kind:
    """Raises KeyError for what nobody declares (any more)."""
    return _kinds[code]


def kinds() -> list[Kind]:
    return list(_kinds.values())
