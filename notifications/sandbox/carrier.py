"""One connection to where webhooks are posted."""

import asyncio
from typing import TYPE_CHECKING, cast

import httptools

if TYPE_CHECKING:
    from .postman import Letter, Postman

TIMEOUT = 10.0


class Carrier(asyncio.Protocol):
    """Carries one letter at a time, and brings back whether it was answered with 200."""

    def __init__(self, postman: "Postman") -> None:
        self.postman = postman
        self.letter: Letter | None = None
        self.usable = True
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one, but not by inheritance

    def carry(self, letter: "Letter") -> None:
        self.letter = letter
        self.parser = httptools.HttpResponseParser(self)
        body = letter.make()
        self.timer = asyncio.get_running_loop().call_later(TIMEOUT, self.transport.abort)
        self.transport.write(b"%b%d\r\n\r\n%b" % (self.postman.head(letter), len(body), body))

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, AttributeError):
            self.transport.abort()

    def on_message_complete(self) -> None:
        self.usable = self.parser.should_keep_alive()
        good = self.parser.get_status_code() == 200
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
