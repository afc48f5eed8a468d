"""The sending number as the engine meets it: its pace, its outages, its stop and its probes.

Three `NotSent` in a row, or ten `NotNow`/`Uncertain` in a row from different messages, or half of the last
twenty seconds, make an outage: nothing starts but one probe per fifteen seconds, for all workers together.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifications.models import Channel
from notifications.models.revival import give_back, wake
from notifications.outcomes import Answered
from notifications.providers.base import ChannelDown, Failure, NotNow, NotSent, TooFast, Uncertain

PROBE_SECONDS = 15
NOT_SENT_MAKES_OUTAGE = 3
TROUBLE_MAKES_OUTAGE = 10
WINDOW_SECONDS = 20.0
WINDOW_LEAST = 20  # answers, before half of them says anything
# How far a claim may reach into the pace: so long may what is urgent wait behind a campaign. Who waits for the answer
# to one message reaches further, or would never have a turn beside one.
AHEAD_SECONDS, ONE_AHEAD_SECONDS = 0.3, 1.0
# Of the limit that is used: a start that comes late on a busy machine falls among those that are in time.
USED = 0.97
DEFAULT_WAIT = 5.0  # seconds, where a 429 does not say
MOST_AHEAD = 10.0  # seconds, or as many messages: no pace is ever spoken for so far

_TROUBLED_STATES = (Channel.State.OUTAGE, Channel.State.DOWN)


@dataclass
class Gate:
    """What a locked channel allows one claim: how many, and when each may start."""

    channel: Channel
    rate: float
    now: datetime
    reach: float = AHEAD_SECONDS
    probing: bool = False
    proved: bool = False  # somebody was asked just now, who answers and knows us: a message may probe at once

    def room(self, wanted: int) -> int:
        """How many rows may be taken now."""
        state = self.channel.state
        if state == Channel.State.STOPPED or self.channel.not_before > self.now:
            return 0
        if state in _TROUBLED_STATES:
            self.probing = self.proved or self.channel.probe_at <= self.now
            return int(self.probing)
        left = self.reach - self._ahead()
        # A pace under one a second still sends, when its moment has come.
        most = max(int(left * self.rate), 1 if self._ahead() <= 0 else 0)
        return max(min(wanted, most), 0)

    def shut_for(self) -> float:
        """Seconds until this gate may let something through again; 0 where only the pace holds it."""
        if self.channel.state == Channel.State.STOPPED:
            return math.inf
        opens = self.channel.not_before
        if self.channel.state in _TROUBLED_STATES:
            opens = max(opens, self.channel.probe_at)
        return max((opens - self.now).total_seconds(), 0.0)

    def take(self, count: int) -> list[float]:
        """Move the pace on by `count`; returns how many seconds from now each may start."""
        start, apart = max(self._ahead(), 0.0), 1 / (self.rate * USED)
        free = self.channel.database_now + timedelta(seconds=start + count * apart)
        self.channel.free_from(free)
        return [start + index * apart for index in range(count)]

    def probe(self, message_id: int) -> None:
        """Remember the one message that probes, and when the next probe may go."""
        Channel.objects.filter(pk=self.channel.pk).update(
            probe_at=self.now + timedelta(seconds=PROBE_SECONDS), probe_message_id=message_id
        )

    def knock(self) -> None:
        """The account is asked after, which sends nothing; when the next may do so."""
        self.channel.probe_at = self.now + timedelta(seconds=PROBE_SECONDS)
        Channel.objects.filter(pk=self.channel.pk).update(probe_at=self.channel.probe_at)

    def _ahead(self) -> float:
        """Seconds by which the pace is spoken for. What no claim can have taken was taken before the database's clock
        was set back: nothing would be sent until it had come as far again.
        """
        ahead = (self.channel.next_free_at - self.channel.database_now).total_seconds()
        return ahead if ahead <= max(MOST_AHEAD, MOST_AHEAD / self.rate) else 0.0


@dataclass
class Window:
    """The last twenty seconds of this process's answers: is half of it trouble?"""

    seen: deque[tuple[float, bool, int]] = field(default_factory=deque)
    trouble: int = 0  # of those seen
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def bad(self, answers: Sequence[Answered], monotonic: float) -> bool:
        with self._lock:  # two requests of a web process may record at once
            for answer in answers:
                bad = _is_trouble(answer)
                self.seen.append((monotonic, bad, _tried(answer)))
                self.trouble += bad
            while self.seen and self.seen[0][0] < monotonic - WINDOW_SECONDS:
                self.trouble -= self.seen.popleft()[1]
            return len(self.seen) >= WINDOW_LEAST and self.trouble * 2 >= len(self.seen)

    def tried(self) -> set[int]:
        """The messages whose tries the trouble of these seconds used."""
        with self._lock:
            return {message_id for _, _, message_id in self.seen if message_id}

    def forget(self) -> None:
        with self._lock:
            self.seen.clear()
            self.trouble = 0


def _is_trouble(answer: Answered) -> bool:
    """Whether it speaks against the provider; a limit of one person's does not."""
    failure = answer.failure
    return isinstance(failure, NotSent | NotNow | Uncertain) and not failure.person


def _tried(answer: Answered) -> int:
    return 0 if isinstance(answer.failure, NotSent) or not _is_trouble(answer) else answer.claimed.message_id


