"""The sandbox from outside: for tests, faults and the bench."""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

CHECKOUT = Path(__file__).resolve().parents[2]
_READY = re.compile(r"MyOperator sandbox: (\S+) \(controls: (\S+)\)")
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy knows a local sandbox


class SandboxError(Exception):
    """The sandbox refused, or could not be started; the text says why."""


@dataclass
class Sandbox:
    """Talks to a running sandbox at `control_url`; `url` is where messages go (the same, unless told)."""

    control_url: str
    url: str = ""
    process: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        self.url = self.url or self.control_url

    def messages(self, phone: str = "", since: float = 0, limit: int | None = None) -> list[dict[str, Any]]:
        """Accepted messages after `since` (unix seconds), oldest first, the newest `limit`."""
        wanted = {"phone": phone, "since": since or "", "limit": limit}
        return self._call("GET", "/sandbox/messages?" + urlencode({k: v for k, v in wanted.items() if v}))

    def summary(self) -> dict[str, Any]:
        return self._call("GET", "/sandbox/summary")

    def settings(self) -> dict[str, Any]:
        return self._call("GET", "/sandbox/settings")

    def set(self, **settings: Any) -> dict[str, Any]:
        """Change some settings; returns all. Raises SandboxError naming the wrong one."""
        return self._call("PUT", "/sandbox/settings", settings)

    def forget(self) -> None:
        """Forget what was accepted and counted; keep the settings."""
        self._call("DELETE", "/sandbox/messages")

    def reset(self) -> None:
        """Forget everything, with settings and templates back to how it was started."""
        self._call("DELETE", "/sandbox/settings")
        self._call("DELETE", "/sandbox/templates")
        self.forget()

    def reply(self, phone: str, text: str, **fields: Any) -> dict[str, Any]:
        """The customer writes. `fields`: `at` (unix seconds or ISO), `name`, `media` (image, audio, …)."""
        return self._call("POST", "/sandbox/reply", {"phone": phone, "text": text, **fields})

    def templates(self) -> list[dict[str, Any]]:
        """The account's templates: name, language, body, category, status, quality, failure_reason, example."""
        return self._call("GET", "/sandbox/templates")

    def set_templates(self, templates: list[dict[str, Any]]) -> None:
        """These instead of all. Raises SandboxError naming the wrong one."""
        self._call("PUT", "/sandbox/templates", templates)

    def set_template(self, name: str, language: str = "en", **fields: Any) -> dict[str, Any]:
        """Change one, as status="paused", or make it (needs body=…). Raises SandboxError."""
        return self._call("PUT", f"/sandbox/templates/{name}/{language}", fields)

    def storm(self, **wishes: Any) -> dict[str, Any]:
        """Begin a storm of receipts, as storm.Wishes describes it."""
        return self._call("POST", "/sandbox/storm", wishes)

    def storm_state(self) -> dict[str, Any]:
        """The last storm: state (gathering, raging, over), its counts and the messages' final states.

        Over is when all is handed to the postman: `summary()["webhooks"]["pending"]` says what is still to go.
        """
        return self._call("GET", "/sandbox/storm")

    def _call(self, method: str, path: str, value: Any = None) -> Any:
        body = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(self.control_url + path, body, method=method)  # noqa: S310
        try:
            with _DIRECT.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise SandboxError(f"{method} {path}: {error.read().decode('utf-8', 'replace')}") from error


@contextmanager
def running(
    port: int = 0, control_port: int = 0, webhook_url: str = "", settings: Any = None, **options: Any
) -> Iterator[Sandbox]:
    """A sandbox of one's own, on free ports unless told. Webhooks are off unless `webhook_url` is given.

    `options`: any of options.Options, like journal="…" or refuse="…". It ends with the block, and with the
    thread that started it, even when that is killed.
    """
    given = {"webhooks": bool(webhook_url), **(settings or {})}
    named = {"port": port, "control_port": control_port, "begin": json.dumps(given), **options}
    if webhook_url:
        named["webhook_url"] = webhook_url
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in named.items()]
    command = [sys.executable, "-m", "notifications.sandbox", "--die-with-parent", *flags]
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(  # noqa: S603  our own module
            command, stdout=subprocess.PIPE, stderr=complaints, text=True, env=_environment()
        )
        try:
            yield _ready(process, complaints)
        finally:
            _stop(process)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
    return {**kept, "PYTHONPATH": str(CHECKOUT)}


def _ready(process: subprocess.Popen[str], complaints: Any) -> Sandbox:
    assert process.stdout is not None
    found = _READY.search(process.stdout.readline())
    if not found:
        process.wait(10)
        complaints.seek(0)
        raise SandboxError(complaints.read().strip() or "the sandbox ended without a word")
    return Sandbox(found[2], found[1], process)


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    assert process.stdout is not None
    process.stdout.close()
