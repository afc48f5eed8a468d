"""“A customer calls”: from a number, a name or an order's number to the customer's page, whatever was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from backoffice.masking import number_in
from billing.models import Bill
from notifications.models import ErasureEvent, Message
from orders.models import Customer, Order

MOST_LISTED = 20
LONGEST = 100  # characters that are looked for
SHORTEST = 2  # of a name
VIEW_CUSTOMER, VIEW_MESSAGE = "orders.view_customer", "notifications.view_message"
_ID = re.compile(r"(msg|order|bill)_([0-9]{1,18})")


def may(user: Any) -> bool:
    """Who finds people: whoever may see customers, or the messages to a number."""
    return bool(user.has_perm(VIEW_CUSTOMER) or user.has_perm(VIEW_MESSAGE))


def find(request: HttpRequest) -> HttpResponse:
    """The page of whom this names; several to choose from; or what to type instead."""
    if not may(request.user):
        raise PermissionDenied
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    if address := _address(asked, request.user):
        return HttpResponseRedirect(address)
    named = _named(asked) if request.user.has_perm(VIEW_CUSTOMER) else []
    if len(named) == 1:
        return HttpResponseRedirect(customer_page(named[0].pk))
    context = admin.site.each_context(request) | {
        "title": "A customer calls",
        "asked": asked,
        "found": named[:MOST_LISTED],
        "has_more": len(named) > MOST_LISTED,
        "is_short": 0 < len(asked) < SHORTEST,
    }
    return TemplateResponse(request, "desk/find.html", context)


def customer_page(pk: int, **highlight: object) -> str:
    """The page of a customer, with a message, order or bill on it pointed at."""
    page = reverse("desk_customer", args=(pk,))
    return f"{page}?{urlencode(highlight)}" if highlight else page


def number_page(phone: str, **highlight: object) -> str:
    """The page of a number (E.164) that no customer has."""
    return f"{reverse('desk_person')}?{urlencode({'phone': phone} | highlight)}"


def _address(asked: str, user: Any) -> str | None:
    """Where exactly one thing is meant by what was typed, and this user may see it."""
    return next((found for look in _LOOKS if (found := look(asked, user))), None)


def _by_number(asked: str, user: Any) -> str | None:
    phone = number_in(asked)
    if not phone:
        return None
    if user.has_perm(VIEW_CUSTOMER) and (customer := Customer.objects.filter(phone=phone).first()):
        return customer_page(customer.pk)
    return number_page(phone)


def _by_id(asked: str, user: Any) -> str | None:
    """`msg_42`, `order_7`, `bill_3`: as the log writes them."""
    match = _ID.fullmatch(asked.lower())
    return _BY_SORT[match[1]](int(match[2]), user) if match else None


def _by_book_number(asked: str, user: Any) -> str | None:
    """`EB-20261201-0042` and `BILL-202611-00042`, as customers read them out."""
    number = asked.lstrip("#").strip().upper()
    if order := Order.objects.filter(number=number).only("pk").first():
        return _of_order(order.pk, user)
    bill = Bill.objects.filter(number=number).only("pk").first()
    return _of_bill(bill.pk, user) if bill else None


def _of_message(pk: int, user: Any) -> str | None:
    message = Message.objects.filter(pk=pk).first() if user.has_perm(VIEW_MESSAGE) else None
    if message is None:
        return None
    if user.has_perm(VIEW_CUSTOMER) and (
        customer := Customer.objects.filter(phone=message.phone).only("pk").first()
    ):
        return customer_page(customer.pk, message=pk)
    return f"{reverse('desk_person')}?message={pk}"


def _of_order(pk: int, user: Any) -> str | None:
    sees = user.has_perm(VIEW_CUSTOMER) and user.has_perm("orders.view_order")
    order = Order.objects.filter(pk=pk).only("customer_id").first() if sees else None
    return customer_page(order.customer_id, order=pk) if order else None


def _of_bill(pk: int, user: Any) -> str | None:
    sees = user.has_perm(VIEW_CUSTOMER) and user.has_perm("billing.view_bill")
    bill = Bill.objects.filter(pk=pk).only("customer_id").first() if sees else None
    return customer_page(bill.customer_id, bill=pk) if bill else None


def _named(asked: str) -> list[Customer]:
    """Customers whose name holds this, one more than are listed."""
    if len(asked) < SHORTEST:
        return []
    rows = Customer.objects.filter(name__icontains=asked, erased_at=None).order_by("name", "pk")
    return list(rows[: MOST_LISTED + 1])


def was_erased(phone: str) -> ErasureEvent | None:
    """The erasure of this number (E.164), if there was one."""
    return ErasureEvent.of(phone).first()


_Look = Callable[[str, Any], str | None]
_LOOKS: tuple[_Look, ...] = (_by_id, _by_book_number, _by_number)
_BY_SORT: dict[str, Callable[[int, Any], str | None]] = {
    "msg": _of_message,
    "order": _of_order,
    "bill": _of_bill,
}
