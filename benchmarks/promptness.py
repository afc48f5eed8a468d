"""Row 6: from an order's commit to the request at the provider, on an idle machine."""

import itertools
import statistics
import time
from collections.abc import Iterator

from benchmarks.setting import LATENCY_MS, Bench, wait_until
from benchmarks.table import Row, p99
from earlybird.celery import app
from notifications.models import QueuedMessage
from orders import actions, days
from orders.models import Customer, Product

ORDERS = 40  # in a turn
APART = 0.2  # seconds: each finds the workers idle again
WARM = 5


def measure(bench: Bench, *, pairs: int) -> list[Row]:
    """Both clocks are this machine's; the provider answers at once."""
    bench.sandbox.set(latency_ms=0)
    QueuedMessage.objects.all().delete()  # what a row before this one left
    shop = _shop()
    try:
        with bench.worker("-Q", "dispatch", "-c", "2", "-n", "prompt@bench"):
            wait_until("the worker", lambda: app.control.ping(["prompt@bench"], timeout=1))
            _turn(bench, shop, WARM)
            turns = [_turn(bench, shop, ORDERS) for _ in range(pairs)]
    finally:
        bench.sandbox.set(latency_ms=LATENCY_MS)
    p50s, p99s = [statistics.median(turn) for turn in turns], [p99(turn) for turn in turns]
    return [
        Row(6, "commit to request at the provider, idle: p50", p50s, "ms", 20, at_most=True),
        Row(6, "  p99", p99s, "ms", 80, at_most=True),
    ]


def _shop() -> Iterator[tuple[Customer, Product]]:
    """Somebody else each time, so that nobody's own pace holds an order back."""
    milk = Product.objects.create(name="Cow milk", unit="prompt", price="32.00")
    people = [Customer(name="Asha", phone=f"+9162{serial:08d}") for serial in range(2000)]
    return ((customer, milk) for customer in itertools.cycle(Customer.objects.bulk_create(people)))


def _turn(bench: Bench, shop: Iterator[tuple[Customer, Product]], orders: int) -> list[float]:
    """The milliseconds of each order."""
    bench.sandbox.forget()
    committed: dict[str, float] = {}
    for customer, milk in itertools.islice(shop, orders):
        order = actions.place_order(customer, days.today(), [(milk, 1)])
        committed[f"Order #{order.number} confirmed"] = time.time()
        time.sleep(APART)
    wait_until("the messages", lambda: len(bench.sandbox.messages()) == orders, 30)
    return [1000 * (one["accepted_at"] - committed[one["text"]]) for one in bench.sandbox.messages()]
