"""The truth: what was asked and what was accepted, in memory and in a journal where one is named."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from random import getrandbits
from typing import Any, BinaryIO

from .wire import Headers, without_secrets

WINDOW = 24 * 3600  # seconds after the customer wrote in which we may write freely
# How far a message got. A later word never takes it back.
RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 4}
EXAMPLES = 20


def new_id() -> str:
    text = f"{getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


@dataclass(slots=True)
class Asked:
    """A send request that passed the checks. `data` is the `data` of chat, None for send-message."""

    api: str
    phone: str
    text: str
    reference: str | None
    headers: Headers
    data: dict[str, Any] | None = None


@dataclass(slots=True, eq=False)
class Bubble:
    """A message on the customer's phone; `at` in unix seconds. `incoming` is what the customer wrote.

    `failure` is Meta's code with which it fails after it was accepted, `told` whether its receipts are planned.
    """

    id: str
    asked: Asked
    at: float
    conversation: "Conversation"
    status: str = "accepted"
    incoming: bool = False
    failure: int | None = None
    told: bool = False

    def move(self, status: str) -> None:
        if RANK[status] > RANK[self.status]:
            self.status = status

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "phone": self.asked.phone,
            "text": self.asked.text,
            "reference": self.asked.reference,
            "accepted_at": self.at,
            "api": self.asked.api,
            "status": self.status,
            "failure": self.failure if self.status == "failed" else None,
            "conversation_id": self.conversation.id,
            "data": self.asked.data,
            "headers": without_secrets(self.asked.headers),
        }


@dataclass(slots=True, eq=False)
class Conversation:
    """All with one customer. `heard_at`: when they last wrote, in unix seconds."""

    phone: str
    id: str = field(default_factory=new_id)
    bubbles: list[Bubble] = field(default_factory=list)
    sequence: int = 0
    heard_at: float | None = None
    customer_name: str = "Customer"

    def next_sequence(self) -> int:
        self.sequence += 1
        return self.sequence


class Ledger:
    def __init__(self, journal: str = "") -> None:
        self.journal: BinaryIO | None = open(journal, "ab", buffering=0) if journal else None  # noqa: SIM115
        self.epoch = 0
        self.in_flight = 0
        self.forget()

    def forget(self) -> None:
        """Begin anew. Requests under way are still counted as in flight."""
        self.epoch += 1
        self.accepted: list[Bubble] = []
        self.conversations: dict[str, Conversation] = {}
        self.times: dict[tuple[str, str], int] = {}
        self.twice: set[tuple[str, str]] = set()
        self.requests: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.per_second: Counter[int] = Counter()
        self.max_in_flight = self.in_flight

    def begin(self, api: str) -> None:
        self.requests[api] += 1
        self.per_second[int(time.time())] += 1
        self.in_flight += 1
        if self.in_flight > self.max_in_flight:
            self.max_in_flight = self.in_flight

    def end(self) -> None:
        self.in_flight -= 1

    def reject(self, code: str) -> None:
        self.rejected[code] += 1

    def conversation(self, phone: str) -> Conversation:
        known = self.conversations.get(phone)
        if known is None:
            known = self.conversations[phone] = Conversation(phone)
        return known

    def window_open(self, phone: str) -> bool:
        """Whether the customer wrote in the last 24 hours."""
        known = self.conversations.get(phone)
        return bool(known and known.heard_at and time.time() - known.heard_at < WINDOW)

    def accept(self, asked: Asked, message_id: str, failure: int | None = None) -> Bubble:
        conversation = self.conversation(asked.phone)
        bubble = Bubble(message_id, asked, time.time(), conversation, failure=failure)
        self.accepted.append(bubble)
        conversation.bubbles.append(bubble)
        key = (asked.phone, asked.text)
        before = self.times.get(key, 0)
        self.times[key] = before + 1
        if before:
            self.twice.add(key)
        if self.journal:
            self.journal.write(json.dumps(bubble.as_dict()).encode() + b"\n")
        return bubble

    def receive(self, asked: Asked, at: float, customer_name: str = "") -> Bubble:
        """What the customer writes back, or wrote `at` (unix seconds)."""
        conversation = self.conversation(asked.phone)
        conversation.customer_name = customer_name or conversation.customer_name
        conversation.heard_at = max(at, conversation.heard_at or at)
        bubble = Bubble(new_id(), asked, at, conversation, "received", True)
        conversation.bubbles.append(bubble)
        return bubble

    def messages(self, phone: str = "", since: float = 0.0, limit: int | None = None) -> list[dict[str, Any]]:
        """What was accepted after `since` (unix seconds), oldest first, the newest `limit` of it."""
        bubbles = self.accepted
        if phone:
            bubbles = [one for one in self._bubbles_of(phone) if not one.incoming]
        if since:
            bubbles = [one for one in bubbles if one.at > since]
        if limit is not None:
            bubbles = bubbles[max(0, len(bubbles) - limit) :]
        return [one.as_dict() for one in bubbles]

    def _bubbles_of(self, phone: str) -> list[Bubble]:
        known = self.conversations.get(phone)
        return known.bubbles if known else []

    def summary(self) -> dict[str, Any]:
        examples = [
            {"phone": phone, "text": text, "times": self.times[phone, text]}
            for phone, text in list(self.twice)[:EXAMPLES]
        ]
        return {
            "accepted": len(self.accepted),
            "requests": sum(self.requests.values()),
            "requests_by_api": dict(self.requests),
            "rejected": dict(self.rejected),
            "accepted_twice": len(self.twice),
            "accepted_twice_examples": examples,
            "requests_per_second": {str(second): count for second, count in sorted(self.per_second.items())},
            "in_flight": self.in_flight,
            "max_in_flight": self.max_in_flight,
            "first_accepted_at": self.accepted[0].at if self.accepted else None,
            "last_accepted_at": self.accepted[-1].at if self.accepted else None,
        }
