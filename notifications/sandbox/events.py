"""Webhooks, version 2, in MyOperator's shapes."""

import json
import time
from dataclasses import dataclass
from typing import Any

from . import meta
from .ledger import Bubble, new_id
from .options import Options
from .settings import Settings


@dataclass(slots=True)
class Event:
    """Something that happened to a message. `at` in nanoseconds since 1970.

    `kind` is sent, delivered, read, failed or received, or the whole type of an event of another sort.
    """

    kind: str
    bubble: Bubble
    sequence: int
    at: int
    id: str
    code: int | None = None  # Meta's, of `failed`

    @classmethod
    def of(cls, bubble: Bubble, kind: str, seconds_later: float, code: int | None = None) -> "Event":
        """`code`: of a failure that is not the bubble's own."""
        code = bubble.failure if code is None and kind == "failed" else code
        at = (_nanoseconds(bubble.at) if bubble.incoming else time.time_ns()) + int(seconds_later * 1e9)
        return cls(kind, bubble, bubble.conversation.next_sequence(), at, new_id(), code)


def _nanoseconds(seconds: float) -> int:
    """A float has no room for all of them at once."""
    return int(seconds) * 10**9 + round(seconds % 1 * 1e9)


def kinds_of(bubble: Bubble) -> tuple[str, ...]:
    """What becomes of a message that was accepted, in its order."""
    return ("sent", "delivered", "read") if bubble.failure is None else ("sent", "failed")


def body_of(event: Event, options: Options, settings: Settings) -> bytes:
    """The event as it is posted."""
    value = {
        "event_id": event.id,
        "company_id": options.company_id,
        "event_type": event.kind if "." in event.kind else f"message.{event.kind}",
        "event_sequence": event.sequence,
        "event_version": "2.0",
        "timestamp": timestamp(event.at, settings.fraction_digits),
        "channel": "WhatsApp",
        "direction": "incoming" if event.bubble.incoming else "outgoing",
        "session_id": event.bubble.conversation.id,
        "system_identifier": options.phone_number_id,
        "customer_identifier": _customer(event, settings.plus),
        "payload": _payload(event, settings.failure_in),
    }
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _customer(event: Event, plus: str) -> str:
    phone, incoming = event.bubble.asked.phone, event.bubble.incoming
    mixed = event.id[0] < "8"  # as good as a coin, and the same when the event is posted again
    has_plus = {"sampled": incoming, "always": True, "never": False, "mixed": mixed}[plus]
    return phone if has_plus else phone.lstrip("+")


def _payload(event: Event, failure_in: str) -> dict[str, Any]:
    bubble = event.bubble
    payload = {
        "id": bubble.id,
        "status": event.kind.rpartition(".")[2],
        "source": "lc" if bubble.incoming else "api",
        "data": bubble.asked.data or {"type": "text", "context": {"body": bubble.asked.text}},
        "metadata": _metadata(bubble),
        "conversation": _conversation(bubble),
    }
    if event.code is not None:
        _put_failure(payload, meta.error(event.code), failure_in)
    return payload


def _put_failure(payload: dict[str, Any], error: dict[str, Any], failure_in: str) -> None:
    """Where MyOperator keeps Meta's code is not published: the reader has to find it anywhere."""
    if failure_in == "error":
        payload["error"] = error
    else:
        place = payload if failure_in == "errors" else payload["metadata"]
        place["errors"] = [error]


def _metadata(bubble: Bubble) -> dict[str, Any]:
    metadata: dict[str, Any] = {"waba_msg_id": f"wamid.{bubble.id.replace('-', '').upper()}"}
    if not bubble.incoming:
        metadata["myop_ref_id"] = bubble.asked.reference
    return metadata


def _conversation(bubble: Bubble) -> dict[str, str]:
    """India's code has two digits; elsewhere the first two are as good as any for a sandbox."""
    digits = bubble.asked.phone.lstrip("+")
    code = 1 if digits[:1] in ("1", "7") else 2
    found = {
        "id": bubble.conversation.id,
        "customer_contact": digits[code:],
        "customer_country_code": digits[:code],
    }
    return {**found, "customer_name": bubble.conversation.customer_name} if bubble.incoming else found


def timestamp(at: int, digits: int) -> str:
    """ISO 8601 in UTC, of nanoseconds since 1970."""
    seconds, nanoseconds = divmod(at, 1_000_000_000)
    fraction = f".{nanoseconds:09d}"[: digits + 1] if digits else ""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + fraction + "Z"
