"""What is asked for, and the message it becomes, before it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import DEFAULT_DB_ALIAS

from notifications.models import Message, Priority, Status
from notifications.storable import plain

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Item:
    """What `queue` takes, for `queue_many`."""

    to: str
    variables: Mapping[str, object]
    reference: str = ""
    key: str | None = None
    at: datetime | None = None
    expires_at: datetime | None = None
    language: str | None = None
    once: str | None = None
    is_test: bool = False  # `queue_test` says so


@dataclass(slots=True)
class Draft:
    """A message as it will be stored. `message_id` is filled when it is."""

    item: Item
    kind: str
    phone: str
    created_at: datetime
    due_at: datetime
    expires_at: datetime
    priority: Priority
    language: str = "en"
    text: str = ""
    version: int | None = None
    approved: str | None = None  # JSON, as `Message.approved`
    variables: str = "{}"
    status: Status = Status.QUEUED
    code: str = ""
    why: str = ""
    message_id: int = 0

    @property
    def key(self) -> str | None:
        return _fitting(self.item.key)

    @property
    def once(self) -> str | None:
        """What it is to be said once about. What is not sent anyway says nothing, and covers nothing."""
        return _fitting(self.item.once) if self.status == Status.QUEUED else None

    @property
    def given(self) -> Mapping[str, object]:
        return self.item.variables if isinstance(self.item.variables, Mapping) else {}

    def message(self) -> Message:
        """The stored row, without asking for it again."""
        message = Message(
            pk=self.message_id,
            phone=self.phone,
            kind=self.kind,
            language=self.language,
            text=self.text,
            variables=json.loads(self.variables),
            template_version=self.version,
            approved=self.approved and json.loads(self.approved),
            reference_id=plain(self.item.reference, 100),
            status=self.status,
            error_code=self.code,
            error=plain(self.why, 500),
            is_test=self.item.is_test,
            created_at=self.created_at,
            expires_at=self.expires_at,
        )
        message._state.adding, message._state.db = False, DEFAULT_DB_ALIAS
        return message

    def end(self, status: Status, code: str, why: str) -> Draft:
        self.status, self.code, self.why = status, code, why
        return self


def _fitting(given: str | None) -> str | None:
    """A key as the column takes it. Two long ones that begin alike stay two."""
    key = plain(given, 100_000) if given else ""
    if len(key) > LONGEST_KEY:
        digest = sha256(key.encode()).hexdigest()
        key = f"{key[: LONGEST_KEY - len(digest) - 1]}:{digest}"
    return key or None
