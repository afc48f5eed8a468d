"""Cells of files that people open in a spreadsheet."""

from __future__ import annotations

import re

BOM = "\ufeff"  # without it Excel reads हिन्दी as another alphabet

# What a spreadsheet takes for a formula when a cell begins with it, wherever the blanks before it come from.
_ACTIVE = re.compile(r"[\t\r\n]|[\s\x00-\x1f\u200b\ufeff]*[=+\-@＝＋－＠]")


def safe(cell: object) -> str:
    """A cell that is text and never a formula: what a customer is called cannot run on the machine of who opens it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _ACTIVE.match(text) else text


def dialled(phone: str) -> str:
    """A number as it is dialled in India, so that a spreadsheet neither calculates with it nor rounds it.

    `+919876543210` is `98765 43210`, others are `00 447911123456`; a masked one loses its +.
    """
    if "•" in phone or not phone.startswith("+"):
        return phone.removeprefix("+")
    return f"{phone[3:8]} {phone[8:]}" if phone.startswith("+91") else f"00 {phone[1:]}"
