"""Rows 9 and 11: a provider that is there and says no: too fast, not with these credentials, not with this wallet."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from benchmarks.faults.ground import Ground
from benchmarks.faults.outages import our_channel, probe
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue, reckon, statuses
from notifications import channel, clock, nudge
from notifications.models import Attempt, Channel, Message

HOUR = 3600.0
AWAY = 4  # seconds from now, of the date
IN_TIME = 0.1  # seconds by which clocks and rows may differ
ONE_WAVE = 0.7  # seconds in which all comes back that was in flight together
OTHERS = 10  # what the worker's other process may start until it is told the same
PROBES = 8
TOO_MANY = 1.1


@row(
    9,
    "provider answers 429 with Retry-After 2, a date, -1, 10^9",
    "honoured, capped at an hour; no tries used; no hammering",
)
def too_fast(ground: Ground, seen: Seen) -> None:
    # So slow a pace that much of what is claimed still waits for its place when the first answer comes.
    with ground.stack({"dispatch", "jobs", "beat"}, MYOPERATOR_RATE_LIMIT=80):
        wide = queue(100)
        wait_until("the slots widen", lambda: all_are(wide, Status.SENT), 30)
        _told(ground, seen, "2", 2.0)
        # A date has no fractions: up to a second of it is lost.
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=AWAY + 1), usegmt=True)
        _told(ground, seen, date, AWAY - 1.0)
        _told(ground, seen, "-1", 1.0)
        _told(ground, seen, str(10**9), HOUR)


def _told(ground: Ground, seen: Seen, header: str, seconds: float) -> None:
    ground.sandbox.forget()
    ground.sandbox.set(mode="429", retry_after=header, latency_ms=20)
    ids = queue(100)
    wait_until("it is told to wait", lambda: _attempts(ids, "too_fast").exists(), 30, 0.02)
    wait_until("what was in flight is recorded", lambda: not statuses(ids)[Status.SENDING])
    ground.sandbox.set(mode="ok")
    if seconds == HOUR:
        _pass_most_of(ground, seen)
    wait_until("all are sent after it", lambda: all_are(ids, Status.SENT), 30)
    _honoured(seen, header, seconds, ids)
    truth = reckon(ground.sandbox, ids)
    tries = set(Message.objects.filter(pk__in=ids).values_list("tries", flat=True))
    seen.check(f"tries used {max(tries)}, {truth.missing} never accepted", truth.fine and tries == {1})


def _pass_most_of(ground: Ground, seen: Seen) -> None:
    """All of the hour but the last seconds."""
    left = (our_channel().not_before - clock.now()).total_seconds()
    seen.check(f"10^9 is taken for {left:.0f} s", HOUR - 60 < left <= HOUR)
    ground.clock.move(seconds=left - 2)
    nudge.dispatch()


def _honoured(seen: Seen, header: str, seconds: float, ids: Collection[int]) -> None:
    """From the first answer until the wait is over only that comes back which was in flight with it."""
    since = _attempts(ids, "too_fast").earliest("created_at").created_at
    after = [(at - since).total_seconds() for at in _attempts(ids).values_list("created_at", flat=True)]
    hammered = [at for at in after if ONE_WAVE < at < seconds - IN_TIME]
    told, again = sum(at <= ONE_WAVE for at in after), min(at for at in after if at > ONE_WAVE)
    seen.check(f"{header}: {told} told, the next came {again:.1f} s later", told and not hammered)


def _attempts(ids: Collection[int], *outcomes: str):
    found = Attempt.objects.filter(message_id__in=ids)
    return found.filter(outcome__in=outcomes) if outcomes else found


@row(
    11,
    "credentials revoked, wallet empty",
    "nothing starts after the first answer is recorded, alarm, resumes by probe",
)
def refused(ground: Ground, seen: Seen) -> None:
    with ground.stack({"dispatch", "jobs", "beat"}, MYOPERATOR_RATE_LIMIT=80):
        for what, mode in (("credentials revoked", "401"), ("wallet empty", "wallet")):
            _refused(ground, seen, what, mode)


def _refused(ground: Ground, seen: Seen, what: str, mode: str) -> None:
    ground.sandbox.forget()
    ground.said.clear()
    ground.sandbox.set(mode="ok", latency_ms=100)
    ids = queue(500)
    wait_until("the slots widen", lambda: ground.sandbox.summary()["accepted"] >= 150, every=0.01)
    ground.sandbox.set(mode=mode)
    wait_until("the channel is down", lambda: our_channel().state == Channel.State.DOWN, 30, 0.01)
    down = our_channel()
    wait_until("what was in flight is recorded", lambda: not statuses(ids)[Status.SENDING])
    late = _started_after(ids, down.since)
    seen.check(f"{what}: {late} started after it was recorded", late <= OTHERS)
    alarms = [line for line in ground.said if "ERROR" in line and "channel down" in line]
    seen.check(f"{len(alarms)} alarm: {down.reason}", len(alarms) == 1)
    before = ground.sandbox.summary()["requests"]
    probes = probe(ground, PROBES, minutes=channel.PROBE_SECONDS / 60)
    started = ground.sandbox.summary()["requests"] - before
    seen.check(f"{started} requests for {probes} probes", started <= TOO_MANY * probes)
    _resumes(ground, seen, ids)


def _started_after(ids: Collection[int], moment: datetime) -> int:
    """How many began later. A try is written down up to 50 ms after its answer."""
    rows = _attempts(ids).values_list("created_at", "milliseconds")
    return sum(at - timedelta(milliseconds=took) > moment + timedelta(seconds=IN_TIME) for at, took in rows)


def _resumes(ground: Ground, seen: Seen, ids: Collection[int]) -> None:
    ground.sandbox.set(mode="ok")
    probe(ground, 1, minutes=channel.PROBE_SECONDS / 60)
    took = wait_until("all are sent after it", lambda: all_are(ids, Status.SENT), 60)
    truth = reckon(ground.sandbox, ids)
    tries = set(Message.objects.filter(pk__in=ids).values_list("tries", flat=True))
    seen.check(f"resumed in {took:.0f} s: {truth}; tries used {max(tries)}", truth.fine and tries == {1})
