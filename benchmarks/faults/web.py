"""Row 2: the web's processes are killed while orders come in, between an order and its message for one."""

import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import requests
from django.contrib.auth import get_user_model
from knox.models import AuthToken

from benchmarks.faults.ground import Ground
from benchmarks.faults.processes import children, main
from benchmarks.faults.receipts import free_port
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import somebody
from delivery.models import Delivery
from earlybird.stack import Stack
from notifications.models import Message, QueuedMessage
from orders import days
from orders.models import Customer, Order, OrderItem, Product

ORDERS = 600
AT_ONCE = 12  # as many as keep the web's threads busy
EVERY = 40  # orders from one kill to the next
ALL_OF_IT = 5  # each so manieth kill takes the main process too
PAUSE = 0.1  # seconds before a till that was not answered asks again


@row(2, "kill -9 of the web process between order and message", "both rows or neither")
def web_killed(ground: Ground, seen: Seen) -> None:
    with ground.stack({"web"}, free_port(), API_RATE_USER="1000000/min") as stack:
        till = Till(f"{stack.url}/api/orders")
        with ThreadPoolExecutor(AT_ONCE) as tills:
            placed = [tills.submit(till.place, number) for number in range(ORDERS)]
            kills = _kill_until(stack, placed)
    unheard = sum(future.result() for future in placed)
    seen.check(f"{kills} kills, {unheard} requests without an answer, each asked again", kills > ALL_OF_IT)
    _compare(seen)


class Till:
    """Places orders as a till does: each with a key of its own, again until it is told that it is there."""

    def __init__(self, url: str) -> None:
        self.url, self.day = url, days.today() + timedelta(days=1)
        chitra = get_user_model().objects.create_superuser("chitra")
        self.headers = {"Authorization": f"Bearer {AuthToken.objects.create(chitra)[1]}"}
        self.milk = Product.objects.create(name="Cow milk", unit="500 ml", price=32)
        customers = (Customer(name="Asha", phone=somebody(), language="en") for _ in range(ORDERS))
        self.customers = Customer.objects.bulk_create(customers)

    def place(self, number: int) -> int:
        """Returns how many times nobody answered. Raises RuntimeError at an answer that is no order."""
        for unheard in count():
            answer = self._ask(number)
            if answer is not None:
                if answer.status_code not in (200, 201):
                    raise RuntimeError(f"{answer.status_code}: {answer.text[:200]}")
                return unheard
        raise AssertionError("`count` never ends")

    def _ask(self, number: int) -> requests.Response | None:
        order = {
            "customer": self.customers[number].pk,
            "delivery_date": self.day.isoformat(),
            "items": [{"product": self.milk.pk, "quantity": 2}],
        }
        headers = {**self.headers, "Idempotency-Key": f"order-{number}"}
        try:
            return requests.post(self.url, json=order, headers=headers, timeout=20)
        except requests.ConnectionError:
            time.sleep(PAUSE)
            return None


def _kill_until(stack: Stack, placed: Sequence[Future]) -> int:
    """Kill a worker of the web, or all of it, after every so many orders until all are placed; how often."""
    for kills in count():
        enough = min((kills + 1) * EVERY, ORDERS)
        wait_until(
            "orders come in", lambda enough=enough: sum(one.done() for one in placed) >= enough, 60, 0.01
        )
        if enough == ORDERS:
            return kills
        wait_until("the web's workers run", lambda: len(_workers(stack)) > 1, 30, 0.01)
        if kills % ALL_OF_IT == ALL_OF_IT - 1:
            os.killpg(main(stack, "web"), signal.SIGKILL)
        else:
            os.kill(
                _workers(stack)[0], signal.SIGKILL
            )  # the oldest: one that dies young twice ends all of it
    raise AssertionError("`count` never ends")


def _workers(stack: Stack) -> Sequence[int]:
    """The processes that answer, the oldest first; the main process only looks after them."""
    worker = stack.process("web")
    return children(worker) if worker else []


def _compare(seen: Seen) -> None:
    """All that belongs to an order is there with it, once."""
    orders = {f"order_{pk}" for pk in Order.objects.values_list("pk", flat=True)}
    told = list(Message.objects.filter(kind="order_confirmation").values_list("reference_id", flat=True))
    seen.check(f"{len(orders)} orders of {ORDERS} placed", len(orders) == ORDERS)
    seen.check(
        f"{len(orders - set(told))} without a message, {len(set(told) - orders)} messages without an order, "
        f"{len(told) - len(set(told))} told twice",
        sorted(told) == sorted(orders),
    )
    rows = (QueuedMessage.objects.count(), OrderItem.objects.count(), Delivery.objects.count())
    seen.check("{} queued, {} items, {} deliveries".format(*rows), set(rows) == {ORDERS})
