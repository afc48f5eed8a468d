"""Addresses of the message log, filtered: every number on the front page leads to the messages it counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse


def address(
    statuses: Iterable[str] = (), kind: str = "", first: date | None = None, last: date | None = None
) -> str:
    """The messages with one of these statuses (none: any), of this kind, queued from `first` to `last` (IST)."""
    given = {
        "status": ",".join(statuses),
        "kind": kind,
        "from": str(first or ""),
        "until": str(last or ""),
    }
    wanted = {name: value for name, value in given.items() if value}
    return f"{_page()}?{urlencode(wanted)}" if wanted else _page()


@cache
def _page() -> str:
    # The front page names it two hundred times, and looking it up each time took a tenth of the page's.
    return reverse("admin:notifications_message_changelist")
