"""One POST, in a bounded time, that knows whether anything of it was sent.

requests' time-outs are per read: a peer that sends a byte a second passes them. So a watchdog shuts the
socket of whatever is past its total deadline. requests' `ConnectionError` means both "refused" and "cut
after sending": so the connection itself notes when the first byte of a request leaves.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as PoolTimeout
from urllib3.poolmanager import PoolManager

from notifications.providers.base import NotSent, Uncertain

CONNECT_SECONDS = 5.0
IDLE_SECONDS = 30.0  # an idle connection older than this may be half closed by a gateway: open a new one
LARGEST_ANSWER = 64 * 1024  # bytes


@dataclass(slots=True)
class Call:
    """One request under way: what the watchdog and the classifier need to know of it."""

    deadline: float  # time.monotonic()
    connection: HTTPConnection | None = None
    touched: bool = False
    sent: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True


_current = threading.local()


class _Noting:
    """Mixed into both connection classes: tells the current call when its first byte leaves."""

    last_used = 0.0
    sock: socket.socket | None
    _gathered: list[bytes] | None = None

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None and time.monotonic() - self.last_used > IDLE_SECONDS:
            self.close()  # type: ignore[attr-defined]
        self.last_used = time.monotonic()
        # Head and body leave in one packet: half the system calls here, and half the wake-ups over there.
        self._gathered = gathered = []
        try:
            super().request(*args, **kwargs)  # type: ignore[misc]
        finally:
            self._gathered = None
        self.send(b"".join(gathered))

    def connect(self) -> None:
        self._note()
        super().connect()  # type: ignore[misc]

    def send(self, data: Any) -> None:
        if self._gathered is not None:
            self._gathered.append(data)
            return
        if self.sock is None:
            self.connect()
        call = self._note()
        if call is not None:
            call.sent = True
        super().send(data)  # type: ignore[misc]

    def _note(self) -> Call | None:
        call: Call | None = getattr(_current, "call", None)
        if call is not None:
            call.connection, call.touched = self, True  # type: ignore[assignment]
        return call


class _NotingHTTP(_Noting, HTTPConnection):
    pass


class _NotingHTTPS(_Noting, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _NotingHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _NotingHTTPS


class _Adapter(HTTPAdapter):
    """No retries of its own: a request that may have arrived is never repeated behind our back."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


@dataclass
class Watchdog:
    """Shuts the socket of every call that is past its deadline. One thread per process, started on first use."""

    calls: dict[int, Call] = field(default_factory=dict)
    _wake: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def watch(self, call: Call) -> None:
        self.calls[id(call)] = call
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="deadline", daemon=True)
            self._thread.start()
        if not self._wake.is_set():
            self._wake.set()

    def release(self, call: Call) -> None:
        self.calls.pop(id(call), None)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            if not self.calls:
                self._wake.clear()
            time.sleep(0.1)
            now = time.monotonic()
            for call in list(self.calls.values()):
                if now > call.deadline:
                    _shut(call)


def _shut(call: Call) -> None:
    call.overdue = True
    sock = call.connection.sock if call.connection is not None else None
    if sock is not None:
        try:
            # The plain shutdown, also under TLS: the thread that reads wakes with an error of its own.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
        except OSError:
            return  # it ended by itself


class Transport:
    """A `requests.Session` with keep-alive and a pool as wide as the slots. Made after the fork."""

    def __init__(self, width: int) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.clear()
        adapter = _Adapter(pool_connections=2, pool_maxsize=width, max_retries=0)
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)
        self.watchdog = Watchdog()
        self._templates: dict[str, requests.PreparedRequest] = {}

    def post(self, url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Answer:
        """POST and return the answer whatever its status; redirects are not followed.

        `seconds` bounds all of it. Raises NotSent where it is proven that nothing was sent, else Uncertain.
        """
        call = Call(deadline=time.monotonic() + seconds)
        _current.call = call
        self.watchdog.watch(call)
        try:
            return self._exchange(self._prepared(url, headers, body), seconds)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise _classified(error, call) from error
        finally:
            self.watchdog.release(call)
            _current.call = None

    def _prepared(self, url: str, headers: Mapping[str, str], body: bytes) -> requests.PreparedRequest:
        template = self._templates.get(url)
        if template is None:
            template = requests.Request("POST", url, headers=dict(headers)).prepare()
            self._templates[url] = template
        prepared = template.copy()
        prepared.headers.update(headers)
        prepared.headers["Content-Length"] = str(len(body))
        prepared.body = body
        return prepared

    def _exchange(self, prepared: requests.PreparedRequest, seconds: float) -> Answer:
        # The adapter, not session.send(): that one reads the whole body of a redirect and keeps cookies.
        adapter = self.session.get_adapter(prepared.url or "")
        response = adapter.send(
            prepared, stream=True, timeout=(min(CONNECT_SECONDS, seconds), seconds), verify=True, proxies={}
        )
        try:
            body = response.raw.read(LARGEST_ANSWER + 1, decode_content=True) or b""
        finally:
            # Whole answers have given their connection back already; for others this closes it.
            response.raw.close() if not response.raw.closed else None
        return Answer(response.status_code, response.headers, body, whole=len(body) <= LARGEST_ANSWER)


def _classified(error: Exception, call: Call) -> NotSent | Uncertain:
    name = type(_root(error)).__name__
    if _proves_nothing_sent(error, call):
        return NotSent(f"MyOperator could not be reached ({name}).", code=name)
    if call.overdue or isinstance(error, requests.Timeout):
        return Uncertain("MyOperator did not answer in time; it may have the message.", code="timeout")
    return Uncertain(f"The connection was cut ({name}); MyOperator may have the message.", code=name)


def _proves_nothing_sent(error: Exception, call: Call) -> bool:
    if call.touched:
        return not call.sent
    # No connection of ours was used (a pool that is full, an address that cannot be parsed, a test's fake).
    if isinstance(
        error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.InvalidURL
    ):
        return True
    root = _root(error)
    return isinstance(root, PoolTimeout) or type(root).__name__ in _NEVER_CONNECTED


_NEVER_CONNECTED = {
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ConnectionRefusedError",
    "gaierror",
    "MissingSchema",
    "InvalidSchema",
}


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
