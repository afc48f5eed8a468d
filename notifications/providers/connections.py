"""Connections that know what of a request has left them, and the adapter that hands them to `requests`."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

CONNECT_SECONDS = 5.0  # for one address, and for one TLS handshake
IDLE_SECONDS = 30.0  # an idle connection older than this may be half closed by a gateway: open a new one
FRESH_SECONDS = 60.0  # after a connection was cut when it was used again: how long none is used again


@dataclass(slots=True, eq=False)
class Call:
    """One request under way: what the watchdog and the classifier need to know of it."""

    deadline: float  # time.monotonic()
    fresh: bool = False  # no connection may be used again for it
    connection: HTTPConnection | None = None
    reused: bool = False
    sent: bool = False
    answered: bool = False  # the head of an answer was read
    overdue: bool = False


current = threading.local()  # `call`: the Call of this thread


class _Noting:
    """Mixed into both connection classes: tells the current call when its first byte leaves."""

    last_used = 0.0
    _served = False  # this socket has carried a request already; a TLS one is open before its first
    sock: socket.socket | None
    host: str
    port: int
    socket_options: Any
    _gathered: list[bytes] | None = None

    def request(self, *args: Any, **kwargs: Any) -> None:
        call = self._note()
        now = time.monotonic()
        if self.sock is not None and self._served:
            if now - self.last_used > IDLE_SECONDS or (call is not None and call.fresh):
                self.close()  # type: ignore[attr-defined]
            elif call is not None:
                call.reused = True
        self.last_used = now
        # Head and body leave in one packet: half the system calls here, and half the wake-ups over there.
        gathered: list[bytes] = []
        self._gathered = gathered
        try:
            super().request(*args, **kwargs)  # type: ignore[misc]
        finally:
            self._gathered = None
        self.send(b"".join(gathered))
        self._served = True

    def connect(self) -> None:
        self._note()
        super().connect()  # type: ignore[misc]
        self.last_used = time.monotonic()
        self._served = False

    def send(self, data: Any) -> None:
        if self._gathered is not None:
            self._gathered.append(data)
            return
        if self.sock is None:
            self.connect()
        call = self._note()
        if call is not None:
            # A name server or a handshake may have used up the time: then it must not leave any more.
            if time.monotonic() >= call.deadline:
                raise TimeoutError("no time was left to send it")
            call.sent = True
        super().send(data)  # type: ignore[misc]

    def _note(self) -> Call | None:
        call: Call | None = getattr(current, "call", None)
        if call is not None:
            call.connection = self  # type: ignore[assignment]
        return call

    def _new_conn(self) -> socket.socket:
        """Urllib3's own gives every address of a name the full time-out; here all end with the deadline."""
        call: Call | None = getattr(current, "call", None)
        ends = call.deadline if call is not None else time.monotonic() + CONNECT_SECONDS
        failed = OSError("the name has no address")
        for *kind, _, address in _addresses(self.host, self.port, ends):
            sock = socket.socket(*kind)
            try:
                _connect(sock, address, self.socket_options, ends)
            except OSError as error:
                sock.close()
                failed = error
            else:
                return sock
        raise failed


def _addresses(host: str, port: int, ends: float) -> list[Any]:
    """What a name stands for. A look-up knows no time-out, and nobody can shut its socket: it is waited for, and left
    alone where it does not end in time.
    """
    found: SimpleQueue[Any] = SimpleQueue()

    def look_up() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        addresses = found.get(timeout=max(ends - time.monotonic(), 0.001))
    except Empty:
        raise TimeoutError("no name server answered in time") from None
    if isinstance(addresses, Exception):
        raise addresses
    return list(addresses)


def _connect(sock: socket.socket, address: Any, options: Any, ends: float) -> None:
    for option in options or ():
        sock.setsockopt(*option)
    sock.settimeout(_left(ends))
    sock.connect(address)
    sock.settimeout(_left(ends))  # for the handshake


def _left(ends: float) -> float:
    return min(CONNECT_SECONDS, max(ends - time.monotonic(), 0.001))


class _FinalResponse(http.client.HTTPResponse):
    """Reads on over 102, 103 and so on; the standard library does so over 100 only."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            line: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
            if not 101 < line[1] < 200:
                return line
            http.client.parse_headers(self.fp)


class _NotingHTTP(_Noting, HTTPConnection):
    response_class = _FinalResponse


class _NotingHTTPS(_Noting, HTTPSConnection):
    response_class = _FinalResponse


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _NotingHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _NotingHTTPS


class Adapter(HTTPAdapter):
    """No retries of its own: a request that may have arrived is never repeated behind our back.

    Proxies of the environment do not count. What requests works out anew for every request (the pool, the
    certificates, the path, cookies) is worked out once per address: it was a quarter of a request's time.
    """

    fresh_until = 0.0  # time.monotonic(): up to then every request opens a connection of its own

    def __init__(self, width: int) -> None:
        self._pools: dict[str, Any] = {}
        self._paths: dict[str, str] = {}
        super().__init__(pool_connections=2, pool_maxsize=width, max_retries=0)

    def stop_reusing(self) -> None:
        """The peer closes after its answers without saying so: what is sent on an old connection is lost."""
        self.fresh_until = time.monotonic() + FRESH_SECONDS

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        url = request.url or ""
        pool = self._pools.get(url)
        if pool is None:
            pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
            super().cert_verify(pool, url, verify, cert)
            self._paths[url] = request.path_url
            self._pools[url] = pool
        return pool

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """Done with the pool."""

    def request_url(self, request: Any, proxies: Mapping[str, str] | None) -> str:
        return self._paths[request.url]

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response.headers, response.raw = resp.status, resp.headers, resp
        response.request, response.url = req, req.url or ""
        return response
