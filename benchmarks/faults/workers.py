"""Rows about the workers: killed while they send, and many at once."""

import contextlib
import os
import re
import signal
from collections.abc import Callable, Collection

from django.db import connection

from benchmarks.faults.ground import Beside, Ground
from benchmarks.faults.processes import busiest, children, main, sockets
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue, queue_urgent, reckon, statuses
from earlybird.stack import Stack
from notifications import nudge
from notifications.models import Attempt

IN_FLIGHT = 100
AT_ONCE = 5.0  # seconds after a worker died within which an urgent message is at the provider
SHORT = {"NOTIFICATION_LEASE": 10, "NOTIFICATION_DEADLINE": 4}  # real seconds that this row has to wait


@row(
    1,
    f"kill -9 of a worker with {IN_FLIGHT} in flight",
    "nothing lost; nothing accepted twice that was not uncertain first; others go on at once",
)
def killed(ground: Ground, seen: Seen) -> None:
    with ground.stack({"dispatch", "jobs", "beat"}, **SHORT) as stack:
        _kill_one(ground, seen, stack, "pool child", lambda: os.kill(busiest(stack), signal.SIGKILL))
        here = asking()
        # The other worker, as a second machine would be.
        with ground.process("manage.py", "dispatch", **SHORT):
            wait_until("the other worker looks for work", lambda: asking() > here)
            _kill_one(ground, seen, stack, "main process", lambda: os.kill(main(stack), signal.SIGKILL))
            wait_until("the worker runs again", lambda: len(children(main(stack))) > 0)
            _kill_one(ground, seen, stack, "all of it", lambda: os.killpg(main(stack), signal.SIGKILL))


def _kill_one(ground: Ground, seen: Seen, stack: Stack, who: str, kill: Callable[[], None]) -> None:
    ids, asked = in_flight(ground, stack)
    kill()
    ground.sandbox.set(latency_ms=50)
    urgent = queue_urgent()
    took = wait_until("an urgent message is sent after the kill", lambda: all_are([urgent], Status.SENT), 30)
    wait_until("the leases run out", lambda: not statuses(ids)[Status.SENDING] + statuses(ids)[Status.QUEUED])
    lost = Attempt.objects.filter(message_id__in=ids, code="worker_lost").count()
    until_sent(ground, ids)
    truth = reckon(ground.sandbox, [*ids, urgent])
    seen.check(f"{who} killed with {asked} in flight ({lost} leases lost): {truth}", truth.fine)
    seen.check(f"the next urgent message was sent after {took:.1f} s", took < AT_ONCE)


def in_flight(ground: Ground, stack: Stack, slow: int = 1500) -> tuple[list[int], int]:
    """Queue, let a worker widen its slots, then let the provider be slow (milliseconds)."""
    ground.sandbox.forget()
    ground.sandbox.set(latency_ms=20)
    ids = queue(1000)
    wait_until("the slots widen", lambda: ground.sandbox.summary()["accepted"] >= 300, every=0.01)
    ground.sandbox.set(latency_ms=slow)
    wait_until("many are in flight", lambda: _busy(ground, stack), every=0.01)
    return ids, ground.sandbox.summary()["in_flight"]


def _busy(ground: Ground, stack: Stack) -> bool:
    return sockets(busiest(stack)) >= IN_FLIGHT and ground.sandbox.summary()["in_flight"] >= IN_FLIGHT


def until_sent(ground: Ground, ids: Collection[int]) -> None:
    """What a dead worker held is uncertain now; the schedule's five minutes pass at once."""
    ground.clock.move(minutes=6)
    nudge.dispatch()
    wait_until("all are sent", lambda: all_are(ids, Status.SENT))


@row(5, "four dispatchers at once on 5,000 messages", "5,000 accepted, 0 twice")
def four_at_once(ground: Ground, seen: Seen) -> None:
    _race(ground, seen, processes=4)
    # Two of `make run`'s worker and two beside it.
    with ground.stack({"dispatch"}, MYOPERATOR_RATE_LIMIT=100_000):
        _race(ground, seen, processes=2, beside="and the Celery worker")


def _race(ground: Ground, seen: Seen, processes: int, beside: str = "alone") -> None:
    ground.sandbox.reset()
    with contextlib.ExitStack() as running:
        dispatchers = [
            running.enter_context(ground.process("manage.py", "dispatch", MYOPERATOR_RATE_LIMIT=100_000))
            for _ in range(processes)
        ]
        wait_until("the dispatchers look for work", lambda: asking() >= processes)
        ids = queue(5000)
        took = wait_until("all are sent", lambda: all_are(ids, Status.SENT), 120)
        shares = [_stopped(dispatcher) for dispatcher in dispatchers]
    truth, summary = reckon(ground.sandbox, ids), ground.sandbox.summary()
    fine = truth.fine and not truth.twice and summary["accepted"] == summary["requests"] == 5000
    seen.check(
        f"{processes} x manage.py dispatch {beside}: {summary['accepted']:,} accepted, {truth.twice} twice",
        fine,
    )
    seen.check(f"shares {shares}, {took:.1f} s", all(shares))


def asking() -> int:
    """How many others are connected to the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def _stopped(dispatcher: Beside) -> int:
    """End a dispatcher; how many messages it sent, by its own log."""
    return sum(int(number) for number in re.findall(r"sent (\d+):", dispatcher.stop()))
