"""Values as staff type them into a form: what each type is called, how it reads, and what is wrong with one.

Programs may give whatever reads as text already; who fills in a form is told at once what was not understood.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from notifications.formats import LIMIT, UNSENDABLE, CannotWrite, reads_as, written


class Type(NamedTuple):
    """A type of variable for people. `how`: what to write where a value was not understood."""

    label: str
    sample: str
    how: str


TYPES = {
    "text": Type("Text", "Cow milk 500 ml", "Write some words."),
    "date": Type("Date", "2026-12-01", "Write a date as 2026-12-01: year, month, day."),
    "month": Type("Month", "2026-11", "Write a month as 2026-11: year, month."),
    "money": Type("Money", "123456.50", "Write an amount in digits, without ₹ and commas: 123456.50."),
    "time": Type("Time of day", "07:30", "Write a time as 07:30 or 19:30."),
    "number": Type("Number", "123456", "Write a number in digits, without commas: 123456."),
    "phone": Type("Phone number", "9876543210", "Write a phone number, for example 98765 43210."),
}
_BREAKS = re.compile(r"[\n\r\t\u2028\u2029]| {5,}")


def fault(value: str, kind: str) -> str:
    """Why this value cannot stand in a message, as a sentence that says what to do; empty where it can."""
    if not value.strip():
        return "Fill this in."
    if len(value) > LIMIT:
        return f"This has {len(value):,} characters; a message holds {LIMIT:,}."
    if _BREAKS.search(value):
        return "WhatsApp takes no line break, tab or more than four spaces in a row here. Take them out."
    if UNSENDABLE.search(value):
        return "There is a character in this that cannot be seen or sent. Type it again."
    return "" if reads_as(value, kind) else TYPES[kind].how


def reads(value: str, kind: str, language: str = "en") -> str:
    """The value as a message writes it; empty where it cannot."""
    try:
        return "" if fault(value, kind) else written("value", value, kind, language)
    except CannotWrite:
        return ""


def choices() -> list[tuple[str, str]]:
    """The types for a form, each with how one reads: `("money", "Money: 1,23,456.50")`."""
    return [(code, f"{one.label}: {reads(one.sample, code)}") for code, one in TYPES.items()]
