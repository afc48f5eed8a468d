"""Row 11: receipts kept and answered per second, then all applied, beside a bare Django view with one INSERT."""

import contextlib
import itertools
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

from django.db import connection

from benchmarks.bare_view import TABLE
from benchmarks.poster import post_all
from benchmarks.setting import CHECKOUT, Bench, free_port, wait_until
from benchmarks.table import Row, p99
from earlybird.celery import app
from earlybird.procfile import commands
from notifications.clock import now as clock_now
from notifications.models import Attempt, Message, WebhookEvent
from notifications.tests import samples

SECRET = "bench-webhook-secret"  # noqa: S105
KINDS = ("sent", "delivered", "read")
WARM = 600  # receipts
_serial = itertools.count()


@dataclass
class Figures:
    ours: list[float] = field(default_factory=list)  # a second
    p99: list[float] = field(default_factory=list)  # milliseconds
    bare: list[float] = field(default_factory=list)
    applied: list[float] = field(default_factory=list)


def measure(bench: Bench, *, pairs: int, receipts: int) -> list[Row]:
    """Take the sides in turn. The worker that applies runs between the turns, not during them."""
    figures = Figures()
    bench = replace(bench, env=bench.env | {"MYOPERATOR_WEBHOOK_SECRETS": SECRET})
    with bench.web() as web, bare_server(bench) as bare:
        _turn(bench, Figures(), web.url, bare, WARM)
        for number in range(pairs):
            _turn(bench, figures, web.url, bare, receipts)
            print(f"  pair {number + 1}: kept {figures.ours[-1]:.0f}/s, bare view {figures.bare[-1]:.0f}/s, "
                  f"applied {figures.applied[-1]:.0f}/s", flush=True)  # fmt: skip
    ratios = [ours / bare for ours, bare in zip(figures.ours, figures.bare, strict=True)]
    return [
        Row(11, f"{receipts:,} receipts kept and answered", figures.ours, "/s", 1000),
        Row(11, "  p99", figures.p99, "ms", 100, at_most=True),
        Row(11, "  then applied", figures.applied, "/s", 1000),
        Row(11, "  a bare view with one INSERT", figures.bare, "/s", 0),
        Row(11, "  kept: ours / bare view", ratios, "x", 0),
    ]


def _turn(bench: Bench, figures: Figures, ours: str, bare: str, receipts: int) -> None:
    bodies = _receipts(receipts // len(KINDS))
    posted = post_all(f"{ours}/webhooks/myoperator", bodies, {"X-Webhook-Secret": SECRET})
    figures.ours.append(posted.per_second)
    figures.p99.append(p99(posted.milliseconds))
    figures.bare.append(post_all(f"{bare}/keep", bodies, {}).per_second)
    kept = WebhookEvent.objects.filter(applied_at=None).count()
    if kept != len(bodies):
        raise RuntimeError(f"{kept} of {len(bodies)} receipts were kept")
    figures.applied.append(kept / _apply(bench))


def _apply(bench: Bench) -> float:
    """The seconds from the nudge until all is applied, by the Procfile's worker."""
    with bench.worker("-Q", "jobs,receipts", "-c", "2", "-n", "receipts@bench"):
        wait_until("the worker", lambda: app.control.ping(["receipts@bench"], timeout=1))
        begun = time.monotonic()
        app.send_task("notifications.tasks.apply_receipts")
        wait_until("the receipts", lambda: not WebhookEvent.objects.filter(applied_at=None).exists())
        seconds = time.monotonic() - begun
    unread = Message.objects.exclude(status="read").count()
    if unread:
        raise RuntimeError(f"{unread} messages are not read")
    return seconds


def _receipts(messages: int) -> list[bytes]:
    """A fresh log of so many accepted messages, and three receipts for each, in no order."""
    tables = ("message", "attempt", "messageevent", "statuschange", "webhookevent", "queuedmessage")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f"notifications_{name}" for name in tables) + " CASCADE")
    made = Message.objects.bulk_create(_message(next(_serial)) for _ in range(messages))
    attempts = Attempt.objects.bulk_create(
        Attempt(message_id=one.pk, number=1, outcome="accepted", provider_message_id=str(uuid4()))
        for one in made
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE notifications_message, notifications_attempt")
    bodies = [
        _body(one, attempt, kind) for one, attempt in zip(made, attempts, strict=True) for kind in KINDS
    ]
    random.Random(11).shuffle(bodies)
    return bodies


def _message(serial: int) -> Message:
    now = clock_now()
    return Message(
        phone=f"+9170{serial:08d}", kind="order_confirmation", text=f"Order #{serial} confirmed",
        status="sent", tries=1, created_at=now, sent_at=now, expires_at=now,
    )  # fmt: skip


_SAMPLE = samples.text("webhook_delivered")


def _body(message: Message, attempt: Attempt, kind: str) -> bytes:
    event = json.loads(_SAMPLE)
    event |= {
        "event_id": str(uuid4()),
        "event_type": f"message.{kind}",
        "customer_identifier": message.phone[1:],
    }
    event["payload"] |= {"id": attempt.provider_message_id, "status": kind}
    event["payload"]["metadata"] = {"waba_msg_id": f"wamid.{attempt.pk}", "myop_ref_id": str(attempt.pk)}
    return json.dumps(event).encode()


@contextlib.contextmanager
def bare_server(bench: Bench) -> Iterator[str]:
    """The bare view under the Procfile's server. Yields its address."""
    port = free_port()
    env = bench.env | {"PORT": str(port), "WEB_HOST": "127.0.0.1"}
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    program, _, *options = commands(env)["web"]
    command = [str(Path(sys.executable).parent / program), "benchmarks.bare_view:application", *options]
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=CHECKOUT, env=env)  # noqa: S603
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until("the bare server", lambda: _answers(url), 30)
        yield url
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/keep", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False
