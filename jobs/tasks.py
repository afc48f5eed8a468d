"""Celery's side: beat ticks, the rows decide."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from jobs import ticking
from notifications import clock


@shared_task(ignore_result=True)
def tick(**_: Any) -> None:
    ticking.tick(clock.now())
