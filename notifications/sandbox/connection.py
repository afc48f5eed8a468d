"""One caller's connection: requests and answers in order, and the tricks that need the socket itself."""

import asyncio
import socket
import struct
import sys
import traceback
from collections import deque
from collections.abc import Callable
from typing import cast

import httptools

from .wire import BODY_LIMIT, Answer, Request, error_answer, headers_of

_LINGER_NOT = struct.pack("ii", 1, 0)  # close() then sends RST instead of FIN
_PIPELINED = 64


class Connection(asyncio.Protocol):
    def __init__(self, respond: Callable[[Request], Answer], family: set["Connection"]) -> None:
        self.respond, self.family = respond, family
        self.loop = asyncio.get_running_loop()
        self.parser = httptools.HttpRequestParser(self)
        self.waiting: deque[Request] = deque()
        self.answer: Answer | None = None  # the one being given: a connection has one at a time
        self.timer: asyncio.TimerHandle | None = None
        self.last = self.choked = self.paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one, but not by inheritance
        self.family.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.family.discard(self)
        self.waiting.clear()
        if self.timer:
            self.timer.cancel()
        self._finish()

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse(400, "That is not HTTP/1.1")

    # What the parser calls, in this order.

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    def on_url(self, part: bytes) -> None:
        self.url += part

    def on_header(self, name: bytes, value: bytes) -> None:
        if (
            name != b"Content-Length"
        ):  # it differs from message to message, and headers_of() must recognise the rest
            self.headers.append((name, value))

    def on_body(self, part: bytes) -> None:
        if len(self.body) + len(part) > BODY_LIMIT:
            self._refuse(413, "The body is too long")
        else:
            self.body += part

    def on_message_complete(self) -> None:
        keep = self.parser.should_keep_alive()
        self.waiting.append(
            Request(self.parser.get_method(), self.url, headers_of(self.headers), self.body, keep)
        )
        if self.answer is None:
            self._work()
        elif len(self.waiting) > _PIPELINED:
            self.paused = True
            self.transport.pause_reading()

    def retire(self) -> None:
        """Close as soon as the answer under way, if any, is given."""
        self.last = True
        if self.answer is None:
            self.transport.close()

    def pause_writing(self) -> None:
        self.choked = True

    def resume_writing(self) -> None:
        self.choked = False
        if self.answer and self.answer.chunks and not self.answer.gap:
            self._pour(self.answer)

    def _refuse(self, status: int, message: str) -> None:
        self.transport.write(error_answer(status, message).data)
        self.transport.close()

    def _work(self) -> None:
        while self.waiting and self.answer is None and not self.transport.is_closing():
            self._start(self.waiting.popleft())
        if self.paused and not self.transport.is_closing():
            self.paused = False
            self.transport.resume_reading()

    def _start(self, request: Request) -> None:
        self.last = self.last or not request.keep_alive
        self.answer = answer = self._answer_to(request)
        if answer.delay:
            self.timer = self.loop.call_later(answer.delay, self._give_late, answer)
        else:
            self._give(answer)

    def _answer_to(self, request: Request) -> Answer:
        try:
            return self.respond(request)
        except Exception:  # noqa: BLE001  a fault of the sandbox itself must not look like one that was asked for
            traceback.print_exc(file=sys.stderr)
            return error_answer(500, "The sandbox itself failed; see its output")

    def _give_late(self, answer: Answer) -> None:
        self._give(answer)
        self._work()

    def _give(self, answer: Answer) -> None:
        if answer.reset:
            self._reset()
        elif answer.chunks:
            self._pour(answer)
        elif not answer.hang:
            self.transport.write(answer.data)
            self._finish()

    def _reset(self) -> None:
        peer: socket.socket = self.transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.transport.abort()

    def _pour(self, answer: Answer) -> None:
        """The answer bit by bit: at the pace of `gap`, or as fast as the caller reads."""
        assert answer.chunks is not None
        for chunk in answer.chunks:
            self.transport.write(chunk)
            if answer.gap:
                self.timer = self.loop.call_later(answer.gap, self._pour, answer)
                return
            if self.choked:
                return
        self._finish()
        self._work()

    def _finish(self) -> None:
        answer, self.answer = self.answer, None
        if answer is not None:
            answer.finished()
        if self.last:
            self.transport.close()
