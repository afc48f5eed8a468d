"""The Celery application. It carries nudges, never facts: losing Redis loses no message."""

import os
import signal

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlybird.settings")

app = Celery("earlybird")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

STOPS = (signal.SIGTERM, signal.SIGINT)


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
