"""Posts webhooks: few kept-alive connections, tried again with back-off, dropped and counted at last."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools

CONNECTIONS = 8
WAITS = (1, 2, 4, 8, 16, 30)  # seconds between tries
TIMEOUT = 10.0
WAITING_LIMIT = 300_000


@dataclass(slots=True)
class Letter:
    make: Callable[[], bytes]
    tries: int = 0


class Postman:
    def __init__(self, url: str, secret: str) -> None:
        parts = urlsplit(url)
        self.host, self.tls = parts.hostname or "127.0.0.1", parts.scheme == "https"
        self.port = parts.port or (443 if self.tls else 80)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        self.head = (
            f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"X-Webhook-Secret: {secret}\r\nContent-Length: "
        ).encode()
        self.waiting: deque[Letter] = deque()
        self.idle: list[Carrier] = []
        self.open = 0
        self.backing_off = self.posted = self.retried = self.dropped = 0
        self.connecting: set[asyncio.Task[None]] = set()

    def post(self, make: Callable[[], bytes]) -> None:
        if len(self.waiting) + self.backing_off >= WAITING_LIMIT:
            self.dropped += 1
            return
        self.waiting.append(Letter(make))
        self._pump()

    def counts(self) -> dict[str, int]:
        return {
            "posted": self.posted,
            "retried": self.retried,
            "dropped": self.dropped,
            "pending": len(self.waiting) + self.backing_off + self.open - len(self.idle),
        }

    def _pump(self) -> None:
        while self.waiting:
            if self.idle:
                self.idle.pop().carry(self.waiting.popleft())
            elif self.open < CONNECTIONS:
                self._connect(self.waiting.popleft())
            else:
                return

    def _connect(self, letter: Letter) -> None:
        self.open += 1
        task = asyncio.get_running_loop().create_task(self._connect_and_carry(letter))
        self.connecting.add(task)
        task.add_done_callback(self.connecting.discard)

    async def _connect_and_carry(self, letter: Letter) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(TIMEOUT):
                _, carrier = await loop.create_connection(
                    lambda: Carrier(self), self.host, self.port, ssl=self.tls or None
                )
        except OSError:  # TimeoutError is one too
            self.open -= 1
            self._again(letter)
            self._pump()
            return
        carrier.carry(letter)

    def answered(self, carrier: "Carrier", letter: Letter, good: bool) -> None:
        if carrier.usable:
            self.idle.append(carrier)
        if good:
            self.posted += 1
        else:
            self._again(letter)
        self._pump()

    def lost(self, carrier: "Carrier") -> None:
        self.open -= 1
        if carrier in self.idle:
            self.idle.remove(carrier)
        self._pump()

    def _again(self, letter: Letter) -> None:
        if letter.tries >= len(WAITS):
            self.dropped += 1
            return
        self.retried += 1
        self.backing_off += 1
        asyncio.get_running_loop().call_later(WAITS[letter.tries], self._requeue, letter)
        letter.tries += 1

    def _requeue(self, letter: Letter) -> None:
        self.backing_off -= 1
        self.waiting.append(letter)
        self._pump()


class Carrier(asyncio.Protocol):
    """One connection to the target, one letter at a time."""

    def __init__(self, postman: Postman) -> None:
        self.postman = postman
        self.letter: Letter | None = None
        self.usable = True
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one, but not by inheritance

    def carry(self, letter: Letter) -> None:
        self.letter = letter
        self.parser = httptools.HttpResponseParser(self)
        body = letter.make()
        self.timer = asyncio.get_running_loop().call_later(TIMEOUT, self.transport.abort)
        self.transport.write(b"%b%d\r\n\r\n%b" % (self.postman.head, len(body), body))

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, AttributeError):
            self.transport.abort()

    def on_message_complete(self) -> None:
        self.usable = self.parser.should_keep_alive()
        good = 200 <= self.parser.get_status_code() < 300
        if not self.usable:
            self.transport.close()
        self._answered(good)

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable = False
        self._answered(False)
        self.postman.lost(self)

    def _answered(self, good: bool) -> None:
        letter, self.letter = self.letter, None
        if self.timer:
            self.timer.cancel()
        if letter:
            self.postman.answered(self, letter, good)
