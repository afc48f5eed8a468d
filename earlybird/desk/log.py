"""Addresses of the message log, filtered: every number on the front page leads to the messages it counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from urllib.parse import quote

from django.urls import reverse


def address(
    statuses: Iterable[str] = (), kind: str = "", first: date | None = None, last: date | None = None
) -> str:
    """The messages with one of these statuses (none: any), of this kind, queued from `first` to `last` (IST)."""
    # By hand: the front page writes two hundred of these, and of them only a kind can need quoting.
    given = (
        ("status", ",".join(statuses)),
        ("kind", quote(kind)),
        ("from", first.isoformat() if first else ""),
        ("until", last.isoformat() if last else ""),
    )
    wanted = "&".join(f"{name}={value}" for name, value in given if value)
    return f"{_page()}?{wanted}" if wanted else _page()


@cache
def _page() -> str:
    return reverse("admin:notifications_message_changelist")
