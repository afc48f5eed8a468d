"""The Celery application. It carries nudges, never facts: losing Redis loses no message."""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlybird.settings")

app = Celery("earlybird")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

STOPS = (signal.SIGTERM, signal.SIGINT)


@worker_ready.connect
def _do_what_is_due(sender: Any, **_: object) -> None:
    """Daily jobs that came due while no worker ran are done now, and not when beat ticks next."""
    if "jobs" in sender.app.amqp.queues.consume_from:
        sender.app.send_task("jobs.tasks.tick", expires=60, retry=False)


@beat_init.connect
def _stop_beat_by_unwinding(**_: object) -> None:
    """Replace beat's handler, which asks the database from within whatever it interrupts.

    Interrupted in a query, or told twice (the kernel does when a supervisor is killed: once for each of its
    threads), it waited for its own connection for ever. Beat writes its schedule down on its way out anyway.
    """
    for number in STOPS:
        signal.signal(number, _unwind)


def _unwind(*_: object) -> None:
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
