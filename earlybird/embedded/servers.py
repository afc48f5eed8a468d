"""One checkout's servers: shared by all its processes, gone with the last of them."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from . import binaries, keeper, places, postgres, redis
from .places import EmbeddedError, Places

LIMIT = 60.0  # seconds a server may take to start
KINDS = {"postgres": postgres, "redis": redis}
_held: dict[Path, int] = {}  # users.lock of each folder we use, open (and so locked) until this process ends


class Servers:
    """The embedded servers of the checkout at `root`."""

    def __init__(self, root: Path) -> None:
        self.places = Places(root)

    def urls(self, *, real: bool = False) -> tuple[str, str]:
        """DATABASE_URL and REDIS_URL (as Celery writes it). Starts nothing.

        `real` names the database for a provider that is not the sandbox.
        """
        return postgres.url(self.places, real=real), redis.url(self.places)

    def ensure(self, *, postgres: bool = True, redis: bool = True) -> None:
        """Start what is not running, wait until it is ready, and use it until this process ends.

        Costs a few milliseconds when all is well; a forked child is a user like its parent.
        Raises EmbeddedError, one sentence, where that cannot be.
        """
        wanted = [name for name, want in (("postgres", postgres), ("redis", redis)) if want]
        if not wanted:
            return
        places.make_home(self.places)
        self._become_user()
        with self._lock("start"):
            self._start(wanted)

    def stop(self) -> None:
        """Stop the servers, whoever uses them, and stop being a user."""
        if not self.places.home.exists():
            return
        with self._lock("start"):
            pid = self._keeper_pid()
            if pid:
                os.kill(pid, signal.SIGTERM)
            self._wait(lambda: not self._is_locked("keeper"), "The servers did not stop")
        if self.places.home in _held:
            os.close(_held.pop(self.places.home))

    def pids(self) -> dict[str, int]:
        """The process of each server that runs, by name."""
        found = {}
        for name in KINDS:
            with contextlib.suppress(FileNotFoundError):
                pid = int((self.places.home / f"{name}.pid").read_text())
                if self._is_locked(name):
                    found[name] = pid
        return found

    def is_kept(self) -> bool:
        """Whether a keeper is there to restart what dies. Asks no server, so it never hangs."""
        return self.places.home.exists() and self._is_locked("keeper")

    def _become_user(self) -> None:
        """Take a share of users.lock, and keep it. A keeper that is just closing has it alone: wait."""
        if self.places.home in _held:
            return
        users = self._open("users")
        self._wait(lambda: _take(users, fcntl.LOCK_SH), "The servers are stopping and do not end")
        _held[self.places.home] = users

    def _start(self, wanted: list[str]) -> None:
        if all(KINDS[name].is_ready(self.places) for name in wanted) and self._is_locked("keeper"):
            return
        account = places.account_for(self.places)
        places.own_sockets(self.places, account)
        for name in wanted:
            self._order(name, account)
        for name in wanted:
            log = self.places.home / f"{name}.log"
            self._wait(
                lambda name=name: self._is_up(name),  # type: ignore[misc]
                f"{name.capitalize()} did not start; its log is {log}",
            )

    def _order(self, name: str, account: places.Account) -> None:
        """Write down for the keeper how this server is run."""
        target = self.places.home / f"{name}.json"
        if target.exists() and self._is_locked("keeper"):
            return
        log = self.places.home / f"{name}.log"
        if log.exists() and log.stat().st_size > 10_000_000:
            os.truncate(log, 0)
        spec = KINDS[name].spec(self.places, account)
        spec |= {"uid": account.uid, "gid": account.gid, "env": binaries.ENV, "log": str(log)}
        keeper.write(str(target), json.dumps(spec))

    def _is_up(self, name: str) -> bool:
        if not self._is_locked("keeper"):
            self._run_keeper()
        self._give_up_if_it_keeps_dying(name)
        return self._is_locked(name) and KINDS[name].is_ready(self.places)

    def _give_up_if_it_keeps_dying(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            if int((self.places.home / f"{name}.failed").read_text()) >= 4:
                log = self.places.home / f"{name}.log"
                last = log.read_text(errors="replace").strip().splitlines()[-1:]
                raise EmbeddedError(
                    f"{name.capitalize()} ends as soon as it is started ({log}): {' '.join(last)}"
                )

    def _run_keeper(self) -> None:
        command = [sys.executable, "-I", "-S", keeper.__file__, str(self.places.home)]
        for old in self.places.home.glob("*.failed"):
            old.unlink()
        with (self.places.home / "keeper.log").open("wb") as log:
            subprocess.run(  # noqa: S603 (it forks and returns at once)
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, check=True,
            )  # fmt: skip
        deadline = time.monotonic() + 5
        while not self._is_locked("keeper") and time.monotonic() < deadline:
            time.sleep(0.02)

    def _keeper_pid(self) -> int | None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            if self._is_locked("keeper"):
                return int((self.places.home / "keeper.lock").read_text())
        return None

    def _wait(self, true: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + LIMIT
        while not true():
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{complaint} (waited {LIMIT:.0f} s).")
            time.sleep(0.05)

    def _open(self, name: str) -> int:
        return os.open(self.places.home / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)

    @contextlib.contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        lock = self._open(name)
        try:
            self._wait(lambda: _take(lock, fcntl.LOCK_EX), "Another process is starting the servers")
            yield
        finally:
            os.close(lock)

    def _is_locked(self, name: str) -> bool:
        """Whether somebody holds it; asked with a share, taken for an instant."""
        lock = self._open(name)
        try:
            return not _take(lock, fcntl.LOCK_SH)
        finally:
            os.close(lock)


def _take(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
