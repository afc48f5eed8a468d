"""One request, in a bounded time, that knows whether anything of it was sent.

requests' time-outs are per read: a peer that sends a byte a second passes them. So a watchdog shuts the
socket of whatever is past its total deadline. requests' `ConnectionError` means both "refused" and "cut
after sending": so the connection itself notes when the first byte of a request leaves.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from requests import exceptions
from urllib3.exceptions import HTTPError

from notifications.providers.base import NotSent, Uncertain
from notifications.providers.connections import CONNECT_SECONDS, Adapter, Call, current
from notifications.providers.watchdog import Watchdog

LARGEST_ANSWER = 64 * 1024  # bytes
LARGEST_LIST = 1024 * 1024  # bytes: ten templates with all their samples


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` are found whatever their case; `whole` is False where the body was longer than we keep.

    `overdue`: the deadline cut it, so its end may be missing where nothing told its length.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True
    overdue: bool = False


class Transport:
    """A `requests.Session` with keep-alive and a pool as wide as the slots. Made after the fork."""

    def __init__(self, width: int) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.adapter = Adapter(width)
        self.session.mount("http://", self.adapter)
        self.session.mount("https://", self.adapter)
        self.watchdog = Watchdog()
        self._checked: dict[str, str] = {}

    def post(self, url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Answer:
        """POST and return the answer whatever its status; redirects are not followed.

        `seconds` bounds all of it. Raises NotSent where it is proven that nothing was sent, else Uncertain.
        """
        return self._ask("POST", url, {**headers, "Content-Length": str(len(body))}, body, seconds)

    def get(self, url: str, headers: Mapping[str, str], seconds: float) -> Answer:
        """GET, under the rules of `post`. An answer may be as long as a list."""
        return self._ask("GET", url, headers, None, seconds)

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, seconds: float
    ) -> Answer:
        if seconds <= 0:
            raise NotSent("There was no time left to send it.", "timeout")
        now = time.monotonic()
        call = Call(deadline=now + seconds, fresh=now < self.adapter.fresh_until)
        current.call = call
        self.watchdog.watch(call)
        try:
            return self._exchange(self._prepared(method, url, headers, body), call, seconds)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            if _cut_on_reuse(error, call):
                self.adapter.stop_reusing()
            raise _classified(error, call) from error
        finally:
            self.watchdog.release(call)
            current.call = None

    def _prepared(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> requests.PreparedRequest:
        checked = self._checked.get(url)
        if checked is None:
            checked = self._checked[url] = requests.Request("POST", url).prepare().url or ""
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url, prepared.body = method, checked, body
        prepared.headers = dict(headers)  # type: ignore[assignment]
        return prepared

    def _exchange(self, prepared: requests.PreparedRequest, call: Call, seconds: float) -> Answer:
        # The adapter, not session.send(): that one reads the whole body of a redirect and keeps cookies.
        response = self.adapter.send(prepared, stream=True, timeout=(min(CONNECT_SECONDS, seconds), seconds))
        call.answered = True
        raw, most = response.raw, LARGEST_LIST if prepared.method == "GET" else LARGEST_ANSWER
        try:
            # After a 101 the connection is no longer HTTP: nothing of it must meet the next request.
            body = raw.read(most + 1, decode_content=True) if response.status_code >= 200 else b""
        finally:
            # Whole answers have given their connection back already; for others this closes it.
            if not raw.closed:
                raw.close()
        whole = len(body) <= most
        return Answer(response.status_code, response.headers, body, whole, call.overdue)


def _cut_on_reuse(error: Exception, call: Call) -> bool:
    """Whether the peer left a connection that had served before, and said nothing to this request."""
    if not call.reused or call.answered or call.overdue:
        return False
    return isinstance(_root(error), ConnectionError | ssl.SSLEOFError | ssl.SSLZeroReturnError)


def _classified(error: Exception, call: Call) -> NotSent | Uncertain:
    root = _root(error)
    name = type(root).__name__
    if _proves_nothing_sent(error, root, call):
        return NotSent(f"MyOperator could not be reached ({name}).", code=name)
    if call.overdue or isinstance(error, requests.Timeout):
        return Uncertain("MyOperator did not answer in time; it may have the message.", code="timeout")
    return Uncertain(f"The connection was cut ({name}); MyOperator may have the message.", code=name)


# What is raised before any connection of ours is used: an address that is none, a fake in a test.
_NEVER_CONNECTED = (
    exceptions.ConnectTimeout,
    exceptions.SSLError,
    exceptions.InvalidURL,
    exceptions.MissingSchema,
    exceptions.InvalidSchema,
)


def _proves_nothing_sent(error: Exception, root: BaseException, call: Call) -> bool:
    if call.connection is not None:
        return not call.sent
    return isinstance(error, _NEVER_CONNECTED) or isinstance(root, ConnectionRefusedError)


def _root(error: BaseException) -> BaseException:
    """The urllib3 or OS error at the bottom: requests wraps it as an argument or as `reason`."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        inner = getattr(error, "reason", None) or next(
            (a for a in error.args if isinstance(a, Exception)), None
        )
        if not isinstance(inner, BaseException):
            break
        error = inner
    return error
