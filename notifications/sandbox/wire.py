"""Requests and answers as they go over the wire."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote

Headers = dict[str, str]

BODY_LIMIT = 1_000_000
JSON = "application/json"
_SECRET = {"x-api-key", "x-api-secret", "authorization", "cookie"}
_seen: dict[tuple[tuple[bytes, bytes], ...], Headers] = {}


@dataclass(slots=True)
class Request:
    method: bytes
    target: bytes
    headers: Headers
    body: bytes
    keep_alive: bool = True

    @property
    def address(self) -> tuple[bytes, bytes]:
        """Method and path, as they came."""
        return self.method, self.target.partition(b"?")[0]

    @property
    def path(self) -> str:
        return unquote(self.target.split(b"?", 1)[0].decode("latin-1"))

    @property
    def query(self) -> dict[str, str]:
        _, _, text = self.target.partition(b"?")
        return {name: values[-1] for name, values in parse_qs(text.decode("latin-1")).items()}

    def json(self) -> Any:
        """What the body says. Raises ValueError when it is not JSON."""
        try:
            return json.loads(self.body.decode())  # told the encoding, json need not guess it
        except RecursionError as error:
            raise ValueError("JSON nested too deeply") from error


def _nothing() -> None:
    pass


@dataclass(slots=True)
class Answer:
    """What a connection does to its caller: write, keep silent, or cut; `delay` and `gap` in seconds."""

    data: bytes = b""
    delay: float = 0.0
    chunks: Iterator[bytes] | None = None
    gap: float = 0.0
    hang: bool = False
    reset: bool = False
    finished: Callable[[], None] = field(default=_nothing)


def headers_of(pairs: list[tuple[bytes, bytes]]) -> Headers:
    """One dict per distinct set of headers: callers repeat theirs, and 200,000 messages share the copy."""
    key = tuple(pairs)
    known = _seen.get(key)
    if known is None:
        if len(_seen) > 1000:
            _seen.clear()
        known = _seen[key] = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs
        }
    return known


def without_secrets(headers: Headers) -> Headers:
    return {name: value for name, value in headers.items() if name not in _SECRET}


def packed(status: int, body: bytes, content_type: str = JSON, headers: Headers | None = None) -> bytes:
    """A whole HTTP answer."""
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def json_bytes(status: int, value: Any, headers: Headers | None = None) -> bytes:
    return packed(status, json.dumps(value).encode(), JSON, headers)


def json_answer(value: Any, status: int = 200) -> Answer:
    return Answer(json_bytes(status, value))


def error_answer(status: int, message: str) -> Answer:
    return json_answer({"status": "error", "code": str(status), "message": message}, status)
