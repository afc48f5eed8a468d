"""The loop: keep the slots full, record what comes back, until nothing is due or the time is up."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)

from notifications import channel
from notifications.clock import now as clock_now
from notifications.engine.claim import Claim, claim
from notifications.engine.record import Recorder
from notifications.engine.slots import Slots
from notifications.models import Status
from notifications.models.lease import next_due
from notifications.outcomes import Answered
from notifications.providers.base import ChannelDown, TooFast

logger = logging.getLogger(__name__)

FLUSH_ANSWERS = 200
FLUSH_SECONDS = 0.05
FLUSH_AGAIN = (0.0, 0.2, 1.0, 2.0, 3.0)  # seconds before the next try; a lease outlives them all
POLL_SECONDS = 0.05  # between claims that found nothing, while answers are awaited
SOON_SECONDS = 1.0  # what is due so soon is waited for


@dataclass
class Engine:
    """One process's slots and recorder. `stopping` is asked before each claim."""

    slots: Slots
    recorder: Recorder = field(default_factory=lambda: Recorder(channel.Window()))
    now: Callable[[], datetime] = clock_now
    stopping: Callable[[], bool] = lambda: False
    counts: dict[str, int] = field(default_factory=dict)
    became: Counter[Status] = field(default_factory=Counter)  # of all messages since the process began
    _unrecorded: list[Answered] = field(default_factory=list)
    _first_unrecorded: float = 0.0
    _claim_after: float = 0.0
    _ends: float = 0.0
    _claiming: bool = False
    _in_time: bool = False
    _proved: bool = False  # the account answered well, and no message could probe yet

    def drain(self, seconds: float) -> bool:
        """Send what is due for at most `seconds` (plus the answers under way). Returns whether work is left."""
        close_old_connections()
        self.begin(seconds)
        while self.step():
            pass
        return not self._in_time and due_within(self.now(), 0)

    def begin(self, seconds: float) -> None:
        """Claim for at most `seconds` from now, step by step."""
        self._ends, self._claim_after = time.monotonic() + seconds, 0.0
        self._claiming = self._in_time = True
        self._proved = False
        self.slots.narrow_if_idle()

    def step(self) -> bool:
        """Claim what there is room for, record what came back. False when all is done, and nothing is under way."""
        self._in_time = self._in_time and time.monotonic() < self._ends and not self.stopping()
        self._claiming = self._claiming and self._in_time and self._fill()
        self._collect()
        return self._claiming or self.under_way > 0

    @property
    def under_way(self) -> int:
        """Messages that were claimed and are not recorded yet."""
        return self.slots.busy + len(self._unrecorded)

    def _fill(self) -> bool:
        """Claim when a quarter of the slots is free. False ends the claiming: nothing is due, nothing is awaited."""
        if time.monotonic() < self._claim_after or self.slots.free * 4 < self.slots.width:
            return True
        try:
            jobs, shut_for, aside, _ = self._claim()
        except DatabaseError:
            logger.exception("claiming failed; what is under way is recorded first")
            connection.close()
            return False
        if jobs:
            self.slots.start(jobs)
        if jobs or aside:
            return True
        self._claim_after = time.monotonic() + min(max(shut_for, POLL_SECONDS), SOON_SECONDS)
        if self.slots.busy or self._unrecorded:
            return True
        return shut_for < self._ends - time.monotonic() and due_within(self.now(), SOON_SECONDS)

    def _claim(self) -> Claim:
        """In an outage the account is asked after first, where that can be done: it is nobody's message."""
        if self._proved:
            return self._probe()
        deadline = settings.NOTIFICATION_DEADLINE
        found = claim(self.slots.free, self.now(), deadline=deadline, knocks=self.slots.can_knock)
        if not found.knock:
            return found
        failure = self.slots.knock()
        if failure is None or channel.leaves_open(settings.MYOPERATOR_PHONE_NUMBER, failure):
            return self._probe()
        logger.info("asked after our account: %s (%s)", failure.outcome, failure.code)
        with transaction.atomic():
            channel.knocked(settings.MYOPERATOR_PHONE_NUMBER, failure, self.now())
        return found

    def _probe(self) -> Claim:
        """One message, after the account answered well. Where the first that is due may not go, the next ones are
        looked at before the account is asked again: hundreds of them may be due that wait for the morning.
        """
        found = claim(1, self.now(), deadline=settings.NOTIFICATION_DEADLINE, proved=True)
        self._proved = found.aside
        return found

    def _collect(self) -> None:
        waiting = time.monotonic() - self._first_unrecorded if self._unrecorded else 0.0
        # With nothing under way and nothing to claim, nothing will come.
        patience = FLUSH_SECONDS - waiting if self.slots.busy or self._claiming else 0.0
        found = self.slots.collect(max(patience, 0.0), FLUSH_ANSWERS - len(self._unrecorded))
        if found and not self._unrecorded:
            self._first_unrecorded = time.monotonic()
        self._unrecorded += found
        due = self._unrecorded and time.monotonic() - self._first_unrecorded >= FLUSH_SECONDS
        if due or len(self._unrecorded) >= FLUSH_ANSWERS or (self._unrecorded and not self.slots.busy):
            self._flush()

    def _flush(self) -> None:
        """A flush that fails is tried again, then row by row: one bad row must not hold the others."""
        batch, self._unrecorded = self._unrecorded, []
        for pause in FLUSH_AGAIN:
            try:
                return self._record(batch)
            except Exception as error:
                logger.exception("recording %d answers failed", len(batch))
                connection.close()
                if not isinstance(error, OperationalError | InterfaceError):
                    break  # it is not the database's absence; waiting heals nothing
                time.sleep(pause)
        for answer in batch:
            self._record_alone(answer)

    def _record_alone(self, answer: Answered) -> None:
        try:
            self._record([answer])
        except Exception:
            # Its lease runs out, the sweep makes it uncertain: known to be unknown, not lost.
            logger.exception(
                "message %s: its outcome %s could not be recorded", answer.claimed.message_id, answer.outcome
            )
            connection.close()

    def _record(self, answers: list[Answered]) -> None:
        was_troubled = self.recorder.troubled
        self.became.update(self.recorder.record(answers))
        for answer in answers:
            self.counts[answer.outcome] = self.counts.get(answer.outcome, 0) + 1
        if self.recorder.troubled > was_troubled or any(_stops_all(answer) for answer in answers):
            self.slots.turn_away()
        if self.recorder.troubled or was_troubled:
            self.slots.narrow()


def _stops_all(answer: Answered) -> bool:
    """Whether it says that nothing is to be sent for now, whoever it is for."""
    failure = answer.failure
    return isinstance(failure, ChannelDown | TooFast) and not failure.person


def due_within(now: datetime, seconds: float) -> bool:
    """Whether something waiting is due within so many seconds."""
    due_at = next_due()
    return due_at is not None and (due_at - now).total_seconds() <= seconds
