"""Numbers on staff's pages: whole for who may see them, masked for everybody else.

A page's cells are written by code that has the row and not the request, so who looks is kept beside the request:
`Looking` sets it, `shown` asks it. Where nobody looks (a job, a test of a function) a number is masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from notifications.phones import BadPhone, e164, mask

SEE_NUMBERS = "notifications.see_numbers"
# In words that somebody wrote: any number with its +, an Indian mobile however it is typed, and WhatsApp's id of a
# message, which is base64 of the number. Not in the middle of a longer id.
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z_.+])(?:\+[1-9]\d(?:[ ()-]?\d){6,13}|(?:91[ -]?|0)?[6-9]\d{4}[ -]?\d{5})(?![0-9A-Za-z_])"
)
_IDS = re.compile(r"wamid\.[\w+/=-]+")

_who_looks: ContextVar[Any] = ContextVar("who_looks", default=None)


class Looking:
    """Middleware, after the one that knows the user: remembers who looks at a page of the desk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        token = _who_looks.set(request.user)
        try:
            return self.get_response(request)
        finally:
            _who_looks.reset(token)


def looks() -> Any:
    """The user who looks at the page now; None where nobody does."""
    return _who_looks.get()


def sees_numbers(user: Any = None) -> bool:
    """Whether this user, or who looks at the page now, may see whole numbers."""
    user = user or _who_looks.get()
    return bool(user is not None and user.has_perm(SEE_NUMBERS))


def shown(phone: str) -> str:
    """A number as who looks may see it: `+919876543210` or `+91••••••3210`."""
    return phone if sees_numbers() else mask(phone)


def shown_in(text: str, *known: str) -> str:
    """Words or markup with numbers in them, as who looks may see them. `known`: numbers (E.164) that are found
    there in any of their forms; others are found by how a number looks.
    """
    return text if sees_numbers() else masked_in(text, *known)


def masked_in(text: str, *known: str) -> str:
    """The same for a place that whole numbers have no business in. What was safe markup stays so."""
    hidden = _IDS.sub("wamid.…", text)
    for number in filter(None, known):
        hidden = re.sub(rf"\+?{re.escape(number.removeprefix('+'))}", mask(number), hidden)
    hidden = _NUMBERS.sub(lambda found: mask(found[0]), hidden)
    return mark_safe(hidden) if hasattr(text, "__html__") else hidden  # noqa: S308 (only digits were replaced)


def number_in(term: str) -> str:
    """The E.164 number that a search term is, or an empty text."""
    try:
        return e164(term)
    except BadPhone:
        return ""
