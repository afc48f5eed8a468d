"""The keeper: parent of the embedded servers for as long as anybody uses them.

Run as a file (`python -IS keeper.py FOLDER`), never imported by the application: it has to stay a few
megabytes small, and importing the `earlybird` package would bring Celery and Django with it.

FOLDER holds one `<name>.json` per server wanted (see `servers.py`), and these locks (`flock`, which the
kernel releases at death, also after a kill -9):

    keeper.lock   held by the keeper: there is one per folder
    users.lock    held shared by every user; when the keeper can have it alone, nobody is left
    <name>.lock   inherited by the server and its children: while it is held, some of them still live
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from typing import Any

TICK = 0.5  # seconds between two looks at who still uses the servers
STOPPING = 20.0  # seconds a server has to stop before it is killed
SIGNALS = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)  # loaded before any fork


class Server:
    """One server: started when it is not running, and again when it died."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder, self.name = folder, name
        self.child: subprocess.Popen[bytes] | None = None
        self.not_before = self.started = self.waiting_since = 0.0
        self.failures = 0

    def path(self, ending: str) -> str:
        return os.path.join(self.folder, f"{self.name}.{ending}")

    def keep_running(self) -> None:
        """Start the server unless it runs; one that dies young waits longer each time (at most 5 s)."""
        now = time.monotonic()
        if self.child is not None and self.child.poll() is not None:
            self.failures = self.failures + 1 if now - self.started < 10 else 0
            self.not_before, self.child = now + min(0.5 * self.failures, 5.0), None
            write(self.path("failed"), str(self.failures))
        if self.child is None and now >= self.not_before:
            self.start()

    def start(self) -> None:
        lock = os.open(self.path("lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if have(lock):
                self.launch(json.loads(read(self.path("json"))), lock)
            else:
                self.hurry_the_old_one()
        finally:
            os.close(lock)  # the server keeps its own copy, and with it the lock

    def launch(self, spec: dict[str, Any], lock: int) -> None:
        # We have the lock, so whoever wrote these is dead, whatever now runs under the pid in them.
        for path in spec["stale"]:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        account = {"user": spec["uid"], "group": spec["gid"], "extra_groups": []} if os.getuid() == 0 else {}
        with open(spec["log"], "ab") as log:
            self.child = subprocess.Popen(  # noqa: S603
                spec["argv"], cwd="/", env=spec["env"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, pass_fds=(lock,), preexec_fn=lambda: die_with_me(spec["orphan"]),
                **account,
            )  # fmt: skip
        self.started, self.waiting_since = time.monotonic(), 0.0
        write(self.path("pid"), str(self.child.pid))

    def hurry_the_old_one(self) -> None:
        """An earlier keeper was killed and its server lingers (hung, for one): after 10 s, kill it."""
        now = time.monotonic()
        self.waiting_since = self.waiting_since or now
        if now - self.waiting_since > 10:
            with contextlib.suppress(OSError, ValueError):
                pid = int(read(self.path("pid")))
                program = json.loads(read(self.path("json")))["argv"][0]
                if os.path.basename(program) in read(f"/proc/{pid}/cmdline"):
                    os.kill(pid, signal.SIGKILL)
            self.waiting_since = 0.0

    def ask_to_stop(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(json.loads(read(self.path("json")))["stop"])
            self.child.send_signal(signal.SIGCONT)  # one that is stopped could not hear it

    def see_it_end(self, deadline: float) -> None:
        if self.child is None:
            return
        try:
            self.child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path("pid"))


def die_with_me(signal_number: int) -> None:
    """In the child: when the keeper dies, the kernel sends this signal. No strays."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    LIBC.prctl(PR_SET_PDEATHSIG, signal_number)


def have(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def write(path: str, text: str) -> None:
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".new", path)


def keep(folder: str, users: int) -> Collection[Server]:
    """Keep every wanted server running until nobody uses them or a signal says stop."""
    servers: dict[str, Server] = {}
    while True:
        for name in [file[:-5] for file in os.listdir(folder) if file.endswith(".json")]:
            servers.setdefault(name, Server(folder, name)).keep_running()
        news = signal.sigtimedwait(SIGNALS, TICK)
        if have(users) or (news is not None and news.si_signo != signal.SIGCHLD):
            return servers.values()


def close(servers: Collection[Server]) -> None:
    deadline = time.monotonic() + STOPPING
    for server in servers:
        server.ask_to_stop()
    for server in servers:
        server.see_it_end(deadline)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(server.path("json"))


def lead(folder: str) -> int | None:
    """Take keeper.lock, or return None where another keeper has it (asking takes it for an instant)."""
    lock = os.open(os.path.join(folder, "keeper.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(20):
        if have(lock):
            os.ftruncate(lock, 0)
            os.write(lock, str(os.getpid()).encode())
            return lock
        time.sleep(0.01)
    return None


def main(folder: str) -> None:
    if os.fork():  # to be nobody's child: the user who starts us may end long before us, or never reap
        os._exit(0)
    os.umask(0o077)
    if lead(folder) is not None:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        users = os.open(os.path.join(folder, "users.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        close(keep(folder, users))


if __name__ == "__main__":
    main(sys.argv[1])
