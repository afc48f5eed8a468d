"""Rupees as people in India read them."""

from decimal import Decimal

from notifications import registry


def written(amount: Decimal | str) -> str:
    """`₹1,23,456.50`; `−₹50` for less than nothing."""
    amount = Decimal(amount)
    return f"{'−' if amount < 0 else ''}₹{registry.readable(abs(amount), 'money')}"
