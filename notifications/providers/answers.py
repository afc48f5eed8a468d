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
    "CHAT_0302": "The WhatsApp Business account is disabled. Ask MyOperator; messages wait.",
    "CHAT_0303": "Our WhatsApp number is disabled. Ask MyOperator.",
    "CHAT_0304": "Our WhatsApp number is not connected. Connect it at MyOperator.",
}

_BY_STATUS: dict[int, tuple[type[Failure], str]] = {
    401: (ChannelDown, "MyOperator does not accept our credentials. Check the API key and secret."),
    402: (ChannelDown, "MyOperator asks for payment. Recharge the wallet."),
    403: (ChannelDown, "MyOperator refuses our account. Check the company id and the key's rights."),
    404: (ChannelDown, "MyOperator has nothing at this address. Check MYOPERATOR_BASE_URL."),
    405: (ChannelDown, "MyOperator takes no messages at this address. Check MYOPERATOR_BASE_URL."),
    408: (Uncertain, "MyOperator timed out; it may have the message."),
    410: (ChannelDown, "MyOperator has left this address. Check MYOPERATOR_BASE_URL."),
    429: (TooFast, "MyOperator asks us to slow down; messages wait as long as it says."),
    500: (NotNow, "MyOperator had an internal error. There is nothing to correct on our side."),
    502: (NotNow, "MyOperator's gateway had an error. There is nothing to correct on our side."),
    503: (NotSent, "MyOperator is not available. Messages wait until it is."),
    504: (Uncertain, "MyOperator's gateway timed out; it may have the message."),
}

DEPTH = 3  # how deep in an answer an error is looked for
LONGEST_WAIT = 3600.0  # seconds: a Retry-After beyond an hour is not believed


def words(code: str) -> str:
    """What a code of MyOperator's that was kept means; empty where it is none of those."""
    if code in _ACCOUNT_CODES:
        return _ACCOUNT_CODES[code]
    status = int(code) if code.isascii() and code.isdecimal() and len(code) == 3 else 0
    return _BY_STATUS[status][1] if status in _BY_STATUS else ""


def failure(answer: Answer, document: Any) -> Failure:
    """The outcome of an answer that is not an acceptance. `document` is its JSON, or None."""
    code, words = _code(document), _words(document)
    if account := _account_code(document):
        return ChannelDown(_ACCOUNT_CODES[account], account)
    if answer.status == 500 and "AuthorizerConfiguration" in answer.headers.get("x-amzn-ErrorType", ""):
        return NotSent("MyOperator's gateway is down; the request never got in.", "gateway")
    wait = retry_after(answer.headers.get("Retry-After"))
    metas = _meta_code(document)
    if metas is not None:
        return meta.failure(metas, _details(document) or words, wait)
    if 200 <= answer.status < 300:
        return _refusal_in_a_success(document, code, words, wait)
    return _by_status(answer.status, code, words, wait)


def _by_status(status: int, code: str, words: str, wait: float | None) -> Failure:
    if status in _BY_STATUS:
        kind, said = _BY_STATUS[status]
        return kind(said + (f" It said: {words}" if words else ""), str(status), retry_after=wait)
    if status < 400 or status >= 500:
        return Uncertain(f"MyOperator answered {status}, which says nothing about the message.", str(status))
    return Rejected(words or f"MyOperator refused the message ({status}).", code or str(status))


def _refusal_in_a_success(document: Any, code: str, words: str, wait: float | None) -> Failure:
    """HTTP says yes, the document says no: its own code decides, and without one it may heal."""
    if status := _http_error(document):
        return _by_status(status, code or str(status), words, wait)
    if isinstance(document, dict) and document.get("errors"):
        return Rejected(words or "MyOperator refused the message.", code or "refused")
    return NotNow(f"MyOperator answered that it failed. It said: {words}", code or "refused")


def document(answer: Answer) -> Any:
    """The answer's JSON, or None where it is none (a body over the limit counts as none)."""
    if not answer.whole:
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def unreadable(answer: Answer) -> Uncertain:
    """A success whose words were cut, or are none: it may have been accepted."""
    if answer.overdue:
        return Uncertain("MyOperator did not answer in time; it may have the message.", "timeout")
    return Uncertain("MyOperator's answer could not be read; it may have the message.", "unreadable")


