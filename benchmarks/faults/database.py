"""Row 7: PostgreSQL is shut down without a word, and started again, while messages are sent.

It is the embedded one of this checkout: whoever else uses it has to connect again, too.
"""

import os
import signal

from django.db import Error, connection

from benchmarks.faults.ground import Ground
from benchmarks.faults.processes import main
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue, reckon, statuses
from benchmarks.faults.workers import until_sent
from earlybird import embedded
from notifications.models import Attempt

MESSAGES = 3000
AT_ONCE = 15.0  # seconds after its return within which a new message is sent
WORKERS = ("dispatch", "jobs")


@row(7, "PostgreSQL restarted (immediate) mid-run, twice", "workers reconnect; nothing lost")
def database_restarted(ground: Ground, seen: Seen) -> None:
    with ground.stack({"dispatch", "jobs", "beat"}, NOTIFICATION_LEASE=20, NOTIFICATION_DEADLINE=5) as stack:
        ran = [main(stack, name) for name in WORKERS]
        for latency in (
            100,
            2000,
        ):  # answers that come while it is away, and answers that come when it is back
            _restart(ground, seen, latency)
        same = ran == [main(stack, name) for name in WORKERS]
        seen.check("the workers are the same processes" if same else "a worker had to be started again", same)


def _restart(ground: Ground, seen: Seen, latency: int) -> None:
    ground.sandbox.forget()
    ground.sandbox.set(latency_ms=20)
    ids = queue(MESSAGES)
    wait_until("the run is under way", lambda: ground.sandbox.summary()["accepted"] > 500, every=0.01)
    ground.sandbox.set(latency_ms=latency)
    wait_until("answers are slow", lambda: ground.sandbox.summary()["in_flight"] >= 50, every=0.01)
    before = embedded.pids()["postgres"]
    os.kill(before, signal.SIGQUIT)
    away = wait_until(
        "PostgreSQL is back", lambda: embedded.pids().get("postgres") != before and _answers(), 30
    )
    ground.sandbox.set(latency_ms=20)
    later = queue(1)
    took = wait_until("a later message is sent", lambda: all_are(later, Status.SENT), 60)
    seen.check(f"away for {away:.1f} s; a new message was sent {took:.1f} s after", took <= AT_ONCE)
    wait_until("nobody holds any", lambda: not statuses(ids)[Status.SENDING] + statuses(ids)[Status.QUEUED])
    lost = Attempt.objects.filter(message_id__in=ids, code="worker_lost").count()
    until_sent(ground, ids)
    truth = reckon(ground.sandbox, ids)
    seen.check(f"{lost} leases lost; {truth}", truth.fine)


def _answers() -> bool:
    """Whether it does; our own connection is gone with the old one."""
    connection.close()
    try:
        connection.ensure_connection()
    except Error:
        return False
    return True
