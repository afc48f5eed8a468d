"""Row 4: placing an order that is announced, beside the same order with notifications off. No workers run."""

import statistics

from benchmarks.asked import Ask, answering
from benchmarks.setting import Bench
from benchmarks.table import Row, p99

TURNS = 40  # of each side in a pair: many and short, so that what else the machine does falls on both
ORDERS = 10  # in a turn

SHOP = "benchmarks.ordering"


def measure(bench: Bench, *, pairs: int) -> list[Row]:
    with answering(SHOP, bench.env) as place:
        _pair(place)  # warm
        taken = [_pair(place) for _ in range(pairs)]
    p50s = [statistics.median(announced) / statistics.median(silent) for announced, silent in taken]
    p99s = [p99(announced) / p99(silent) for announced, silent in taken]
    plain = [statistics.median(silent) for _, silent in taken]
    return [
        Row(4, "placing an order: with notification / without, p50", p50s, "x", 1.35, at_most=True),
        Row(4, "  p99", p99s, "x", 1.5, at_most=True),
        Row(4, "  without, p50", plain, "ms", 1000, at_most=True),
    ]


def _pair(place: Ask) -> tuple[list[float], list[float]]:
    """The milliseconds of each order: announced ones, silent ones."""
    announced, silent = [], []
    for _ in range(TURNS):
        announced += place(f"{ORDERS}")
        silent += place(f"{ORDERS} silent")
    return announced, silent
