"""`{% load counted %}`: counts, durations and numbers, as the desk's own pages write them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django import template

from backoffice.marks import grouped
from backoffice.masking import shown, shown_in

register = template.Library()
register.filter("shown", shown)
register.filter("shown_in", shown_in)


@register.filter
def indian(number: int | None) -> str:
    """A whole number grouped as India does: `12,34,567`; a dash where there is none."""
    return "–" if number is None else grouped(number)


@register.filter
def seconds(value: float | None) -> str:
    """How long something took: `0.04 s`, `12 s`, `4 min`, `3 h`; a dash where nothing did."""
    if value is None:
        return "–"
    if value < 1:
        return f"{value:.2f} s"
    if value < 10:
        return f"{value:.1f} s"
    if value < 120:
        return f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 7200 else f"{value / 3600:.0f} h"


@register.filter
def age(since: datetime, now: datetime) -> str:
    """How long something has waited: `4 seconds`, `12 minutes`, `3 hours`, `2 days`."""
    passed = max(int((now - since).total_seconds()), 0)
    for size, noun in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if passed >= size:
            count = passed // size
            return f"{count} {noun}{'' if count == 1 else 's'}"
    return f"{passed} second{'' if passed == 1 else 's'}"


@register.filter
def paise(rupees: Decimal) -> Decimal:
    """Rupees, with no more than two places."""
    return rupees.quantize(Decimal("0.01"))
