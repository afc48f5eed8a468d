"""How the sandbox's tests speak to it: plain http.client and sockets, to see the bytes."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ASHA = "+919876543210"
BILAL = "+919845012345"
SEND_HEADERS = {
    "X-API-Key": "sandbox-key",
    "X-API-Secret": "sandbox-secret",
    "Content-Type": "application/json",
}
CHAT_HEADERS = {"Authorization": "Bearer sandbox-key", "X-MYOP-COMPANY-ID": "sandbox-company"}


@dataclass
class Heard:
    status: int
    headers: Any
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


def call(
    url: str, method: str, path: str, body: Any = None, headers: Any = None, timeout: float = 5
) -> Heard:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    try:
        connection.request(method, path, data, headers or {})
        answer = connection.getresponse()
        return Heard(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def send(
    sandbox: Any, phone: str = ASHA, text: str = "Order #77 confirmed", timeout: float = 5, **fields: Any
) -> Heard:
    body = {"phone_number": phone, "message": text, "account_id": "sandbox-account", **fields}
    return call(sandbox.url, "POST", "/whatsapp/send-message", body, SEND_HEADERS, timeout)


def chat_body(**changes: Any) -> dict[str, Any]:
    context = {"template_name": "order_confirmation", "language": "en", "body": {"1": "Asha", "2": "ORD-77"}}
    return {
        "phone_number_id": "106540352242922",
        "customer_country_code": "91",
        "customer_number": "9876543210",
        "data": {"type": "template", "context": context},
        "reply_to": None,
        "myop_ref_id": "attempt-1",
        **changes,
    }


def chat(sandbox: Any, headers: Any = None, **changes: Any) -> Heard:
    return call(sandbox.url, "POST", "/chat/messages", chat_body(**changes), headers or CHAT_HEADERS)


def template_data(name: str = "churn_risk", language: str | None = "en", **context: Any) -> dict[str, Any]:
    return {"type": "template", "context": {"template_name": name, "language": language, **context}}


def text_data(body: Any) -> dict[str, Any]:
    return {"type": "text", "context": {"body": body, "preview_url": False}}


def sample(name: str) -> Any:
    return json.loads((samples() / name).read_text())


def request_bytes(phone: str = ASHA, text: str = "Order #77 confirmed") -> bytes:
    body = json.dumps({"phone_number": phone, "message": text, "account_id": "sandbox-account"}).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in SEND_HEADERS.items())
    start = "POST /whatsapp/send-message HTTP/1.1\r\nHost: x\r\n"
    return f"{start}{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def plugged(sandbox: Any, timeout: float = 5) -> socket.socket:
    parts = urlsplit(sandbox.url)
    return socket.create_connection((parts.hostname, parts.port), timeout)


def wait_until(true: Callable[[], bool], timeout: float = 20) -> None:
    end = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def wait_until_posted(sandbox: Any) -> None:
    """Until no webhook waits any more."""
    wait_until(lambda: not sandbox.summary()["webhooks"]["pending"])


def samples() -> Path:
    return Path(__file__).with_name("samples")


@dataclass
class Receiver:
    """Stands where EarlyBird's webhook address would: keeps what is posted, answers as told."""

    url: str = ""
    answers: list[int] = field(default_factory=list)  # one for each post to come; then 200
    events: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, Any]] = field(default_factory=list)  # path and headers of each
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, timeout: float = 8) -> list[dict[str, Any]]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.events) >= count, timeout), self.events
        return self.events

    def kinds(self, count: int) -> list[str]:
        return [event["event_type"].removeprefix("message.") for event in self.wait_for(count)]

    def forget(self) -> None:
        with self.changed:
            self.events.clear()
            self.requests.clear()
            self.answers.clear()

    @property
    def secrets(self) -> list[str | None]:
        return [headers["X-Webhook-Secret"] for _, headers in self.requests]

    @property
    def believed(self) -> list[dict[str, Any]]:
        """The events that came with the right secret."""
        told = zip(self.events, self.secrets, strict=True)
        return [event for event, secret in told if secret == "sandbox-webhook-secret"]

    def take(self, event: dict[str, Any], path: str, headers: Any) -> int:
        with self.changed:
            self.events.append(event)
            self.requests.append((path, headers))
            self.changed.notify_all()
            return self.answers.pop(0) if self.answers else 200


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take(json.loads(body), self.path, self.headers)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/webhooks/myoperator"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
