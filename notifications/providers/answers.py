"""What an HTTP answer of MyOperator means, for both of its APIs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from notifications.providers import meta
from notifications.providers.base import (
    ChannelDown,
    Failure,
    NotNow,
    NotSent,
    Rejected,
    TooFast,
    Uncertain,
)
from notifications.providers.transport import Answer

# MyOperator's own codes, wherever they stand in an answer.
_ACCOUNT_CODES = {
    "CHAT_4001": "The MyOperator wallet is empty. Recharge it.",
    "CHAT_0302": "The WhatsApp Business account is disabled. Ask MyOperator.",
    "CHAT_0303": "Our WhatsApp number is disabled. Ask MyOperator.",
    "CHAT_0304": "Our WhatsApp number is not connected. Connect it at MyOperator.",
}

_BY_STATUS: dict[int, tuple[type[Failure], str]] = {
    401: (ChannelDown, "MyOperator does not accept our credentials. Check the API key and secret."),
    402: (ChannelDown, "MyOperator asks for payment. Check the wallet."),
    403: (ChannelDown, "MyOperator refuses our account. Check the company id and the key's rights."),
    404: (ChannelDown, "MyOperator has nothing at this address. Check MYOPERATOR_BASE_URL."),
    408: (Uncertain, "MyOperator timed out; it may have the message."),
    429: (TooFast, "MyOperator asks us to slow down."),
    500: (NotNow, "MyOperator had an internal error."),
    502: (NotNow, "MyOperator's gateway had an error."),
    503: (NotSent, "MyOperator is not available."),
    504: (Uncertain, "MyOperator's gateway timed out; it may have the message."),
}

LONGEST_WAIT = 3600.0  # seconds: a Retry-After beyond an hour is not believed


def failure(answer: Answer, document: Any) -> Failure:
    """The outcome of an answer that is not an acceptance. `document` is its JSON, or None."""
    code, words = _code(document), _words(document)
    if code in _ACCOUNT_CODES:
        return ChannelDown(_ACCOUNT_CODES[code], code)
    if answer.status == 500 and "AuthorizerConfiguration" in answer.headers.get("x-amzn-ErrorType", ""):
        return NotSent("MyOperator's gateway is down; the request never got in.", "gateway")
    wait = retry_after(answer.headers.get("Retry-After"))
    if code.isdecimal() and int(code) > 999:
        return meta.failure(int(code), words, wait)
    return _by_status(answer.status, words, wait)


def _by_status(status: int, words: str, wait: float | None) -> Failure:
    if status in _BY_STATUS:
        kind, said = _BY_STATUS[status]
        return kind(said + (f" It said: {words}" if words else ""), str(status), retry_after=wait)
    if status < 400 or status >= 500:
        return Uncertain(f"MyOperator answered {status}, which says nothing about the message.", str(status))
    return Rejected(words or f"MyOperator refused the message ({status}).", str(status))


def document(answer: Answer) -> Any:
    """The answer's JSON, or None where it is none (a body over the limit counts as none)."""
    if not answer.whole:
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def has_error_mark(document: dict[str, Any]) -> bool:
    """Whether a JSON object says itself that it is an error."""
    status = str(document.get("status", "")).lower()
    return bool(
        status in {"error", "errors", "fail", "failed", "failure", "rejected"}
        or document.get("success") is False
        or document.get("error")
        or document.get("errors")
    )


def _code(document: Any) -> str:
    for found in _candidates(document, "code"):
        if isinstance(found, str | int) and not isinstance(found, bool):
            return str(found)[:64]
    return ""


def _words(document: Any) -> str:
    errors = document.get("errors") if isinstance(document, dict) else None
    if isinstance(errors, dict) and errors:
        return _clean("; ".join(f"{name}: {why}" for name, why in errors.items()))
    return next((_clean(said) for key in ("message", "title", "error") for said in _candidates(document, key)
                 if isinstance(said, str) and said), "")  # fmt: skip


def _candidates(document: Any, key: str) -> list[Any]:
    if not isinstance(document, dict):
        return []
    nested = [document.get("error"), document.get("errors"), document.get("data")]
    inner = [item for part in nested for item in (part if isinstance(part, list) else [part])]
    return [
        found
        for part in [*inner, document]
        if isinstance(part, dict) and (found := part.get(key)) is not None
    ]


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", str(text)).strip()[:400]


def retry_after(header: str | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """Seconds to wait by a `Retry-After` of seconds or a date, from 1 s to an hour; None where it says nothing."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        seconds = _seconds_until(header, now())
    return min(max(seconds, 1.0), LONGEST_WAIT) if math.isfinite(seconds) else None


def _seconds_until(date: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError):
        return math.nan
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()


def clean_id(text: str) -> str:
    """A provider's id as it can be stored: no control characters, at most 128."""
    return _clean(text)[:128]
