"""`immediate: true`: one bounded try inside the request, through the same pace, outage state and record."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from notifications.clock import now as clock_now
from notifications.engine.claim import Job, claim
from notifications.engine.process import engine
from notifications.outcomes import Answered

SECONDS = 5.0  # for the request in all
RECORDING = 0.3  # of them, for the database once the answer is there
AT_ONCE = 2  # per process; whoever comes third is queued

_places = threading.BoundedSemaphore(AT_ONCE)


class Place:
    """One of the two places in this process; `taken` is False where both are in use."""

    def __enter__(self) -> Place:
        self.taken = _places.acquire(blocking=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self.taken:
            _places.release()


def take(message_id: int, begun: float) -> Job | None:
    """Lease a message to this request, in the transaction that stores it, so that no worker can take it.

    None where the channel is shut, the pace is spoken for, or something holds the message: it stays queued.
    `begun` is when the request began, by time.monotonic().
    """
    left = SECONDS - RECORDING - (time.monotonic() - begun)
    jobs = claim(1, clock_now(), deadline=left, only=message_id).jobs
    return _in_time(jobs[0], begun) if jobs else None


def _in_time(job: Job, begun: float) -> Job:
    """The same job, so that its place in the pace (up to a second away) is part of the five seconds."""
    starts = max(job.start_at, time.monotonic()) - begun
    return replace(job, outgoing=replace(job.outgoing, deadline=max(SECONDS - RECORDING - starts, 0.1)))


def send_now(job: Job) -> Answered:
    """Send a leased message on this thread and record what came of it. After the commit that leased it."""
    mine = engine()
    answered = mine.slots.send_here(job)
    mine.recorder.record([answered])
    return answered
