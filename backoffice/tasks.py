"""Celery's side: one call each."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from backoffice import acts


@shared_task(ignore_result=True)
def advance_acts(**_: Any) -> None:
    """Go on with what staff confirmed; ask for another turn where the time was up first."""
    if acts.advance():
        acts.NUDGER.nudge()
