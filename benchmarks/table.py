"""Printing rows: the figure, its median with min and max, beside its goal."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line. `figures` are the runs' values; `goal` is met when the median is at least (or at most) it."""

    number: int
    what: str
    figures: Sequence[float]
    unit: str
    goal: float
    at_most: bool = False

    @property
    def median(self) -> float:
        return statistics.median(self.figures)

    @property
    def met(self) -> bool:
        return self.median <= self.goal if self.at_most else self.median >= self.goal

    def line(self) -> str:
        spread = f"{min(self.figures):.2f}-{max(self.figures):.2f}"
        goal = f"{'<=' if self.at_most else '>='} {self.goal:g}"
        verdict = "met" if self.met else "NOT MET"
        return f"{self.number:>3}  {self.what:<58} {self.median:>9.2f} {self.unit:<7} {spread:<18} {goal:<9} {verdict}"


def show(rows: Iterable[Row], wanted: set[int]) -> int:
    """Print the wanted rows; always 0: a figure is a figure, whatever it is."""
    print(f"{'row':>3}  {'what':<58} {'median':>9} {'':<7} {'min-max':<18} {'goal':<9}")
    for row in rows:
        if row.number in wanted:
            print(row.line(), flush=True)
    return 0


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[98]
