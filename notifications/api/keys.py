"""`Idempotency-Key`: the same request twice is one message."""

from __future__ import annotations

import hashlib
import json

from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from notifications.clock import now as clock_now
from notifications.models import IdempotencyKey
from notifications.models.idempotency import KEPT

HEADER = "Idempotency-Key"
LONGEST = 200


class OtherBody(APIException):
    """The key was used for another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = f"This {HEADER} was used with another body. Use a new key for a new request."


class Key:
    """The key of one request, if it has one, and what the request asks."""

    def __init__(self, request: Request) -> None:
        self.text = _given(request)
        self.user_id: int = request.user.pk or 0
        self.fingerprint = _fingerprint(request) if self.text else ""

    def known(self) -> int | None:
        """The message that this key made before. Raises OtherBody."""
        since = clock_now() - KEPT
        rows = IdempotencyKey.objects.filter(user_id=self.user_id, key=self.text, created_at__gt=since)
        row = rows.first() if self.text else None
        return self._same(row) if row else None

    def take(self) -> IdempotencyKey | None:
        """Lock the key in the transaction that makes the message; waits for whoever was first. Raises OtherBody."""
        if not self.text:
            return None
        row = IdempotencyKey.taken(self.user_id, self.text, self.fingerprint, clock_now())
        self._same(row)
        return row

    def _same(self, row: IdempotencyKey) -> int | None:
        if row.fingerprint != self.fingerprint:
            raise OtherBody
        return row.message_id


def _given(request: Request) -> str:
    text = request.headers.get(HEADER)
    if text is None:
        return ""
    if not 0 < len(text) <= LONGEST or not text.isprintable():
        raise serializers.ValidationError(
            {HEADER: f"Give 1 to {LONGEST} printable characters, or leave it out."}
        )
    return str(text)


def _fingerprint(request: Request) -> str:
    asked = json.dumps([request.method, request.path, request.data], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()
