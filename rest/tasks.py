"""Celery's side: each task makes one call."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from notifications.clock import now as clock_now
from rest import retention


@shared_task(ignore_result=True)
def forget(**_: Any) -> None:
    retention.forget(clock_now())
