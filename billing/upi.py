"""Paying by UPI: a link that opens the customer's app with everything filled in, and the same as a QR code."""

from decimal import Decimal
from urllib.parse import quote

import segno
from django.conf import settings

from billing.models import Bill


def link(bill: Bill, outstanding: Decimal | None = None) -> str:
    """`upi://pay?…` for what is still to pay; empty where that is nothing, or no UPI_VPA is set."""
    outstanding = bill.outstanding if outstanding is None else outstanding
    if not settings.UPI_VPA or outstanding <= 0:
        return ""
    fields = {
        "pa": settings.UPI_VPA,
        "pn": settings.UPI_NAME,
        "am": f"{outstanding:.2f}",
        "cu": "INR",
        "tn": bill.number,
        "tr": bill.number.replace("-", ""),
    }
    # Spaces as %20: apps show a plus as a plus.
    return "upi://pay?" + "&".join(
        f"{name}={quote(value, safe='@')}" for name, value in fields.items() if value
    )


def qr(address: str) -> str:
    """An address as an SVG to be put into a page, black on white in dark mode too: apps must read it."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True, title="Pay by UPI")
