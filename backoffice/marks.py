"""What cells of lists share: a coloured word for a status, money at the right, counts grouped the Indian way."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime


def status(code: str, words: object) -> SafeString:
    """The words with a dot before them. Which colour a code has, desk.css says (“Statuses”)."""
    said = str(words)
    return format_html('<span class="status is-{}">{}</span>', code, said[:1].upper() + said[1:])


def money(written: str) -> SafeString:
    """Rupees, already written, at the right of their column."""
    return format_html('<span class="money">{}</span>', written)


def grouped(count: int) -> str:
    """A count as people in India read it: `12,34,567`."""
    return number_format(count, force_grouping=True)


def at(moment: datetime | None, day: date) -> SafeString | None:
    """The hour alone, in a row that names the day already; another day is said too."""
    if moment is None:
        return None
    there = localtime(moment)
    words = date_format(there, "g:i A" if there.date() == day else "j M, g:i A")
    return format_html('<span class="day">{}</span>', words)
