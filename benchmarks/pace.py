"""Row 7: whether two workers keep the pace together, by the provider's own times of acceptance."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.drain import queue_due
from benchmarks.setting import Bench, wait_until
from benchmarks.table import Row
from earlybird.celery import app
from notifications.models import QueuedMessage

LIMITS = (80, 1000)  # messages a second
SECONDS = 15  # of sending in a turn
LEAST, MOST = 0.95, 1.05


@dataclass
class Figures:
    speeds: list[float] = field(default_factory=list)  # as shares of the limit
    windows: list[float] = field(default_factory=list)


def measure(bench: Bench, *, pairs: int) -> list[Row]:
    rows = []
    for limit in LIMITS:
        figures = Figures()
        with _workers(bench, limit):
            _turn(bench, Figures(), limit, 1)  # warm: connections, caches, code
            for number in range(pairs):
                _turn(bench, figures, limit, SECONDS)
                print(f"  {limit}/s, turn {number + 1}: {figures.speeds[-1]:.3f} of the limit, fullest second "
                      f"{figures.windows[-1]:.3f}", flush=True)  # fmt: skip
        rows += _rows(figures, limit)
    return rows


@contextlib.contextmanager
def _workers(bench: Bench, limit: int) -> Iterator[None]:
    """Two workers of one process each, as two machines would be."""
    paced = replace(bench, env=bench.env | {"MYOPERATOR_RATE_LIMIT": str(limit)})
    with (
        paced.worker("-Q", "dispatch", "-c", "1", "-n", "one@bench"),
        paced.worker("-Q", "dispatch", "-c", "1", "-n", "two@bench"),
    ):
        yield


def _turn(bench: Bench, figures: Figures, limit: int, seconds: int) -> None:
    bench.sandbox.forget()
    queue_due(limit * seconds)
    ends = time.monotonic() + 4 * seconds + 30
    for _ in range(2):
        app.send_task("notifications.tasks.dispatch")
    wait_until("the drain", lambda: not QueuedMessage.objects.exists(), ends - time.monotonic())
    times = sorted(message["accepted_at"] for message in bench.sandbox.messages())
    figures.speeds.append((len(times) - 1) / (times[-1] - times[0]) / limit)
    figures.windows.append(fullest(times) / limit)


def fullest(times: Sequence[float], window: float = 1.0) -> int:
    """The most of these moments (in order) within any window of so many seconds, its end not included."""
    most = first = 0
    for last, moment in enumerate(times):
        while times[first] <= moment - window:
            first += 1
        most = max(most, last - first + 1)
    return most


def _rows(figures: Figures, limit: int) -> list[Row]:
    return [
        Row(7, f"pace of two workers at {limit:,}/s: accepted / limit", figures.speeds, "x", LEAST),
        Row(7, "  fullest second / limit", [max(figures.windows)], "x", MOST, at_most=True),
    ]
