"""Addresses of the message log, filtered: every number on the front page leads to the messages it counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from notifications.clock import moment


def address(
    statuses: Iterable[str] = (), kind: str = "", first: date | None = None, last: date | None = None
) -> str:
    """The messages with one of these statuses (none: any), of this kind, queued from `first` to `last` (IST)."""
    wanted: dict[str, str] = {}
    match list(statuses):
        case []:
            pass
        case [one]:
            wanted["status__exact"] = one
        case several:
            wanted["status__in"] = ",".join(several)
    if kind:
        wanted["kind"] = kind
    if first:
        wanted["created_at__gte"] = str(moment(first, time.min))
    if last:
        wanted["created_at__lt"] = str(moment(last + timedelta(days=1), time.min))
    return f"{_page()}?{urlencode(wanted)}" if wanted else _page()


@cache
def _page() -> str:
    # The front page names it two hundred times, and looking it up each time took a tenth of the page's.
    return reverse("admin:notifications_message_changelist")
