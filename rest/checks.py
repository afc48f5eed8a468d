"""What is wrong with the API's settings, said at the start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from rest import limits, lockout

MOST_DAYS = 3650


@register()
def settings_make_sense(**_: Any) -> list[CheckMessage]:
    """Always: values that no run could work with."""
    return [*_rates(), *_days(), *_lock()]


def _rates() -> Iterator[CheckMessage]:
    for name in limits.RATES:
        try:
            limits.Rate.read(getattr(settings, name))
        except ValueError:
            yield Error(
                f"{name}={getattr(settings, name)!r} is no rate.",
                hint=f"Write it like 300/min; up to {limits.MOST:,}, and s, min or h.",
                id="rest.E001",
            )


def _days() -> Iterator[CheckMessage]:
    if not 1 <= settings.API_TOKEN_DAYS <= MOST_DAYS:
        yield Error(
            f"API_TOKEN_DAYS={settings.API_TOKEN_DAYS} is no time that a token could last.",
            hint=f"Days from 1 to {MOST_DAYS}; 30 by default.",
            id="rest.E002",
        )


def _lock() -> Iterator[CheckMessage]:
    if not 1 <= settings.SIGN_IN_FAILURES <= 100:
        yield Error(
            f"SIGN_IN_FAILURES={settings.SIGN_IN_FAILURES} locks everybody out, or nobody.",
            hint="Wrong passwords in a row, from 1 to 100; 5 by default.",
            id="rest.E003",
        )
    if not 1 <= settings.SIGN_IN_LOCK_MINUTES <= lockout.LONGEST:
        yield Error(
            f"SIGN_IN_LOCK_MINUTES={settings.SIGN_IN_LOCK_MINUTES} is no time for a lock.",
            hint=f"Minutes from 1 to {lockout.LONGEST}; 15 by default.",
            id="rest.E004",
        )
