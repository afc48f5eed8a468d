"""`Idempotency-Key`: a request that was answered and never heard may be sent again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from notifications.clock import now as clock_now
from rest.models import KEPT, IdempotencyKey

HEADER = "Idempotency-Key"
LONGEST = 200
PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "pattern": r"^[!-~]([ -~]{0,198}[!-~])?$"},
    OpenApiParameter.HEADER,
    description="Names this request: sent again with the same key and body, it is done once. Kept for 24 hours.",
)


class OtherBody(APIException):
    """The key was used for another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = f"This {HEADER} was used with another body. Use a new key for a new request."


class Key:
    """The key of one request, if it has one, and what the request asks. Raises ValidationError for a bad key."""

    def __init__(self, request: Request) -> None:
        self.text = _given(request)
        self.user_id: int = request.user.pk or 0
        self.fingerprint = _fingerprint(request) if self.text else ""

    def known(self) -> Any:
        """What this key made before, None where it is new. Raises OtherBody."""
        since = clock_now() - KEPT
        rows = IdempotencyKey.objects.filter(user_id=self.user_id, key=self.text, created_at__gt=since)
        row = rows.first() if self.text else None
        return self._same(row) if row else None

    def take(self) -> IdempotencyKey | None:
        """Lock the key in the transaction that makes the row; waits for whoever was first. Raises OtherBody."""
        if not self.text:
            return None
        row = IdempotencyKey.taken(self.user_id, self.text, self.fingerprint, clock_now())
        self._same(row)
        return row

    def once(self, make: Callable[[], Any]) -> Any:
        """What `make` returns (an id, or other JSON), or what it returned when this key came first.

        The key and all that `make` stores are one transaction: a request that is refused keeps no key.
        """
        if (known := self.known()) is not None:
            return known
        with transaction.atomic():
            kept = self.take()
            if kept is not None and kept.made is not None:
                return kept.made
            made = make()
            if kept is not None:
                kept.made = made
                kept.save()
        return made

    def _same(self, row: IdempotencyKey) -> Any:
        if row.fingerprint != self.fingerprint:
            raise OtherBody
        return row.made


def _given(request: Request) -> str:
    text = request.headers.get(HEADER)
    if text is None:
        return ""
    if not 0 < len(text) <= LONGEST or not text.isprintable() or not text.isascii():
        raise serializers.ValidationError(
            {HEADER: f"Give 1 to {LONGEST} letters, digits and signs of ASCII, or leave it out."}
        )
    return str(text)


def _fingerprint(request: Request) -> str:
    asked = json.dumps([request.method, request.path, request.data], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()
