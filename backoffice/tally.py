"""What becomes of many rows, counted: how many, which not and why, each reason with a few of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EXAMPLES = 5
MOST_REASONS = 20
OTHERS = "For other reasons."


@dataclass
class Outcome:
    """What an act does, or would do, to some rows.

    ids      the rows it does it to
    refused  why not, by row
    warned   what who asks should know first, by row
    sorts    how many of `ids` there are of each sort, such as what they cost by
    """

    ids: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    warned: dict[int, str] = field(default_factory=dict)
    sorts: Counter[str] = field(default_factory=Counter)


@dataclass
class Group:
    """Rows that one sentence holds for: how many, and the ids of the first few."""

    count: int = 0
    examples: list[int] = field(default_factory=list)

    def add(self, pk: int) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(pk)


@dataclass
class Tally:
    """Outcomes added up, as a JSON column keeps them."""

    count: int = 0
    skipped: dict[str, Group] = field(default_factory=dict)
    warned: dict[str, Group] = field(default_factory=dict)
    sorts: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        self.count += len(outcome.ids)
        self.sorts.update(outcome.sorts)
        _group(self.skipped, outcome.refused)
        _group(self.warned, outcome.warned)

    @property
    def left_out(self) -> int:
        return sum(group.count for group in self.skipped.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "sorts": dict(self.sorts),
            "skipped": _written(self.skipped),
            "warned": _written(self.warned),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Tally:
        """From what `as_json` gave; an empty one from nothing."""
        return cls(
            kept.get("count", 0),
            _read(kept.get("skipped", {})),
            _read(kept.get("warned", {})),
            Counter(kept.get("sorts", {})),
        )


def _group(groups: dict[str, Group], said: Mapping[int, str]) -> None:
    for pk, why in said.items():
        known = why in groups or len(groups) < MOST_REASONS
        groups.setdefault(why if known else OTHERS, Group()).add(pk)


def _written(groups: Mapping[str, Group]) -> dict[str, list[Any]]:
    return {why: [group.count, group.examples] for why, group in groups.items()}


def _read(kept: Mapping[str, list[Any]]) -> dict[str, Group]:
    """The largest first."""
    ordered = sorted(kept.items(), key=lambda item: -item[1][0])
    return {why: Group(count, list(examples)) for why, (count, examples) in ordered}
