"""How the texts stand: which are switched off, and how many are missing, for who writes them."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.admin.templates import board

MOST_NAMED = 5


@dataclass(frozen=True)
class Texts:
    """`off`: (which text, its page) of those that nothing is sent with; no more than are named are kept."""

    kinds: int
    missing: int
    off: list[tuple[str, str]]
    more_off: int


def texts() -> Texts:
    rows = board.rows()
    off = [(f"{row.kind.label}, {tab.name}", tab.address) for row in rows for tab in row.off]
    missing = sum(len(row.gaps) for row in rows)
    return Texts(len(rows), missing, off[:MOST_NAMED], max(len(off) - MOST_NAMED, 0))
