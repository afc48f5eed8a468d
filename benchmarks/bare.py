"""The other side of row 1: the same session, threads and processes, without database and Celery."""

import multiprocessing
import queue
import threading
import time

from notifications.providers.base import Outgoing
from notifications.providers.myoperator_send_message import SendMessage
from notifications.providers.transport import Transport

PROCESSES = 2


class Loop:
    """Two processes of `slots` threads, kept alive between runs as a worker's children are."""

    def __init__(self, url: str, slots: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._orders = [context.Queue() for _ in range(PROCESSES)]
        self._done = context.Queue()
        self._processes = [
            context.Process(target=_serve, args=(url, slots, orders, self._done), daemon=True)
            for orders in self._orders
        ]
        for process in self._processes:
            process.start()

    def send(self, messages: int) -> float:
        """Send so many messages; returns the seconds it took."""
        begun = time.monotonic()
        for orders in self._orders:
            orders.put(messages // PROCESSES)
        failed = sum(self._done.get() for _ in self._orders)
        if failed:
            raise RuntimeError(f"{failed} sends of the bare loop failed")
        return time.monotonic() - begun

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
            process.join()


def _serve(url: str, slots: int, orders: multiprocessing.Queue, done: multiprocessing.Queue) -> None:
    provider = SendMessage(url, "sandbox-key", "sandbox-secret", "sandbox-account", Transport(slots))
    jobs: queue.SimpleQueue[Outgoing] = queue.SimpleQueue()
    results: queue.SimpleQueue[bool] = queue.SimpleQueue()
    for _ in range(slots):
        threading.Thread(target=_work, args=(provider, jobs, results), daemon=True).start()
    while True:
        count = orders.get()
        for number in range(count):
            jobs.put(Outgoing(str(number), f"+9198{number:08d}", "✓ Delivery Confirmed for December 1"))
        done.put(sum(not results.get() for _ in range(count)))


def _work(
    provider: SendMessage, jobs: "queue.SimpleQueue[Outgoing]", results: "queue.SimpleQueue[bool]"
) -> None:
    while True:
        results.put(bool(provider.send(jobs.get())))
