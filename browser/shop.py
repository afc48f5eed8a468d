"""The shop that is looked at: the real stack, on a database of its own, with the demo's customers and their past."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from browser import staging
from browser.pages import Page
from earlybird import embedded
from earlybird.running import only_one, write_down
from earlybird.stack import BASE_DIR, Stack
from earlybird.tests.real import eventually, own_environment
from notifications.sandbox.client import Sandbox

CUSTOMERS = 16
TOLD = 50  # lines of the stack that are shown when something went wrong


@dataclass
class Shop:
    """An open shop. `sandbox` is what its customers' phones are on."""

    stack: Stack

    @property
    def url(self) -> str:
        return self.stack.url

    @property
    def sandbox(self) -> Sandbox:
        return Sandbox(self.stack.sandbox_url)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What its database says."""
        with psycopg.connect(self.stack.env["DATABASE_URL"]) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def address(self, page: Page) -> str:
        """Where a page of the table is, here. Raises LookupError where the shop has no such row."""
        if not page.row:
            return self.url + page.path
        [[row]] = self.rows(page.select())
        if row is None:
            raise LookupError(f"{page.name}: there is no row of {page.row}. Add one to browser/staging.py.")
        return self.url + page.path.format(row)

    def eventually(self, what: str, sql: str, *values: Any, seconds: float = 30) -> list[tuple[Any, ...]]:
        """The rows of a statement, once there are some; fails with `what` did not happen."""
        found: list[tuple[Any, ...]] = eventually(what, lambda: self.rows(sql, *values), seconds)
        return found

    def python(self, *code: str) -> str:
        """Run lines of Python where this shop is; returns what they print."""
        lines = ["import django", "django.setup()", *code]
        return _done([sys.executable, "-c", "\n".join(lines)], self.stack.env)


@contextmanager
def opened(customers: int = CUSTOMERS) -> Iterator[Shop]:
    """A shop with its past, and with what `staging` adds. Gone with its database when the block ends."""
    said: list[str] = []
    _ensure_servers()
    with tempfile.TemporaryDirectory() as folder, own_environment("browser", Path(folder)) as own:
        env = own | {"DEMO_CUSTOMERS": str(customers), "DEMO_HISTORY": "true"}
        ports = {"port": int(env["PORT"]), "sandbox_port": int(env["SANDBOX_PORT"])}
        stack = Stack(env=env, say=lambda name, line: said.append(f"{name}: {line}"), **ports)
        state = Path(folder) / "stack.json"
        try:
            with only_one(state), stack:
                write_down(stack, ready=True, state=state)
                yield _staged(Shop(stack))
        except BaseException:
            print("\n".join(["What the shop said last:", *said[-TOLD:]]), file=sys.stderr)
            raise


def _ensure_servers() -> None:
    """The embedded ones, for whichever address is not set."""
    wanted = {"postgres": not os.environ.get("DATABASE_URL"), "redis": not os.environ.get("REDIS_URL")}
    if any(wanted.values()):
        embedded.ensure(**wanted)


def _staged(shop: Shop) -> Shop:
    _done([sys.executable, "-m", "browser.staging"], shop.stack.env)
    failed = "SELECT 1 FROM notifications_message WHERE phone = %s AND status = 'failed'"
    shop.eventually("the staged failure", failed, staging.REFUSED, seconds=60)
    return shop


def _done(command: list[str], env: dict[str, str]) -> str:
    whole = {**os.environ, **env}
    done = subprocess.run(command, cwd=BASE_DIR, env=whole, text=True, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout
