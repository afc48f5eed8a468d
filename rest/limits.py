"""How often somebody may ask.

The counts are this web process's own: no request waits for Redis to be counted. With two processes a caller may
get twice the rate.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from rest.address import whence

USER, ANONYMOUS, SIGN_IN = RATES = ("API_RATE_USER", "API_RATE_ANONYMOUS", "API_RATE_SIGN_IN")
_SECONDS = {"s": 1, "min": 60, "h": 3600}
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    seconds: int

    @classmethod
    def read(cls, text: str) -> Rate:
        """`300/min`. Raises ValueError."""
        number, _, unit = text.strip().partition("/")
        if not (number.isascii() and number.isdigit() and len(number) < 9 and unit in _SECONDS):
            raise ValueError(text)
        if not 1 <= int(number) <= MOST:
            raise ValueError(text)
        return cls(int(number), _SECONDS[unit])


@dataclass(frozen=True, slots=True)
class Standing:
    """What one caller has left of a rate; a new count begins in `reset` seconds."""

    limit: int
    count: int
    reset: int

    @property
    def is_over(self) -> bool:
        return self.count > self.limit

    def headers(self) -> dict[str, str]:
        left = max(self.limit - self.count, 0)
        numbers = {"Limit": self.limit, "Remaining": left, "Reset": self.reset}
        return {f"RateLimit-{name}": str(number) for name, number in numbers.items()}


class Window:
    """Counts by caller, all forgotten together when the next window of time begins."""

    def __init__(self) -> None:
        self._lock, self._number, self._counts = Lock(), -1, Counter[str]()

    def count(self, caller: str, rate: Rate, now: float) -> Standing:
        number, passed = divmod(now, rate.seconds)
        with self._lock:
            if number != self._number:
                self._number = int(number)
                self._counts.clear()
            self._counts[caller] += 1
            count = self._counts[caller]
        return Standing(rate.requests, count, math.ceil(rate.seconds - passed))

    def forget(self) -> None:
        with self._lock:
            self._counts.clear()


_windows = {name: Window() for name in RATES}


class TooOften(Throttled):
    """More than the rate. Says when to come back."""

    default_code = "throttled"
    default_detail = "Too many requests."
    extra_detail_singular = "Try again in {wait} second."
    extra_detail_plural = "Try again in {wait} seconds."


def count(request: Request, name: str, caller: str) -> None:
    """Count one request, for the answer's headers too. Raises TooOften."""
    if (rate := _rate(getattr(settings, name))) is None:
        return
    standing = _windows[name].count(caller, rate, time.time())
    request._request.rate = standing  # type: ignore[attr-defined]
    if standing.is_over:
        raise TooOften(wait=standing.reset)


def count_user(request: Request, user: Any) -> None:
    count(request, USER, str(user.pk))


def count_address(request: Request, name: str = ANONYMOUS) -> None:
    count(request, name, whence(request._request) or "")


def headers(request: HttpRequest) -> dict[str, str]:
    """What an answer says of the rate; nothing where the request was not counted."""
    standing: Standing | None = getattr(request, "rate", None)
    return standing.headers() if standing else {}


def forget() -> None:
    """Begin all counts anew, for tests."""
    for window in _windows.values():
        window.forget()


@cache
def _rate(text: str) -> Rate | None:
    """None, no limit, for a setting that is none: `rest.checks` says so at the start."""
    try:
        return Rate.read(text)
    except ValueError:
        return None


class ByAddress(BaseThrottle):
    """For views that ask nobody who they are. All others are counted where the token is read."""

    rate = ANONYMOUS

    def allow_request(self, request: Request, view: Any) -> bool:
        count_address(request, self.rate)
        return True


class SignIns(ByAddress):
    """Many names tried from one address: the lock, which is by name, does not see that."""

    rate = SIGN_IN
