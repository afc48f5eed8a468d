"""What every row is measured in: a database and a broker of its own, and the sandbox as the provider."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from notifications.sandbox.client import Sandbox, running

CHECKOUT = Path(__file__).resolve().parents[1]
DATABASE = "bench_earlybird"
LATENCY_MS = 100
SLOTS = 150


@dataclass
class Bench:
    sandbox: Sandbox
    env: dict[str, str]

    @contextlib.contextmanager
    def worker(self, *arguments: str, app: str = "earlybird") -> Iterator[subprocess.Popen]:
        """A Celery worker with these arguments, ready when the block begins, gone when it ends."""
        command = [sys.executable, "-m", "celery", "-A", app, "worker", "-l", "WARNING", *arguments]
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--prefetch-multiplier=1")
        process = subprocess.Popen([*command, *quiet], cwd=CHECKOUT, env=self.env)  # noqa: S603
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def prepared() -> Iterator[Bench]:
    """Everything a row needs; Django is set up for it in this process."""
    from earlybird import embedded

    embedded.ensure()
    with _database(), running(settings={"latency_ms": LATENCY_MS, "magic": False}) as sandbox:
        os.environ |= _environment(sandbox)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield Bench(sandbox, dict(os.environ))


def _environment(sandbox: Sandbox) -> dict[str, str]:
    from earlybird import embedded

    database, redis = embedded.urls()
    return {
        "DJANGO_SETTINGS_MODULE": "earlybird.settings",
        "DATABASE_URL": database.replace("/earlybird?", f"/{DATABASE}?"),
        "REDIS_URL": f"{redis}?virtual_host=7",
        "MYOPERATOR_API": "send-message",
        "MYOPERATOR_BASE_URL": sandbox.url,
        "MYOPERATOR_API_KEY": "sandbox-key",
        "MYOPERATOR_API_SECRET": "sandbox-secret",
        "MYOPERATOR_ACCOUNT_ID": "sandbox-account",
        "MYOPERATOR_PHONE_NUMBER": "+918000000001",
        "MYOPERATOR_RATE_LIMIT": "1000000",  # no pace limit
        "NOTIFICATION_SLOTS": str(SLOTS),
        "LOG_LEVEL": "WARNING",
    }


@contextlib.contextmanager
def _database() -> Iterator[None]:
    _on_server(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", f"CREATE DATABASE {DATABASE}")
    try:
        yield
    finally:
        _on_server(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _on_server(*statements: str) -> None:
    import psycopg

    from earlybird import embedded

    folder = embedded.urls()[0].partition("host=")[2]
    with psycopg.connect(host=folder, user="earlybird", dbname="postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def wait_until(what: str, true: object, seconds: float = 600, every: float = 0.05) -> None:
    """Poll until `true()` is; raises TimeoutError naming `what`."""
    ends = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        if time.monotonic() > ends:
            raise TimeoutError(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(every)
