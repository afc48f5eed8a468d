"""The threads that hold one request each. They touch no database: jobs in, answers out."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from notifications.engine.claim import Job
from notifications.outcomes import Answered, Dropped
from notifications.providers.base import Accepted, Account, Failure, NotNow, Provider, Uncertain
from notifications.storable import plain

logger = logging.getLogger(__name__)

START_WIDTH = 4  # after idleness or an outage; doubles with success
IDLE_SECONDS = 60.0
KNOCK_SECONDS = 5.0
MARGIN = 2.0  # seconds a lease must outlive the deadline, for the answer to be recorded


class Slots:
    """Up to `most` requests at once. Made after the fork, kept for the life of the process."""

    def __init__(
        self, provider: Provider, most: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.provider = provider
        self.most = most
        self.width = START_WIDTH
        self.busy = 0
        self.answers: queue.SimpleQueue[Answered] = queue.SimpleQueue()
        self._jobs: queue.SimpleQueue[tuple[int, Job]] = queue.SimpleQueue()
        self._threads = self._turned_away = 0
        self._monotonic = monotonic
        self._last_success = monotonic()

    @property
    def free(self) -> int:
        return max(self.width - self.busy, 0)

    @property
    def can_knock(self) -> bool:
        """Whether the provider can be asked after our account, which sends nothing."""
        return isinstance(self.provider, Account)

    def knock(self) -> Failure | None:
        """Ask on the calling thread; returns why it failed, or None. Never raises."""
        assert isinstance(self.provider, Account), "only where `can_knock`"
        try:
            self.provider.knock(KNOCK_SECONDS)
        except Failure as error:
            error.words = plain(error.words, 500)
            return error
        except Exception as error:
            logger.exception("asking after our account raised")
            return NotNow(f"Our own code failed: {type(error).__name__}.", "bug")
        return None

    def start(self, jobs: list[Job]) -> None:
        """Hand jobs to threads. Their answers come out of `collect`."""
        self.busy += len(jobs)
        self._start_threads()
        for job in jobs:
            if self._threads:
                self._jobs.put((self._turned_away, job))
            else:  # nobody else would ever answer for it, and the drain would wait for ever
                self.answers.put(self._send(self._turned_away, job))

    def _start_threads(self) -> None:
        """One for each job, as far as the machine has any left; those that run do the work of the others."""
        while self._threads < min(self.busy, self.most):
            name = f"slot-{self._threads + 1}"
            try:
                threading.Thread(target=self._run, name=name, daemon=True).start()
            except RuntimeError:
                logger.exception("only %d of %d threads could be started", self._threads, self.most)
                return
            self._threads += 1

    def turn_away(self) -> None:
        """Let nothing start that still waits for its place in the pace: it goes back to the queue."""
        self._turned_away += 1

    def collect(self, seconds: float, most: int) -> list[Answered]:
        """Answers that came, waiting up to `seconds` for the first; at most `most`."""
        found: list[Answered] = []
        try:
            found.append(
                self.answers.get(timeout=max(seconds, 0)) if seconds > 0 else self.answers.get_nowait()
            )
            while len(found) < most:
                found.append(self.answers.get_nowait())
        except queue.Empty:
            pass
        self.busy -= len(found)
        self._widen(sum(answer.failure is None for answer in found))
        return found

    def narrow(self) -> None:
        """Begin carefully again: after an outage, or when nothing was sent for a while."""
        self.width = START_WIDTH

    def narrow_if_idle(self) -> None:
        if not self.busy and self._monotonic() - self._last_success > IDLE_SECONDS:
            self.narrow()

    def _widen(self, successes: int) -> None:
        if successes:
            self._last_success = self._monotonic()
            self.width = min(self.width + successes, self.most)

    def _run(self) -> None:
        while True:
            self.answers.put(self._send(*self._jobs.get()))

    def _send(self, turned_away: int, job: Job) -> Answered:
        """At its place in the pace, unless all that waited was turned away since."""
        self._wait(job)
        if turned_away != self._turned_away:
            return Answered(
                job.claimed, 0, failure=Dropped("Sending stopped before its turn.", "turned_away")
            )
        return self.send_here(job)

    def _wait(self, job: Job) -> None:
        wait = job.start_at - self._monotonic()
        if wait > 0:
            time.sleep(wait)

    def send_here(self, job: Job) -> Answered:
        """One try on the calling thread, at its place in the pace. Never raises."""
        self._wait(job)
        begun = self._monotonic()
        if begun + job.outgoing.deadline + MARGIN > job.lease_end:
            return Answered(job.claimed, 0, failure=Dropped("The lease was too short to start.", "lease"))
        return self._ask(job, begun)

    def _ask(self, job: Job, begun: float) -> Answered:
        accepted = failure = None
        try:
            accepted = Accepted(plain(self.provider.send(job.outgoing).provider_message_id, 128))
        except Failure as error:
            # Their words, which may be anything, in a shape that the database takes.
            error.words, error.code = plain(error.words, 500), plain(error.code, 64)
            failure = error
        except Exception as error:  # a bug of one message must not cost its thread or its batch
            logger.exception("sending message %s raised", job.claimed.message_id)
            failure = Uncertain(f"Our own code failed: {type(error).__name__}.", "bug")
        return Answered(job.claimed, int((self._monotonic() - begun) * 1000), accepted, failure)
