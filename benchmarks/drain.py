"""Rows 1-3: how fast due messages leave, beside a bare loop and beside the usual design."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection

from benchmarks import processor, usual
from benchmarks.bare import Loop
from benchmarks.setting import SLOTS, Bench, wait_until
from benchmarks.table import Row
from earlybird.celery import app
from notifications.clock import now as clock_now
from notifications.models import Message, QueuedMessage
from notifications.outbox.compose import Item, Writer
from notifications.outbox.record import record

USUAL_MESSAGES = 3_000  # it is slow, and its speed does not depend on how many there are
USUAL_WARM = 300
USUAL_SLOTS = 100
USUAL_POOLS = ("prefork", "threads")
CHUNK = 1000


@dataclass
class Figures:
    ours: list[float] = field(default_factory=list)  # messages a second
    bare: list[float] = field(default_factory=list)
    usual: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # milliseconds a message
    bare_cpu: list[float] = field(default_factory=list)


def measure(bench: Bench, *, pairs: int, messages: int) -> list[Row]:
    """Take the sides in turn, `pairs` times, and make rows of it."""
    figures = Figures()
    with _sides(bench) as loop:
        _drain(messages // 4)  # both sides warm: connections, caches, code
        loop.send(messages // 4)
        for number in range(pairs):
            _pair(bench, figures, loop, messages)
            print(f"  pair {number + 1}: ours {figures.ours[-1]:.0f}/s, bare loop {figures.bare[-1]:.0f}/s, "
                  f"usual design {figures.usual[-1]:.0f}/s", flush=True)  # fmt: skip
    return _rows(figures, messages)


@contextlib.contextmanager
def _sides(bench: Bench) -> Iterator[Loop]:
    with bench.worker("-Q", "dispatch", "-c", "2", "-n", "ours@bench"):
        loop = Loop(bench.sandbox.url, SLOTS)
        try:
            yield loop
        finally:
            loop.stop()


def _pair(bench: Bench, figures: Figures, loop: Loop, messages: int) -> None:
    seconds, cpu = _with_cpu(bench, lambda: _drain(messages))
    figures.ours.append(messages / seconds)
    figures.cpu.append(cpu / messages * 1000)
    seconds, cpu = _with_cpu(bench, lambda: loop.send(messages))
    figures.bare.append(messages / seconds)
    figures.bare_cpu.append(cpu / messages * 1000)
    figures.usual.append(max(USUAL_MESSAGES / _usual(bench, pool) for pool in USUAL_POOLS))
    bench.sandbox.forget()


def _with_cpu(bench: Bench, run: Callable[[], float]) -> tuple[float, float]:
    """The run's seconds, and the seconds of CPU of the whole box less the sandbox."""
    sandbox = bench.sandbox.process.pid if bench.sandbox.process else 0
    before = processor.box() - processor.process(sandbox)
    seconds = run()
    return seconds, processor.box() - processor.process(sandbox) - before


def _drain(messages: int) -> float:
    """Queue so many, then the seconds from the nudge until every one is recorded as sent."""
    queue_due(messages)
    begun = time.monotonic()
    for _ in range(2):
        app.send_task("notifications.tasks.dispatch")
    wait_until("the drain", lambda: not QueuedMessage.objects.exists())
    seconds = time.monotonic() - begun
    unsent = Message.objects.exclude(status="sent").count()
    if unsent:
        raise RuntimeError(f"{unsent} of {messages} messages were not sent")
    return seconds


def _usual(bench: Bench, pool: str) -> float:
    """The seconds of the usual design in this pool. Its workers live for this turn: idle ones are not free."""
    arguments = ("-Q", f"usual-{pool}", "-P", pool, "-c", str(USUAL_SLOTS), "-n", f"{pool}@bench")
    with bench.worker(*arguments, app="benchmarks.usual"):
        _usual_sends(USUAL_WARM, pool)  # every child has its connections, as a worker that runs for days
        return _usual_sends(USUAL_MESSAGES, pool)


def _usual_sends(messages: int, pool: str) -> float:
    queue_due(messages, live=False)
    ids = list(Message.objects.values_list("pk", flat=True))
    begun = time.monotonic()
    for message_id in ids:
        usual.send.apply_async((message_id,), queue=f"usual-{pool}")
    wait_until("the usual design", lambda: not Message.objects.filter(status="queued").exists())
    return time.monotonic() - begun


def queue_due(messages: int, *, live: bool = True) -> None:
    """A fresh log with so many due messages to as many people; no nudge goes out."""
    with connection.cursor() as cursor:
        tables = ("message", "attempt", "messageevent", "messagekey", "statuschange", "personpace")
        cursor.execute("TRUNCATE " + ", ".join(f"notifications_{name}" for name in tables) + " CASCADE")
    for start in range(0, messages, CHUNK):
        items = [_item(number) for number in range(start, min(start + CHUNK, messages))]
        record(Writer("delivery_confirmed", items, clock_now()).drafts())
    with connection.cursor() as cursor:
        if not live:
            cursor.execute("TRUNCATE notifications_queuedmessage")
        cursor.execute("VACUUM ANALYZE notifications_message, notifications_queuedmessage")


def _item(number: int) -> Item:
    variables = {"delivery_date": "2026-12-01", "customer_name": "Asha", "order_id": str(number)}
    return Item(f"+9170{number:08d}", variables, f"order_{number}", f"bench:{number}")


def _rows(figures: Figures, messages: int) -> list[Row]:
    def ratio(ones: list[float], others: list[float]) -> list[float]:
        return [one / other for one, other in zip(ones, others, strict=True)]

    return [
        Row(1, f"drain of {messages:,}: ours / bare loop", ratio(figures.ours, figures.bare), "x", 0.75),
        Row(1, "  ours", figures.ours, "msg/s", 1000),
        Row(1, "  bare loop", figures.bare, "msg/s", 0),
        Row(2, "drain: ours / usual design (the better pool)", ratio(figures.ours, figures.usual), "x", 5),
        Row(2, "  usual design", figures.usual, "msg/s", 0),
        Row(3, "CPU a message, whole box less sandbox: ours", figures.cpu, "ms", 1.4, at_most=True),
        Row(3, "  bare loop", figures.bare_cpu, "ms", 1000, at_most=True),
    ]
