"""Row 12: messages a second with three receipts each, beside the same messages with none."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.drain import queue_due
from benchmarks.receiving import SECRET
from benchmarks.setting import DATABASE, LATENCY_MS, Bench, free_port, made, wait_until
from benchmarks.table import Row
from earlybird.celery import app
from notifications.models import Message, QueuedMessage, WebhookEvent
from notifications.sandbox.client import running

GOAL = 300
WARM = 300  # messages
SOON = {"sent": 0.1, "delivered": 0.2, "read": 0.3}  # seconds after the acceptance


def measure(bench: Bench, *, pairs: int, receipts: int) -> list[Row]:
    """Take the sides in turn: until all are read, and until all are sent where no receipts come."""
    messages = receipts // 3
    told: list[float] = []
    silent: list[float] = []
    with _stack(bench) as here:
        _told(here, WARM)
        for number in range(pairs):
            told.append(messages / _told(here, messages))
            silent.append(messages / _silent(here, messages))
            print(
                f"  pair {number + 1}: with receipts {told[-1]:.0f}/s, without {silent[-1]:.0f}/s", flush=True
            )
    ratios = [one / other for one, other in zip(told, silent, strict=True)]
    return [
        Row(12, f"{messages:,} messages with three receipts each", told, "msg/s", GOAL),
        Row(12, "  without receipts, web and receipt worker idle", silent, "msg/s", 0),
        Row(12, "  with / without", ratios, "x", 0),
    ]


@contextlib.contextmanager
def _stack(bench: Bench) -> Iterator[Bench]:
    """The Procfile's web and workers, and a sandbox that posts to them."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/webhooks/myoperator"
    settings = {"latency_ms": LATENCY_MS, "magic": False, "receipt_delays": SOON}
    with made(DATABASE), running(webhook_url=url, webhook_secret=SECRET, settings=settings) as sandbox:
        env = bench.env | {"MYOPERATOR_BASE_URL": sandbox.url, "MYOPERATOR_WEBHOOK_SECRETS": SECRET}
        here = replace(bench, sandbox=sandbox, env=env)
        with (
            here.web(port=port),
            here.worker("-Q", "dispatch", "-c", "2", "-n", "ours@bench"),
            here.worker("-Q", "jobs,receipts", "-c", "2", "-n", "receipts@bench"),
        ):
            yield here


def _told(here: Bench, messages: int) -> float:
    """The seconds from the nudge until every message is read, and every receipt applied."""
    here.sandbox.set(receipts="normal")
    begun = _begin(here, messages)
    wait_until("the readers", lambda: not Message.objects.exclude(status="read").exists())
    wait_until("the receipts", lambda: not WebhookEvent.objects.filter(applied_at=None).exists())
    seconds = time.monotonic() - begun
    kept = WebhookEvent.objects.count()
    if kept != 3 * messages:
        raise RuntimeError(f"{kept} receipts of {messages} messages were kept")
    return seconds


def _silent(here: Bench, messages: int) -> float:
    """The seconds from the nudge until every message is recorded as sent."""
    here.sandbox.set(receipts="never")
    begun = _begin(here, messages)
    wait_until("the drain", lambda: not QueuedMessage.objects.exists())
    return time.monotonic() - begun


def _begin(here: Bench, messages: int) -> float:
    here.sandbox.forget()
    WebhookEvent.objects.all().delete()
    queue_due(messages)
    begun = time.monotonic()
    for _ in range(2):
        app.send_task("notifications.tasks.dispatch")
    return begun
