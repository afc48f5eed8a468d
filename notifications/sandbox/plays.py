"""What the sandbox can be asked to play, by mode, by rule, or by the last four digits of the number."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from . import meta
from .wire import Headers, json_bytes, packed

# A number that ends so is always answered so.
MAGIC_NUMBERS = {
    "0302": "CHAT_0302",  # WABA disabled
    "0303": "CHAT_0303",  # number disabled
    "0304": "CHAT_0304",  # number not connected
    "0400": "400",  # refused for good, with a field error
    "0401": "401",  # wrong credentials
    "0403": "403",  # wrong company
    "0404": "404",  # wrong address
    "0408": "hang",  # never answered
    "0429": "429",  # too fast
    "0500": "500",  # their fault
    "0502": "html_502",  # their proxy's fault, said in HTML
    "0503": "503",  # not taken in
    "0504": "504",  # nobody knows
    "4001": "wallet",  # wallet empty
}

# A number that ends so is accepted, and fails later by webhook with Meta's code.
FAILS_LATER = {
    "0026": 131026,  # not on WhatsApp
    "0047": 131047,  # window closed
    "0049": 131049,  # marketing cap
    "0050": 131050,  # the customer stopped marketing
    "0056": 131056,  # this person too fast
    "2015": 132015,  # template paused
}

HUGE_BYTES = 10_000_000
_PADDING = b" " * 50_000


@dataclass(frozen=True, slots=True)
class Play:
    """One way to answer. Without a `body` it is the answer that says accepted.

    `records`: whether the message counts as accepted, whatever the caller gets to hear.
    """

    name: str
    status: int = 200
    body: bytes | None = None
    content_type: str = "application/json"
    headers: Headers = field(default_factory=dict)
    records: bool = False
    way: str = "at once"  # or: hang, reset, drip headers, drip body, huge


def _error(name: str, status: int, code: str, message: str, errors: Any = ()) -> Play:
    value = {"status": "error", "code": code, "message": message, "errors": errors or []}
    return Play(name, status, json.dumps(value).encode())


def _said(name: str, status: int, message: str | None, **headers: str) -> Play:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Play(name, status, json.dumps({"message": message}).encode(), headers=named)


# Amazon's gateway writes Message with a capital here, and message in its 401.
_DENIED = b'{"Message": "User is not authorized to access this resource with an explicit deny"}'

_PLAYS = (
    Play("ok", records=True),
    Play("same_id", records=True),
    Play("refuse", way="reset"),  # nobody listens: the server sees to it; this is for who was already inside
    Play("hang", way="hang"),
    Play("reset_before_body", way="reset"),
    Play("reset_after_body", records=True, way="reset"),
    Play("drip_headers", records=True, way="drip headers"),
    Play("drip_body", records=True, way="drip body"),
    Play("huge", records=True, way="huge"),
    Play("garbage_200", 200, b"\x1f\x8b<accepted?", records=True),
    Play("redirect", 302, b"", headers={"Location": "/somewhere/else"}),
    Play("html_502", 502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html"),
    _error("400", 400, "400", "Validation failed", {"phone_number": "is refused by the sandbox"}),
    _said("401", 401, "Unauthorized"),
    _error("403", 403, "403", "Invalid company ID!"),
    Play("403_deny", 403, _DENIED, headers={"x-amzn-ErrorType": "AccessDeniedException"}),
    _error("404", 404, "404", "Not found"),
    _error("429", 429, "429", "Too many requests"),
    _error("500", 500, "500", "Internal server error"),
    _said("gateway_down", 500, None, x_amzn_ErrorType="AuthorizerConfigurationException"),
    _said("503", 503, "Service Unavailable"),
    _said("504", 504, "Endpoint request timed out"),
    # HTTP 400 is a guess: nobody has written down which status carries these codes.
    _error("wallet", 400, "CHAT_4001", "Insufficient wallet balance"),
    _error("CHAT_0302", 400, "CHAT_0302", "WABA is disabled"),
    _error("CHAT_0303", 400, "CHAT_0303", "Phone number is disabled"),
    _error("CHAT_0304", 400, "CHAT_0304", "Phone number is not connected"),
    Play("meta", 400, b""),  # refused at once with one of Meta's codes
    Play("meta_later", records=True),  # accepted, and failed by webhook with it
)
PLAYS = {play.name: play for play in _PLAYS}

_ACCEPTED = (
    json_bytes(
        200,
        {
            "status": "success",
            "code": "200",
            "message": "Accepted",
            "data": {"conversation_id": "C" * 36, "message_id": "M" * 36},
        },
    )
    .replace(b"C" * 36, b"%b")
    .replace(b"M" * 36, b"%b")
)  # ids are always 36 long, so Content-Length holds


def accepted(conversation_id: str, message_id: str) -> bytes:
    return _ACCEPTED % (conversation_id.encode(), message_id.encode())


def said(play: Play, retry_after: str | None, code: int) -> bytes:
    """The answer of a play that has its own words. `code` is Meta's, for those that pass one on."""
    if play.name == "meta":
        return meta.refusal(code)
    extra = {"Retry-After": retry_after} if retry_after is not None and play.status in (429, 503) else {}
    return packed(play.status, play.body or b"", play.content_type, {**play.headers, **extra})


def in_drops(play: Play, data: bytes) -> Iterator[bytes]:
    """The bytes of a dripping answer: one by one, the headers of `drip_body` in one piece."""
    head = data.index(b"\r\n\r\n") + 4 if play.way == "drip body" else 1
    yield data[:head]
    for place in range(head, len(data)):
        yield data[place : place + 1]


def padded(data: bytes) -> Iterator[bytes]:
    """An answer of 10 MB: JSON followed by blanks, which is still JSON."""
    head, _, body = data.partition(b"\r\n\r\n")
    length = b"Content-Length: %d" % len(body)
    yield head.replace(length, b"Content-Length: %d" % (len(body) + HUGE_BYTES)) + b"\r\n\r\n" + body
    yield from repeat(_PADDING, HUGE_BYTES // len(_PADDING))