def note(number: str, answers: Sequence[Answered], window: Window, now: datetime) -> bool:
    """Write down what these answers say of the channel; returns whether it is in trouble now.

    First thing in the record's transaction, so that nothing starts after a refusal is recorded. Good news of a
    healthy channel writes nothing and locks nothing.
    """
    half_bad = window.bad(answers, time.monotonic())
    bad = any(
        isinstance(answer.failure, NotSent | NotNow | Uncertain | TooFast | ChannelDown) for answer in answers
    )
    if not bad and not Channel.is_unwell(number):
        return False
    channel = Channel.locked(number)
    diary = _Diary(channel, now, [answer.claimed.message_id for answer in answers])
    for answer in answers:
        diary.read(answer)
    if half_bad and channel.state == Channel.State.OPEN:
        diary.outage("Half of the last 20 seconds failed.", window.tried())
    if diary.healed:
        window.forget()
    channel.save()
    return channel.state in _TROUBLED_STATES


# Codes of an address that nothing stands at, and of a question that our key may not ask.
_NOT_THERE, _NOT_OURS = {"404", "405", "410"}, "403"


def leaves_open(number: str, failure: Failure) -> bool:
    """Whether what asking after our account was answered says nothing of messages, so that one has to probe.

    Who answers is there; a key may be good for messages and for nothing else. But where a message was refused too,
    a refusal to tell is believed.
    """
    if not isinstance(failure, ChannelDown):
        return False
    unrefused = Channel.objects.filter(number=number, state=Channel.State.OUTAGE)
    return failure.code in _NOT_THERE or (failure.code == _NOT_OURS and unrefused.exists())


def knocked(number: str, failure: Failure, now: datetime) -> None:
    """Write down why asking after our account failed, where that says more than the trouble that is known."""
    if isinstance(failure, ChannelDown):
        channel = Channel.locked(number)
        _Diary(channel, now, ()).read_account(failure)
        channel.save()


@dataclass
class _Diary:
    """A locked channel, read through a batch of answers in the order they came."""

    channel: Channel
    now: datetime
    batch: Sequence[int]  # the messages that the record under way will lock next
    healed: bool = False

    def read(self, answer: Answered) -> None:
        failure = answer.failure
        if isinstance(failure, ChannelDown):
            self._change(Channel.State.DOWN, failure.words)
        elif isinstance(failure, NotSent):
            self._not_sent(failure)
        elif isinstance(failure, NotNow | Uncertain) and not failure.person:
            self._trouble(answer.claimed.message_id, failure)
        else:
            self._alive(answer)

    def read_account(self, failure: ChannelDown) -> None:
        self._change(Channel.State.DOWN, failure.words)

    def outage(self, why: str, tried: Collection[int] = ()) -> None:
        """Begin an outage. The tries that it used were not the messages' fault."""
        self._change(Channel.State.OUTAGE, why)
        give_back({*self.channel.troubled_ids, *tried}, self.now, with_these=self.batch)
        self.channel.troubled_ids = []

    def _not_sent(self, failure: NotSent) -> None:
        self.channel.not_sent_in_a_row += 1
        if (
            self.channel.not_sent_in_a_row >= NOT_SENT_MAKES_OUTAGE
            and self.channel.state == Channel.State.OPEN
        ):
            self.outage(failure.words)

    def _trouble(self, message_id: int, failure: NotNow | Uncertain) -> None:
        self.channel.not_sent_in_a_row = 0
        if message_id not in self.channel.troubled_ids:
            self.channel.troubled_ids.append(message_id)
        if (
            len(self.channel.troubled_ids) >= TROUBLE_MAKES_OUTAGE
            and self.channel.state == Channel.State.OPEN
        ):
            self.outage(failure.words)

    def _alive(self, answer: Answered) -> None:
        """An acceptance, a refusal of one message, "too fast": somebody is there and knows us."""
        failure = answer.failure
        self.channel.not_sent_in_a_row, self.channel.troubled_ids = 0, []
        if self.channel.state in _TROUBLED_STATES and not self._is_of_before(answer):
            self._change(Channel.State.OPEN, "")
            self.healed = True
            wake(self.now, with_these=self.batch)
        if isinstance(failure, TooFast) and not failure.person:
            wait = timedelta(seconds=failure.retry_after or DEFAULT_WAIT)
            self.channel.not_before = max(self.channel.not_before, self.now + wait)

    def _is_of_before(self, answer: Answered) -> bool:
        """Whether it was under way when our account was refused, and so knew nothing of that."""
        began = self.now - timedelta(milliseconds=answer.milliseconds)
        return self.channel.state == Channel.State.DOWN and began <= self.channel.since

    def _change(self, state: Channel.State, why: str) -> None:
        self.channel.become(state, why, self.now, PROBE_SECONDS)


def reported(number: str, failures: Sequence[tuple[Failure, datetime]], now: datetime) -> None:
    """Write down what failures after the acceptance say of the channel; most say nothing, and lock nothing.

    `failures`: each with when it was sent. What was sent before the channel was last seen well says nothing of it.
    """
    wide = [(f, at) for f, at in failures if isinstance(f, ChannelDown | TooFast) and not f.person]
    if not wide:
        return
    channel = Channel.locked(number)
    for failure, at in wide:
        if isinstance(failure, TooFast):
            wait = timedelta(seconds=failure.retry_after or DEFAULT_WAIT)
            channel.not_before = max(channel.not_before, now + wait)
        elif at >= channel.since:
            channel.become(Channel.State.DOWN, failure.words, now, PROBE_SECONDS)
    channel.save()
