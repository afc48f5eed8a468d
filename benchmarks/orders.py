"""Row 4: placing an order that is announced, beside the same order with notifications off. No workers run."""

import contextlib
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator

from benchmarks.setting import CHECKOUT, Bench
from benchmarks.table import Row, p99

TURNS = 40  # of each side in a pair: many and short, so that what else the machine does falls on both
ORDERS = 10  # in a turn

Place = Callable[[str], list[float]]


def measure(bench: Bench, *, pairs: int) -> list[Row]:
    with shop(bench.env) as place:
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


def _pair(place: Place) -> tuple[list[float], list[float]]:
    """The milliseconds of each order: announced ones, silent ones."""
    announced, silent = [], []
    for _ in range(TURNS):
        announced += place(f"{ORDERS}")
        silent += place(f"{ORDERS} silent")
    return announced, silent


@contextlib.contextmanager
def shop(env: dict[str, str]) -> Iterator[Place]:
    """A process that places orders (`benchmarks.ordering`); a line in, the milliseconds of each order out."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.ordering"], cwd=CHECKOUT, env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None

    def place(line: str) -> list[float]:
        print(line, file=process.stdin, flush=True)
        return json.loads(process.stdout.readline())  # type: ignore[union-attr]

    try:
        yield place
    finally:
        process.terminate()
        process.communicate()
