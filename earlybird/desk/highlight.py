"""What the one who calls asked about: the message, order or bill that the search found, on top of their page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest

from billing.models import Bill
from earlybird.desk import sources, story
from notifications.models import Message
from orders.models import Customer, Order

MOST_MESSAGES = 5  # about an order or a bill


@dataclass(frozen=True)
class Highlight:
    """`entry`: what was asked about. `messages`: what was told of it, the newest first."""

    entry: story.Entry
    messages: list[story.Entry] = field(default_factory=list)


def of(request: HttpRequest, customer: Customer | None, phone: str) -> Highlight | None:
    """By `?message=`, `?order=` or `?bill=`; None where that is nobody's, another's, or not this user's to see."""
    for name, (permission, find) in _FINDERS.items():
        pk = request.GET.get(name, "")
        if pk.isdecimal() and len(pk) < 19 and request.user.has_perm(permission):
            return find(int(pk), customer, phone)
    return None


def _message(pk: int, customer: Customer | None, phone: str) -> Highlight | None:
    row = Message.objects.filter(pk=pk, phone=phone).first()
    return Highlight(sources.told(row)) if row else None


def _order(pk: int, customer: Customer | None, phone: str) -> Highlight | None:
    row = Order.objects.filter(pk=pk, customer=customer).first() if customer else None
    return _about(row, f"order_{pk}", phone) if row else None


def _bill(pk: int, customer: Customer | None, phone: str) -> Highlight | None:
    row = Bill.objects.filter(pk=pk, customer=customer).first() if customer else None
    return _about(row, f"bill_{pk}", phone) if row else None


def _about(row: Any, reference: str, phone: str) -> Highlight:
    rows = Message.objects.filter(reference_id=reference, phone=phone).order_by("-created_at", "-id")
    entry = replace(_IN_WORDS[type(row)](row), place=story.Place(row.created_at, 0, row.pk))
    return Highlight(entry, [sources.told(message) for message in rows[:MOST_MESSAGES]])


_IN_WORDS: dict[type, Any] = {Order: sources.order, Bill: sources.bill}
_FINDERS: dict[str, tuple[str, Any]] = {
    "message": ("notifications.view_message", _message),
    "order": ("orders.view_order", _order),
    "bill": ("billing.view_bill", _bill),
}
