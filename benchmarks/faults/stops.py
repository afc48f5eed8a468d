"""Rows 3 and 4: a worker that is told to end, and one that hangs past its leases and comes back."""

import contextlib
import os
import signal
from collections.abc import Collection, Iterator

from benchmarks.faults.ground import Ground
from benchmarks.faults.processes import main
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, accepted, all_are, queue, reckon, statuses
from benchmarks.faults.workers import IN_FLIGHT, SHORT, in_flight, until_sent
from earlybird.stack import Stack
from notifications.models import Attempt, Message

EXIT_WITHIN = 20.0  # seconds
SLOW = 8000  # milliseconds of an answer: within the deadline, and long beside what a careless exit would wait
LATER = 300


@row(3, f"SIGTERM with {IN_FLIGHT} in flight", f"all recorded, exit within {EXIT_WITHIN:.0f} s")
def told_to_end(ground: Ground, seen: Seen) -> None:
    with ground.stack({"dispatch", "jobs", "beat"}) as stack:
        ids, asked = in_flight(ground, stack, SLOW)
        worker = main(stack)
        os.kill(worker, signal.SIGTERM)
        took = wait_until("the worker is gone", lambda: not os.path.exists(f"/proc/{worker}"), 40, 0.02)
        _all_recorded(ground, seen, ids, asked, took)
        ground.sandbox.set(latency_ms=50)
        wait_until("the next worker sends the others", lambda: all_are(ids, Status.SENT))
    truth = reckon(ground.sandbox, ids)
    seen.check(f"in the end {truth}", truth.fine and not truth.twice)


def _all_recorded(ground: Ground, seen: Seen, ids: Collection[int], asked: int, took: float) -> None:
    seen.check(f"{asked} in flight, gone after {took:.1f} s", took <= EXIT_WITHIN)
    held, recorded = statuses(ids)[Status.SENDING], Attempt.objects.filter(message_id__in=ids).count()
    requests = ground.sandbox.summary()["requests"]
    seen.check(
        f"{recorded} of {requests} requests recorded, {held} left in its hands",
        not held and recorded == requests,
    )


@row(
    4,
    "SIGSTOP of a worker past its lease, then SIGCONT",
    "it sends nothing it claimed before, overwrites nothing",
)
def hangs(ground: Ground, seen: Seen) -> None:
    # So slow a pace that some of what it claimed has not started yet when it hangs.
    with ground.stack({"dispatch", "jobs", "beat"}, **SHORT, MYOPERATOR_RATE_LIMIT=100) as stack:
        _hang(ground, seen, stack, sent_again=False)
        _hang(ground, seen, stack, sent_again=True)


def _hang(ground: Ground, seen: Seen, stack: Stack, *, sent_again: bool) -> None:
    """It comes back while what it held waits to be sent again, or when another worker has sent all of it."""
    ids, _ = in_flight(ground, stack, 3000)
    with _hanging(stack):
        held = list(Message.objects.filter(pk__in=ids, status=Status.SENDING).values_list("pk", flat=True))
        asked = sum(accepted(ground.sandbox, held).values())
        wait_until("its leases are over", lambda: not statuses(held)[Status.SENDING], 40)
        ground.sandbox.set(latency_ms=20)
        if sent_again:
            _another_sends(ground, ids)
        before, stood = accepted(ground.sandbox, held), _standing(held)
    later = queue(LATER)
    wait_until("it sends what is new", lambda: all_are(later, Status.SENT))
    what = "after another had sent all again" if sent_again else "before it was sent again"
    more = sum(accepted(ground.sandbox, held).values()) - sum(before.values())
    seen.check(f"back {what}: {len(held)} held, {asked} of them sent; {more} sent since", not more)
    _overwritten(seen, stood, _standing(held), before)
    until_sent(ground, ids)
    truth = reckon(ground.sandbox, ids)
    seen.check(f"in the end {truth}", truth.fine)


@contextlib.contextmanager
def _hanging(stack: Stack) -> Iterator[None]:
    """The whole worker, as when its machine is suspended."""
    worker = main(stack)
    os.killpg(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(worker, signal.SIGCONT)


def _another_sends(ground: Ground, ids: Collection[int]) -> None:
    with ground.process("manage.py", "dispatch", **SHORT):
        until_sent(ground, ids)


def _standing(ids: Collection[int]) -> dict[int, tuple]:
    """How the messages stand: all that is known of them."""
    return {
        row[0]: row
        for row in Message.objects.filter(pk__in=ids).values_list("pk", "status", "tries", "sent_at")
    }


def _overwritten(
    seen: Seen, before: dict[int, tuple], after: dict[int, tuple], taken: dict[int, int]
) -> None:
    """Only what was uncertain, and was accepted as its late answer says, may have become sent."""
    changed = [pk for pk, row in before.items() if row != after[pk]]
    wrong = [
        pk for pk in changed if not (before[pk][1] == "uncertain" and after[pk][1] == "sent" and taken[pk])
    ]
    seen.check(f"{len(changed)} settled by a late answer, {len(wrong)} overwritten", not wrong)
