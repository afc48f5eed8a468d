"""What tests of the real stack need: a database, a broker, ports and a state file that nobody else uses."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import requests

from earlybird import embedded

CHECKOUT = Path(__file__).resolve().parents[2]
OPEN_HOURS = {"NOTIFICATION_REMINDER_HOURS": "00:00-00:00", "NOTIFICATION_MARKETING_HOURS": "00:00-00:00"}


@contextlib.contextmanager
def own_environment(name, folder):
    """The environment of a stack of one's own: its database is created, and dropped at the end."""
    server = os.environ.get("DATABASE_URL") or embedded.urls()[0]
    database = f"{name}_earlybird_{os.getpid()}"
    _on_server(server, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)", f"CREATE DATABASE {database}")
    try:
        yield {
            **OPEN_HOURS,
            "DATABASE_URL": _named(server, database),
            "REDIS_URL": _own_redis(),
            "MYOPERATOR_API": "send-message",
            "MYOPERATOR_RATE_LIMIT": "80",
            "DEMO_CUSTOMERS": "8",
            "DEMO_HISTORY": "false",
            "EARLYBIRD_STATE_FILE": str(folder / "stack.json"),
            "PORT": str(free_port()),
            "SANDBOX_PORT": str(free_port()),
        }
    finally:
        _on_server(server, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def python(*words, env, timeout=60):
    """Run a Python process of the checkout to its end."""
    return subprocess.run(
        [sys.executable, *words], cwd=CHECKOUT, env={**os.environ, **env}, text=True, capture_output=True,
        timeout=timeout, check=False,
    )  # fmt: skip


def eventually(what, found, seconds=20):
    """Ask until the answer is true, and return it; a test fails with `what` did not happen."""
    ends = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < ends, f"{what}: not within {seconds} s"
        time.sleep(0.05)
    return answer


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _own_redis():
    """One of Redis's sixteen databases (0 is `make run`'s); two runs side by side take different ones."""
    number, url = 1 + os.getpid() % 15, os.environ.get("REDIS_URL") or embedded.urls()[1]
    if url.startswith("redis+socket:"):
        return f"{url.partition('?')[0]}?virtual_host={number}"
    return _named(url, number)


def _named(url, name):
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _on_server(url, *statements):
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


class Walker:
    """A stack of its own, and somebody who uses it as people do: over HTTP."""

    def __init__(self, stack):
        self.stack = stack
        token = python("manage.py", "apitoken", "chitra", env=stack.env).stdout.strip()
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Authorization"] = f"Bearer {token}"

    def api(self, method, path, **words):
        answer = self.http.request(method, f"{self.stack.url}{path}", timeout=10, **words)
        assert answer.ok, answer.text
        return answer.json()

    def history(self, **wanted):
        return self.api("GET", "/api/notifications/history", params=wanted)["results"]

    def message(self, reference, status):
        """The one message of a reference, once it stands so."""
        found = eventually(
            f"{reference} {status}", lambda: self.history(reference_id=reference, status=status), 70
        )
        assert len(self.history(reference_id=reference)) == 1
        return found[0]

    def rows(self, sql, *values):
        with psycopg.connect(self.stack.env["DATABASE_URL"]) as connection:
            return connection.execute(sql, values).fetchall()

    def without_redis(self, *code):
        """Run code in a process whose nudges reach nobody."""
        return python("-c", "\n".join(code), env={**self.stack.env, "REDIS_URL": "redis://127.0.0.1:1/0"})