_NO_WORDS = {"false", "no", "0"}
_EMPTY_WORDS = {"", "none", "null", *_NO_WORDS}
_ERROR_WORDS = {"error", "errors", "fail", "failed", "failure", "rejected"}
_FLAGS = ("success", "ok", "accepted")
_ERRORS = ("error", "errors", "errorMessage")  # the last is AWS's, for a gateway whose own program failed
_STATUSES = ("code", "status", "statusCode", "status_code")


def has_error_mark(document: dict[str, Any]) -> bool:
    """Whether a JSON object says itself that it is an error."""
    status = document.get("status")
    return bool(
        (isinstance(status, str) and status.strip().lower() in _ERROR_WORDS)
        or status is False
        or any(_says_no(document.get(name)) for name in _FLAGS)
        or any(_says_something(document.get(name)) for name in _ERRORS)
        or _account_code(document)
        or _http_error(document)
    )


def _says_no(flag: Any) -> bool:
    return isinstance(flag, str | int) and str(flag).strip().lower() in _NO_WORDS


def _says_something(error: Any, depth: int = DEPTH) -> bool:
    """Some answer well with an error of no code and no words."""
    if isinstance(error, dict | list) and depth:
        said = error.values() if isinstance(error, dict) else error
        return any(_says_something(one, depth - 1) for one in said)
    return error.strip().lower() not in _EMPTY_WORDS if isinstance(error, str) else bool(error)


def _http_error(document: Any) -> int:
    """The HTTP status that the document itself names, where that is an error; else 0."""
    if not isinstance(document, dict):
        return 0
    named = (document.get(name) for name in _STATUSES)
    said = (_clean(str(one)) for one in named if isinstance(one, str | int) and not isinstance(one, bool))
    return next((int(one) for one in said if _is_http_error(one)), 0)


def _is_http_error(code: str) -> bool:
    return code.isdecimal() and len(code) == 3 and 400 <= int(code) < 600


def _account_code(document: Any) -> str:
    """One of `_ACCOUNT_CODES`, though a more precise code may stand beside it."""
    said = (_clean(found).upper() for found in _candidates(document, "code") if isinstance(found, str))
    return next((code for code in said if code in _ACCOUNT_CODES), "")


def _code(document: Any) -> str:
    for found in _candidates(document, "code"):
        if isinstance(found, str | int) and not isinstance(found, bool):
            return _clean(str(found))[:64]
    return ""


def _meta_code(document: Any) -> int | None:
    """Meta's code, where an error holds one. On top of the answer a code below 1,000 is HTTP's, not Meta's."""
    for part in _parts(document):
        code = meta.code_of(part.get("code"))
        if code is not None and code in meta.DOCUMENTED and (part is not document or code > 999):
            return code
    return None


def _words(document: Any) -> str:
    errors = document.get("errors") if isinstance(document, dict) else None
    if isinstance(errors, dict) and errors:
        return _clean("; ".join(f"{name}: {_said(why)}" for name, why in errors.items()))
    return next((_clean(said) for key in ("message", "title", "error") for said in _candidates(document, key)
                 if isinstance(said, str) and said), "")  # fmt: skip


def _details(document: Any) -> str:
    """What WhatsApp says most precisely: which value, which placeholder."""
    inner = (part.get("error_data") for part in _parts(document))
    found = (data.get("details") for data in inner if isinstance(data, dict))
    return next((_clean(said) for said in found if isinstance(said, str) and said.strip()), "")


def _said(why: Any) -> str:
    """One field's complaint: a text, or a list of them."""
    complaints = why if isinstance(why, list) else [why]
    return ", ".join(str(said) for said in complaints if isinstance(said, str | int))


def _candidates(document: Any, key: str) -> list[Any]:
    return [found for part in _parts(document) if (found := part.get(key)) is not None]


def _parts(document: Any, depth: int = DEPTH) -> list[dict[str, Any]]:
    """Where an answer may say what is wrong, the innermost first."""
    if not isinstance(document, dict):
        return []
    if not depth:
        return [document]
    nested = [document.get("error"), document.get("errors"), document.get("data")]
    items = [item for part in nested for item in (part if isinstance(part, list) else [part])]
    return [*(part for item in items for part in _parts(item, depth - 1)), document]


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
