"""Where a row is played: a database, a Redis, a sandbox and a clock that nobody else uses."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from benchmarks.faults.own_redis import OwnRedis
from earlybird import embedded
from earlybird.procfile import commands
from earlybird.stack import Stack
from notifications.sandbox.client import Sandbox, running

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE = "faults_earlybird"


class Clock:
    """The application's clock, moved for every process of the ground. Leases do not go by it."""

    def __init__(self, file: Path) -> None:
        self.file, self.seconds = file, 0.0
        self.set(0.0)

    def set(self, seconds: float) -> None:
        """Be so many seconds ahead. Replaced in one step: a half-written file would be another time."""
        self.seconds = seconds
        unfinished = self.file.with_suffix(".new")
        unfinished.write_text(str(seconds))
        unfinished.replace(self.file)

    def move(self, *, minutes: float = 0, seconds: float = 0) -> None:
        self.set(self.seconds + 60 * minutes + seconds)

    def be_at(self, moment: datetime) -> None:
        """Let it be this moment now; time goes on from there."""
        self.set((moment - datetime.now(UTC)).total_seconds())


@dataclass(frozen=True)
class Beside:
    """A process beside the stack, and what it logs."""

    process: subprocess.Popen[str]
    log: IO[str]

    def stop(self) -> str:
        """Ask it to end, wait, and return what it logged."""
        self.process.terminate()
        self.process.wait(30)
        self.log.seek(0)
        return self.log.read()

    def ask(self, line: str) -> str:
        """Give it a line, and return the line it answers."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


class Ground:
    """What a row plays on. Made anew for each row, but for the processes that stay."""

    def __init__(self, sandbox: Sandbox, redis: OwnRedis, clock: Clock) -> None:
        self.sandbox, self.redis, self.clock = sandbox, redis, clock
        self.said: deque[str] = deque(maxlen=2000)

    def fresh(self) -> None:
        """An empty database, an empty Redis, a sandbox that forgot, and the time it really is."""
        from django.db import connections

        connections.close_all()
        recreate_database()
        self.redis.stop()
        self.redis.start()
        self.sandbox.reset()
        self.clock.set(0)
        self.said.clear()
        manage("migrate", "--no-input", "--verbosity=0").check_returncode()

    @contextlib.contextmanager
    def stack(self, only: Collection[str], port: int = 8000, **env: object) -> Iterator[Stack]:
        """The real thing, these children of it, with these settings; ready when the block begins."""
        given = {name: str(value) for name, value in env.items()}
        with Stack(port=port, env=given, only=only, demo_data=False, say=self._hear) as stack:
            yield stack

    @contextlib.contextmanager
    def process(self, *words: str, **env: object) -> Iterator["Beside"]:
        """One Python process beside the stack, killed when the block ends."""
        given = {name: str(value) for name, value in env.items()}
        with tempfile.TemporaryFile("w+") as log:
            began = subprocess.Popen(  # noqa: S603
                [sys.executable, *words], cwd=CHECKOUT, env={**os.environ, **given}, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
            try:
                yield Beside(began, log)
            finally:
                began.kill()
                began.communicate()

    @contextlib.contextmanager
    def also(self, name: str, *options: str, **env: object) -> Iterator["Beside"]:
        """One more of the Procfile's Celery processes, as a second machine would run it; it ends in its own time."""
        with self.process("-m", *commands(os.environ)[name], *options, **env) as another:
            try:
                yield another
            finally:
                if another.process.poll() is None:
                    another.stop()

    def _hear(self, name: str, line: str) -> None:
        self.said.append(f"{name:>8} | {line}")


def manage(*words: str) -> subprocess.CompletedProcess[str]:
    """A command of manage.py, in the ground's environment."""
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=CHECKOUT, text=True, capture_output=True, check=False)  # noqa: S603


@contextlib.contextmanager
def prepared() -> Iterator[Ground]:
    """The ground, with Django set up for it in this process."""
    embedded.ensure(redis=False)
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as folder,
        running(control_port=0, settings={"magic": False}) as sandbox,
    ):
        redis, clock = OwnRedis(Path(folder)), Clock(Path(folder, "clock"))
        os.environ.update(environment(sandbox, redis, clock))
        import django

        django.setup()
        try:
            yield Ground(sandbox, redis, clock)
        finally:
            _put_away(redis)


def _put_away(redis: OwnRedis) -> None:
    from django.db import connections

    connections.close_all()
    redis.stop()
    recreate_database(drop_only=True)


def environment(sandbox: Sandbox, redis: OwnRedis, clock: Clock) -> dict[str, str]:
    """What every process of the ground is told."""
    return {
        "DJANGO_SETTINGS_MODULE": "earlybird.settings",
        "DATABASE_URL": embedded.urls()[0].replace("/earlybird?", f"/{DATABASE}?"),
        "REDIS_URL": redis.url,
        "EARLYBIRD_CLOCK_FILE": str(clock.file),
        "MYOPERATOR_API": "send-message",
        "MYOPERATOR_BASE_URL": sandbox.url,
        "MYOPERATOR_API_KEY": "sandbox-key",
        "MYOPERATOR_API_SECRET": "sandbox-secret",
        "MYOPERATOR_ACCOUNT_ID": "sandbox-account",
        "MYOPERATOR_PHONE_NUMBER": "+918000000001",
        "MYOPERATOR_RATE_LIMIT": "1000",
    }


def recreate_database(*, drop_only: bool = False) -> None:
    import psycopg

    folder = embedded.urls()[0].partition("host=")[2]
    with psycopg.connect(host=folder, user="earlybird", dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        if not drop_only:
            server.execute(f"CREATE DATABASE {DATABASE}")
