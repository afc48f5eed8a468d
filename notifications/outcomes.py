"""What a provider's answer means for a message: one function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications import schedule
from notifications.models import Attempt, Held, Priority, Status
from notifications.models.lease import Claimed
from notifications.providers.base import (
    Accepted,
    ChannelDown,
    Failure,
    NotNow,
    NotSent,
    Rejected,
    TemplateHeld,
    TooFast,
    Uncertain,
)

LONGEST_PUT_OFF = 300.0  # seconds
REFUSED_PUT_OFF = 20.0  # seconds: longer than from one probe to the next
ANSWERED_UNSENT = {"503", "gateway"}  # codes of a `NotSent` that an answer of theirs proves
LEAST_PERSON_WAIT = 6.0  # seconds
MOST_PERSON_WAITS = 2  # for a limit of this person's that lasts a day (131049)


class Dropped(Failure):
    """Not started at all: its lease was too short, or sending stopped before its turn. Says nothing of the provider."""

    outcome = "not_sent"


@dataclass(frozen=True, slots=True)
class Answered:
    """One try and what came of it: exactly one of `accepted` and `failure`."""

    claimed: Claimed
    milliseconds: int
    accepted: Accepted | None = None
    failure: Failure | None = None

    @property
    def outcome(self) -> str:
        return self.failure.outcome if self.failure else Attempt.Outcome.ACCEPTED

    @property
    def number(self) -> int:
        """Which try it was. A put-off does not count, so its number comes again."""
        return self.claimed.tries + 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for the message. `due_at` None ends its life in the queue."""

    status: Status
    tries: int
    due_at: datetime | None = None
    waits_for: str = ""
    held_for: str | None = None
    put_offs: int = 0
    code: str = ""
    words: str = ""

    @property
    def final(self) -> bool:
        return self.due_at is None


@dataclass(frozen=True, slots=True)
class Judge:
    """Turns answers into verdicts.

    minutes  the waits between tries;  troubled  an outage is known: nothing counts as a try
    now      the application's clock;  random    0..1, for the jitter
    """

    minutes: Sequence[float]
    now: datetime
    troubled: bool
    random: Callable[[], float]

    def verdict(self, answered: Answered) -> Verdict:
        """Where the message goes now."""
        row, failure = answered.claimed, answered.failure
        if failure is None:
            return Verdict(Status.SENT, row.tries + 1)
        if isinstance(failure, Rejected):
            return Verdict(Status.FAILED, row.tries + 1, code=failure.code, words=failure.words)
        if isinstance(failure, NotNow) and self.troubled and not failure.person:
            return self._put_off(row, failure)
        if isinstance(failure, NotNow | Uncertain):
            return self._try_again(row, failure)
        return self._put_off(row, failure)

    def _try_again(self, row: Claimed, failure: NotNow | Uncertain) -> Verdict:
        tries = row.tries if self.troubled else row.tries + 1
        minutes = self.minutes[:MOST_PERSON_WAITS] if failure.person else self.minutes
        due_at = schedule.next_try(max(tries, 1), minutes, self.now, self.random)
        if isinstance(failure, Uncertain):
            return self._uncertain(row, failure, tries, due_at)
        if due_at is None:
            return Verdict(Status.FAILED, tries, code=failure.code, words=failure.words)
        if failure.retry_after:
            due_at = max(due_at, self.now + timedelta(seconds=failure.retry_after))
        return Verdict(Status.RETRYING, tries, due_at, "retry", code=failure.code, words=failure.words)

    def _uncertain(self, row: Claimed, failure: Uncertain, tries: int, due_at: datetime | None) -> Verdict:
        """Silence is worse than an echo for what people rely on; for offers, and after the last try, staff decide."""
        held = Held.UNCERTAIN if due_at is None or row.priority == Priority.MARKETING else None
        return Verdict(
            Status.UNCERTAIN,
            tries,
            due_at or self.now,
            "receipt",
            held,
            code=failure.code,
            words=failure.words,
        )

    def _put_off(self, row: Claimed, failure: Failure) -> Verdict:
        """Not a try: the message is where it was, only later."""
        status = Status.RETRYING if row.tries else Status.QUEUED
        if isinstance(failure, TemplateHeld):
            return self._waiting(row, status, failure, 0, "template", Held.TEMPLATE)
        if isinstance(failure, ChannelDown):
            # Should it be this message alone that is refused so, the next probe is another one.
            return self._waiting(row, status, failure, REFUSED_PUT_OFF, "channel")
        if isinstance(failure, TooFast) and failure.person:
            wait = max(4.0 ** min(row.put_offs + 1, 6), LEAST_PERSON_WAIT, failure.retry_after or 0)
            return self._waiting(row, status, failure, wait, "person")
        backoff = self._backoff(row, failure)
        if isinstance(failure, Dropped):
            return self._waiting(row, status, failure, 0, "")
        if isinstance(failure, NotSent | NotNow):
            return self._waiting(row, status, failure, backoff, "provider")
        return self._waiting(row, status, failure, max(backoff, failure.retry_after or 0), "pace")

    def _backoff(self, row: Claimed, failure: Failure) -> float:
        """Seconds. In an outage nothing but the probe starts, and the probe is to be the same message each time; but a
        provider that answers may have something against this one alone, so the next probe is another.
        """
        if not self.troubled:
            return min(2.0 ** (row.put_offs + 1), LONGEST_PUT_OFF)
        is_answered = isinstance(failure, NotNow) or failure.code in ANSWERED_UNSENT
        return REFUSED_PUT_OFF if is_answered else 0.0

    def _waiting(
        self,
        row: Claimed,
        status: Status,
        failure: Failure,
        seconds: float,
        why: str,
        held: Held | None = None,
    ) -> Verdict:
        due_at = self.now + timedelta(seconds=seconds)
        put_offs = min(row.put_offs + 1, 30)
        return Verdict(status, row.tries, due_at, why, held, put_offs, failure.code, failure.words)
