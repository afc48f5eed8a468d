"""What every row is measured in: a database and a broker of its own, and the sandbox as the provider."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from earlybird.stack import Stack
from notifications.sandbox.client import Sandbox, running

CHECKOUT = Path(__file__).resolve().parents[1]
DATABASE = "bench_earlybird"
LATENCY_MS = 100
SLOTS = 150


PASSWORD = "for the bench only"  # noqa: S105


@dataclass
class Web:
    """A running web server. Its environment is what `manage.py` needs to speak to the same database."""

    url: str
    env: dict[str, str]
    token: str = ""

    def manage(self, *words: str) -> str:
        """A command of manage.py; returns what it said."""
        command = [sys.executable, "manage.py", *words]
        env = self.env | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        done = subprocess.run(command, cwd=CHECKOUT, env=env, text=True, stdout=subprocess.PIPE, check=True)  # noqa: S603
        return done.stdout.strip()


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
    def web(self, database: str = DATABASE, port: int = 0) -> Iterator[Web]:
        """The Procfile's web server on this database, on a free port unless told, and a user who may do everything."""
        env = self.env | {"DATABASE_URL": database_url(database)}
        with (
            made(database),
            Stack(
                port=port or free_port(), env=env, only={"web"}, demo_data=False, say=lambda *_: None
            ) as stack,
        ):
            web = Web(stack.url, env)
            with contextlib.suppress(subprocess.CalledProcessError):  # a row before this one made her
                web.manage("createsuperuser", "--no-input", "--username=chitra", "--email=chitra@example.com")
            web.token = web.manage("apitoken", "chitra")
            yield web


@contextlib.contextmanager
def prepared() -> Iterator[Bench]:
    """Everything a row needs; Django is set up for it in this process."""
    from earlybird import embedded

    embedded.ensure()
    with made(DATABASE), running(settings={"latency_ms": LATENCY_MS, "magic": False}) as sandbox:
        os.environ |= _environment(sandbox)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield Bench(sandbox, dict(os.environ))


def _environment(sandbox: Sandbox) -> dict[str, str]:
    from earlybird import embedded

    return {
        "DJANGO_SETTINGS_MODULE": "earlybird.settings",
        "DEBUG": "false",
        "DATABASE_URL": database_url(DATABASE),
        "REDIS_URL": f"{embedded.urls()[1]}?virtual_host=7",
        "MYOPERATOR_API": "send-message",
        "MYOPERATOR_BASE_URL": sandbox.url,
        "MYOPERATOR_API_KEY": "sandbox-key",
        "MYOPERATOR_API_SECRET": "sandbox-secret",
        "MYOPERATOR_ACCOUNT_ID": "sandbox-account",
        "MYOPERATOR_PHONE_NUMBER": "+918000000001",
        "MYOPERATOR_RATE_LIMIT": "1000000",  # no pace limit
        "NOTIFICATION_SLOTS": str(SLOTS),
        "API_RATE_USER": "1000000/s",  # nobody is throttled
        "LOG_LEVEL": "WARNING",
    }


def database_url(name: str) -> str:
    from earlybird import embedded

    return embedded.urls()[0].replace("/earlybird?", f"/{name}?")


@contextlib.contextmanager
def made(database: str) -> Iterator[None]:
    """An empty database, dropped when the block ends. Within that block it is left as it is."""
    if database in _made:
        yield
        return
    _made.add(database)
    try:
        _on_server(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)", f"CREATE DATABASE {database}")
        yield
    finally:
        _made.remove(database)
        _on_server(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


_made: set[str] = set()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
