"""Row 6: Redis stopped, hanging, emptied. The rows are the queue; nothing depends on a nudge."""

import json
import statistics
import time
from collections.abc import Callable

from benchmarks.faults.ground import Beside, Ground
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue, reckon
from notifications.models import Message

TURNS = 20  # of each side: many and short, so that what else the machine does falls on both
ORDERS = 50  # in a turn
SLOWER = 1.2
RETURNS = 90.0  # seconds after its return within which all is sent
AWAY = 15.0  # seconds: longer than every time-out that a worker has on Redis, and than a tick of beat


@row(
    6,
    "Redis stopped; hanging (SIGSTOP); FLUSHALL mid-run",
    f"orders save as fast as before (p99 <= {SLOWER} x); all sent within {RETURNS:.0f} s of its return",
)
def redis_away(ground: Ground, seen: Seen) -> None:
    redis = ground.redis
    with ground.process("-m", "benchmarks.ordering") as shop:
        place(shop, 2 * ORDERS)  # warm
        _compare(seen, shop, "stopped", redis.stop, redis.start)
        _compare(seen, shop, "hanging", redis.hang, redis.go_on)
        with ground.stack({"dispatch", "jobs", "beat"}):
            wait_until("the orders so far are announced", _all_sent, 120, 0.5)
            _return(ground, seen, shop, "stopped", redis.stop, redis.start)
            _return(ground, seen, shop, "hanging", redis.hang, redis.go_on)
            _flush(ground, seen)


def place(shop: Beside, orders: int) -> list[float]:
    """Place so many orders; returns the milliseconds each took."""
    return json.loads(shop.ask(str(orders)))


def _compare(
    seen: Seen, shop: Beside, how: str, take: Callable[[], None], give_back: Callable[[], None]
) -> None:
    """In short turns: Redis there, Redis away. No workers: what they do in one turn only would count."""
    there, away = [], []
    for _ in range(TURNS):
        there += place(shop, ORDERS)
        take()
        away += place(shop, ORDERS)
        give_back()
    usual, found, ratio = _p99(there), _p99(away), _p99(away) / _p99(there)
    middle = statistics.median(away) / statistics.median(there)
    said = (
        f"{how}: p99 of an order {found:.1f} ms instead of {usual:.1f} ms, {ratio:.2f} x (p50 {middle:.2f} x)"
    )
    seen.check(said, ratio <= SLOWER)


def _p99(milliseconds: list[float]) -> float:
    return statistics.quantiles(milliseconds, n=100)[98]


def _return(
    ground: Ground,
    seen: Seen,
    shop: Beside,
    how: str,
    take: Callable[[], None],
    give_back: Callable[[], None],
) -> None:
    before = Message.objects.count()
    queue(300)  # under way when it goes
    take()
    place(shop, ORDERS)
    time.sleep(AWAY)
    give_back()
    took = wait_until("all are sent after its return", _all_sent, 2 * RETURNS, 0.2)
    ids = list(Message.objects.order_by("pk").values_list("pk", flat=True)[before:])
    _sent(ground, seen, f"{how} for {AWAY:.0f} s", ids, took)


def _flush(ground: Ground, seen: Seen) -> None:
    ground.sandbox.set(latency_ms=100)
    ids = queue(3000)
    wait_until("the run is under way", lambda: reckon(ground.sandbox, ids).accepted > 500)
    ground.redis.flush()
    ids += queue(300)
    took = wait_until("all are sent after FLUSHALL", _all_sent, 2 * RETURNS, 0.2)
    _sent(ground, seen, "FLUSHALL mid-run", ids, took)
    late = queue(1)  # the nudges work again, and so does beat
    took = wait_until("a later message is sent", lambda: all_are(late, Status.SENT), 2 * RETURNS)
    seen.check(f"the next message {took:.1f} s", took < RETURNS)


def _sent(ground: Ground, seen: Seen, what: str, ids: list[int], took: float) -> None:
    truth = reckon(ground.sandbox, ids)
    seen.check(f"{what}: all sent {took:.0f} s after its return ({truth})", truth.fine and took <= RETURNS)


def _all_sent() -> bool:
    return not Message.objects.exclude(status=Status.SENT).exists()
