"""Numbers on staff's pages: whole for who may see them, masked for everybody else.

A page's cells are written by code that has the row and not the request, so who looks is kept beside the request:
`Looking` sets it, `shown` asks it. Where nobody looks (a job, a test of a function) a number is masked.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse

from notifications.phones import mask

SEE_NUMBERS = "notifications.see_numbers"

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


def sees_numbers(user: Any = None) -> bool:
    """Whether this user, or who looks at the page now, may see whole numbers."""
    user = user or _who_looks.get()
    return bool(user is not None and user.has_perm(SEE_NUMBERS))


def shown(phone: str) -> str:
    """A number as who looks may see it: `+919876543210` or `+91••••••3210`."""
    return phone if sees_numbers() else mask(phone)
