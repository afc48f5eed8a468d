"""`manage.py dispatch`: the engine without Celery, for the day Redis is gone."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from notifications import engine
from notifications.clock import now as clock_now

PAUSE = 1.0  # seconds between two looks at an idle queue


class Command(BaseCommand):
    help = "Send what is due, without Celery, until Ctrl-C (or until nothing is due, with --until-idle)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, until_idle: bool, **options: Any) -> None:
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: engine.stop_claiming())
        while not engine.stopping():
            engine.sweep(clock_now())
            left = engine.drain()
            if until_idle and not left:
                return
            if not left and not engine.stopping():
                time.sleep(PAUSE)
