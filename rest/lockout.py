"""Who guesses at passwords is locked out for a while: django-axes, by name and address together.

So nobody can lock another out from elsewhere, and 5 guesses are 5 also when they come at the same moment.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from axes.backends import AxesBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rest import errors
from rest.address import whence

logger = logging.getLogger(__name__)

LONGEST = 30 * 24 * 60  # minutes


class Backend(AxesBackend):
    """Django's own sign-in by name and password, and the lock around it."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> Any:
        """None for a wrong name or password, or who is switched off. Raises PermissionDenied where locked."""
        if request is None:  # a shell, a test: nobody to lock out
            return ModelBackend.authenticate(self, None, username, password, **more)
        if username is None or password is None:
            return None
        with _in_turn(request, username):
            super().authenticate(request, username, password, **more)
            user = ModelBackend.authenticate(self, request, username, password, **more)
            if user is None:  # counted before the next one's turn; Django's signal comes too late for that
                AxesProxyHandler.user_login_failed(type(self), {"username": username}, request)
                request.failure_is_counted = True  # type: ignore[attr-defined]
        return user


@contextmanager
def _in_turn(request: HttpRequest, username: str) -> Iterator[None]:
    """One at a time for a name and an address: a password takes its time, in which 20 could be tried."""
    about = f"{whence(request)} {folded(username)}"
    number = int.from_bytes(hashlib.sha256(about.encode()).digest()[:8], "big", signed=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        yield


class Handler(AxesDatabaseHandler):
    """Keeps the failures in Postgres."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any
    ) -> None:
        if request is not None and not getattr(request, "failure_is_counted", False):
            super().user_login_failed(sender, credentials, request, **more)

    def clean_expired_user_attempts(
        self, request: HttpRequest | None = None, credentials: dict[str, Any] | None = None
    ) -> int:
        """Only this caller's: two that sweep the whole table at once would wait for each other."""
        old = timezone.now() - lasts()
        found = self.filter_user_attempts(request, credentials)
        return sum(attempts.filter(attempt_time__lte=old).delete()[0] for attempts in found)


def forget(now: Any) -> int:
    """Forget the failures whose lock has ended. Returns how many rows."""
    return int(AccessAttempt.objects.filter(attempt_time__lte=now - lasts()).delete()[0])


def lasts(request: object = None) -> timedelta:
    """How long a lock holds."""
    return timedelta(minutes=min(max(settings.SIGN_IN_LOCK_MINUTES, 1), LONGEST))


def name_of(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Whose failures are counted together."""
    given = credentials if credentials is not None else request.POST
    return folded(str(given.get("username") or ""))


def folded(username: str) -> str:
    """`Chitra` and `chitra` are one name; what cannot be stored is none, and is no user's."""
    plain = "".join(letter for letter in username if letter.isprintable())
    return str(get_user_model().normalize_username(plain.casefold()))[:150]


def answer(
    request: HttpRequest, _: HttpResponse | None, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """429, for people or for programs."""
    seconds = _seconds_left(request, credentials)
    logger.warning("sign-in is locked for %s s: too many wrong passwords from %s", seconds, whence(request))
    said = f"Too many wrong passwords. Try again in {math.ceil(seconds / 60)} min."
    if request.path.startswith(errors.API):
        response: HttpResponse = errors.answer(429, "client_error", "locked", said)
    else:
        response = render(request, "rest/locked.html", {"said": said}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _seconds_left(request: HttpRequest, credentials: Mapping[str, Any] | None) -> int:
    who = {"username": name_of(request, credentials), "ip_address": whence(request)}
    last = AccessAttempt.objects.filter(**who).order_by("-attempt_time").first()
    begun = last.attempt_time if last else timezone.now()
    return max(math.ceil((begun + lasts() - timezone.now()).total_seconds()), 1)
