"""Peers that misbehave: a raw TCP server per test, one thread per connection, on a free port."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Play = Callable[["Visit"], None]


@dataclass
class Peer:
    """Plays its part for every connection. `requests` are the bodies it read, `visits` how many connected."""

    play: Play
    port: int = 0
    visits: int = 0
    requests: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/whatsapp/send-message"


@dataclass
class Visit:
    """One connection, with what a play needs of it."""

    peer: Peer
    sock: socket.socket

    def read(self) -> bytes:
        """One whole request; b"" where the other side has left."""
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := self.sock.recv(65536)):
                return b""
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self.sock.recv(65536)
        self.peer.requests.append(body)
        return head

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def answer(
        self, body: bytes = b'{"message_id": "m-1"}', status: bytes = b"200 OK", *headers: bytes
    ) -> None:
        lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
        self.say(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    def drip(self, data: bytes) -> None:
        """Ten bytes a second: each read gets something, the whole never comes."""
        for place in range(len(data)):
            if self.peer.over.wait(0.1):
                return
            self.say(data[place : place + 1])

    def hang(self) -> None:
        self.peer.over.wait(20)

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def polite(visit: Visit) -> None:
    """Accepts every request on one connection."""
    while visit.read():
        visit.answer()


@contextmanager
def peer(play: Play) -> Iterator[Peer]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        found = Peer(play, server.getsockname()[1])
        threading.Thread(target=_serve, args=(server, found), daemon=True).start()
        try:
            yield found
        finally:
            found.over.set()
            server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, found: Peer) -> None:
    while not found.over.is_set():
        try:
            sock, _ = server.accept()
        except OSError:
            return
        found.visits += 1
        threading.Thread(target=_visit, args=(found, sock), daemon=True).start()


def _visit(found: Peer, sock: socket.socket) -> None:
    with sock:
        try:
            found.play(Visit(found, sock))
        except OSError:
            return
