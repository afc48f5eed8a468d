"""The total deadline of every request, whatever the peer does."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field

from notifications.providers.connections import Call

EVERY_SECONDS = 0.1


@dataclass
class Watchdog:
    """Shuts the socket of every call that is past its deadline. One thread, started on first use."""

    calls: dict[int, Call] = field(default_factory=dict)
    _wake: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def watch(self, call: Call) -> None:
        self.calls[id(call)] = call
        if self._thread is None:
            self._start()
        if not self._wake.is_set():
            self._wake.set()

    def release(self, call: Call) -> None:
        self.calls.pop(id(call), None)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadline", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            if not self.calls:
                self._wake.clear()
                # A call that came between the two lines above saw the flag still set.
                if self.calls:
                    self._wake.set()
            time.sleep(EVERY_SECONDS)
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
