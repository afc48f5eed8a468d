"""Row 5: placing an order that is announced while Redis is stopped, or hangs, beside the same with Redis there."""

import contextlib
import socket
import statistics
from collections.abc import Iterator

from benchmarks.asked import Ask, answering
from benchmarks.orders import ORDERS, SHOP, TURNS
from benchmarks.setting import Bench, free_port
from benchmarks.table import Row, p99


def measure(bench: Bench, *, pairs: int) -> list[Row]:
    with _hanging() as port:
        sides = {
            "stopped": f"redis://127.0.0.1:{free_port()}/0",
            "hanging": f"redis://127.0.0.1:{port}/0",
        }
        return [row for how, url in sides.items() for row in _compared(bench, how, url, pairs)]


def _compared(bench: Bench, how: str, url: str, pairs: int) -> list[Row]:
    with answering(SHOP, bench.env) as there, answering(SHOP, bench.env | {"REDIS_URL": url}) as away:
        _turns(there, away)  # warm
        taken = [_turns(there, away) for _ in range(pairs)]
    p50s = [statistics.median(gone) / statistics.median(well) for well, gone in taken]
    p99s = [p99(gone) / p99(well) for well, gone in taken]
    return [
        Row(5, f"placing an order: Redis {how} / there, p50", p50s, "x", 1.1, at_most=True),
        Row(5, "  p99", p99s, "x", 1.1, at_most=True),
    ]


def _turns(there: Ask, away: Ask) -> tuple[list[float], list[float]]:
    """The milliseconds of each order, side by side."""
    well, gone = [], []
    for _ in range(TURNS):
        well += there(f"{ORDERS}")
        gone += away(f"{ORDERS}")
    return well, gone


@contextlib.contextmanager
def _hanging() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as silent:
        yield int(silent.getsockname()[1])
