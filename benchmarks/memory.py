"""Row 14: what a dispatch worker holds after 200,000 messages, beside what it held after the first 10,000."""

import psutil

from benchmarks.drain import queue_due
from benchmarks.setting import Bench, wait_until
from benchmarks.table import Row
from earlybird.celery import app
from notifications.models import QueuedMessage

ROUND = 10_000
ROUNDS = 20
MEGABYTE = 1_000_000


def measure(bench: Bench, *, pairs: int) -> list[Row]:
    """One worker, as many rounds as there are: `pairs` does not apply."""
    held = []
    with bench.worker("-Q", "dispatch", "-c", "1", "-n", "ours@memory") as worker:
        for number in range(ROUNDS):
            _drain()
            bench.sandbox.forget()
            held.append(_held(worker.pid))
            print(f"  {(number + 1) * ROUND:,} messages: {held[-1] / MEGABYTE:.1f} MB", flush=True)
    return [
        Row(
            14,
            "memory of a worker: after 200,000 / after 10,000",
            [held[-1] / held[0]],
            "x",
            1.05,
            at_most=True,
        ),
        Row(14, "  after 200,000", [held[-1] / MEGABYTE], "MB", 1_000, at_most=True),
    ]


def _drain() -> None:
    queue_due(ROUND)
    app.send_task("notifications.tasks.dispatch")
    wait_until("the drain", lambda: not QueuedMessage.objects.exists())


def _held(pid: int) -> int:
    """Bytes that the worker and its children hold, what they share counted once."""
    worker = psutil.Process(pid)
    return sum(one.memory_full_info().pss for one in (worker, *worker.children(recursive=True)))
