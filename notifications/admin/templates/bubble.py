"""A text as a phone shows it, on the wall that a phone has."""

from __future__ import annotations

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from notifications import proof
from notifications.clock import now as clock_now
from notifications.sandbox.marks import as_html


def bubble(text: str) -> SafeString:
    """One bubble, with the time of now at its foot; everything in the text is escaped."""
    words = mark_safe(as_html(text[: proof.SHOWN]))  # noqa: S308  as_html escapes
    return format_html(
        '<div class="bubble" dir="auto"><span class="words">{}</span><span class="foot">{}</span></div>',
        words,
        _time(),
    )


def _time() -> str:
    now = timezone.localtime(clock_now())
    return f"{now.hour % 12 or 12}:{now:%M} {now:%p}".lower()
