"""Row 10: a provider that cannot be reached for two hours, in a quiet shop and in a busy one."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings

from benchmarks.faults.ground import Ground
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue, reckon, statuses
from notifications import channel, clock, nudge
from notifications.models import Attempt, Channel

MINUTES = 120
STEP = 1.0  # minutes: each step is due for exactly one probe
TOO_MANY = 1.1


@row(
    10,
    f"provider cannot be reached for {MINUTES // 60} h (clock moved), one message waiting or 10,000",
    "nothing failed; requests started after the outage was seen <= 1.1 x probes; all valid messages sent after",
)
def unreachable(ground: Ground, seen: Seen) -> None:
    with ground.stack({"dispatch", "jobs", "beat"}, MYOPERATOR_RATE_LIMIT=2000):
        _outage(ground, seen, "refused", "refuse", waiting=1)
        _outage(ground, seen, "503", "503", waiting=10_000)


def _outage(ground: Ground, seen: Seen, what: str, mode: str, waiting: int) -> None:
    Attempt.objects.all().delete()
    ground.sandbox.forget()
    ground.sandbox.set(mode=mode)
    half = queue(waiting // 100, expires_at=clock.now() + timedelta(minutes=MINUTES / 2))
    ids = queue(waiting)
    wait_until("the outage is seen", lambda: _outage_seen(ground), 60, 0.2)
    wait_until("what was under way is recorded", lambda: not statuses(ids)[Status.SENDING])
    before = _requests(ground)
    probes = probe(ground, int(MINUTES / STEP), minutes=STEP)
    started = _requests(ground) - before
    failed = statuses([*ids, *half])[Status.FAILED]
    seen.check(
        f"{what}, {waiting:,} waiting: {started} requests for {probes} probes", started <= TOO_MANY * probes
    )
    seen.check(f"{failed} failed", not failed)
    _return(ground, seen, ids, half)


def _requests(ground: Ground) -> int:
    """How many were started: by our own record, and by the sandbox's where somebody listens there."""
    return max(Attempt.objects.count(), ground.sandbox.summary()["requests"])


def _outage_seen(ground: Ground) -> bool:
    """A quiet shop's one message is refused, put off, and refused again: its seconds pass at once."""
    if our_channel().state == Channel.State.OUTAGE:
        return True
    ground.clock.move(seconds=1)
    nudge.dispatch()
    return False


def our_channel() -> Channel:
    return Channel.objects.get_or_create(number=settings.MYOPERATOR_PHONE_NUMBER)[0]


def probe(ground: Ground, times: int, minutes: float) -> int:
    """Let so much time pass, a probe's time and more, so many times; returns how many probes were due."""
    for _ in range(times):
        ground.clock.move(minutes=minutes)
        nudge.dispatch()
        wait_until("the probe goes", lambda: our_channel().probe_at > clock.now(), 30, 0.02)
    return times


def _return(ground: Ground, seen: Seen, ids: Collection[int], half: Collection[int]) -> None:
    ground.sandbox.set(mode="ok")
    ground.clock.move(seconds=channel.PROBE_SECONDS)
    nudge.dispatch()
    took = wait_until("all are sent after the outage", lambda: all_are(ids, Status.SENT), 120, 0.2)
    wait_until("the worthless are expired", lambda: all_are(half, Status.EXPIRED), 30)
    truth = reckon(ground.sandbox, ids)
    seen.check(f"after its return, in {took:.0f} s: {truth}", truth.fine and not truth.twice)
    if half:
        seen.note(f"{len(half)} that were worthless by then expired")
