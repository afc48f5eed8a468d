"""Celery's side: each task makes one call. Ids only, no results, no decisions."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from notifications import engine, nudge, receipts, statistics, template_sync, tier
from notifications.clock import now as clock_now


@shared_task(ignore_result=True)
def dispatch(**_: Any) -> None:
    """Send what is due; ask for another worker where the time was up first."""
    if engine.drain():
        nudge.dispatch()


@shared_task(ignore_result=True)
def sweep(**_: Any) -> None:
    engine.sweep(clock_now())


@shared_task(ignore_result=True)
def apply_receipts(**_: Any) -> None:
    receipts.apply_waiting(clock_now())


@shared_task(ignore_result=True)
def fold_statistics(**_: Any) -> None:
    statistics.fold()


@shared_task(ignore_result=True)
def sync_templates(**_: Any) -> None:
    template_sync.sync_by_schedule(clock_now())


@shared_task(ignore_result=True)
def count_people(**_: Any) -> None:
    tier.count(clock_now())


@worker_shutting_down.connect
def _stop_claiming(**_: Any) -> None:
    engine.stop_claiming()
