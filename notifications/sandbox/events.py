"""Webhooks, version 2, in MyOperator's shapes."""

import json
import time
from dataclasses import dataclass
from typing import Any

from .ledger import Bubble, new_id
from .options import Options
from .plays import FAILS_LATER


@dataclass(slots=True)
class Event:
    """Something that happened to a message. `at` in nanoseconds since 1970."""

    kind: str
    bubble: Bubble
    sequence: int
    at: int
    id: str

    @classmethod
    def of(cls, bubble: Bubble, kind: str, seconds_later: float) -> "Event":
        at = time.time_ns() + int(seconds_later * 1e9)
        return cls(kind, bubble, bubble.conversation.next_sequence(), at, new_id())


def body_of(event: Event, options: Options) -> bytes:
    """The event as it is posted."""
    incoming, phone = event.bubble.incoming, event.bubble.asked.phone
    value = {
        "event_id": event.id,
        "company_id": options.company_id,
        "event_type": f"message.{event.kind}",
        "event_sequence": event.sequence,
        "event_version": "2.0",
        "timestamp": _timestamp(event.at),
        "channel": "WhatsApp",
        "direction": "incoming" if incoming else "outgoing",
        "session_id": event.bubble.conversation.id,
        "system_identifier": options.phone_number_id,
        "customer_identifier": phone if incoming else phone.lstrip("+"),
        "payload": _payload(event),
    }
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _payload(event: Event) -> dict[str, Any]:
    bubble = event.bubble
    return {
        "id": bubble.id,
        "status": event.kind,
        "source": "lc" if bubble.incoming else "api",
        "data": bubble.asked.data or {"type": "text", "context": {"body": bubble.asked.text}},
        "metadata": _metadata(event),
        "conversation": {"id": bubble.conversation.id, **_contact(bubble.asked.phone)},
    }


def _metadata(event: Event) -> dict[str, Any]:
    metadata: dict[str, Any] = {"waba_msg_id": f"wamid.{event.bubble.id.replace('-', '').upper()}"}
    if not event.bubble.incoming:
        metadata["myop_ref_id"] = event.bubble.asked.reference
    if event.kind == "failed":
        code, title, details = FAILS_LATER[event.bubble.asked.phone[-4:]]
        metadata["errors"] = [{"code": code, "title": title, "error_data": {"details": details}}]
    return metadata


def _contact(phone: str) -> dict[str, str]:
    """India's code has two digits; elsewhere the first two are as good as any for a sandbox."""
    digits = phone.lstrip("+")
    code = 1 if digits[:1] in ("1", "7") else 2
    return {"customer_contact": digits[code:], "customer_country_code": digits[:code]}


def _timestamp(at: int) -> str:
    seconds, nanoseconds = divmod(at, 1_000_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{nanoseconds:09d}Z"
