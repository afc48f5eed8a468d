"""Celery's side: one call each."""

from typing import Any

from celery import shared_task

from notifications import clock
from orders import announcements


@shared_task(ignore_result=True)
def advance_announcements(**_: Any) -> None:
    announcements.advance(clock.now())
