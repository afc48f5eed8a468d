"""Keeps a handful of commands running, each in a session of its own, and stops them in order."""

import contextlib
import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)  # loaded before any fork
DELAYS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before the next start, after each death in a row
SETTLED = 60.0  # seconds a child has to live for its earlier deaths to be forgotten
PATIENCE = 30.0  # seconds a child has to finish its work before it is killed
TICK = 0.05  # seconds


def end_with_parent() -> None:
    """Let the kernel stop this process when the one that started it dies, also of a kill -9."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One command. It ends when its supervisor does, also after a kill -9 of that."""

    def __init__(self, name: str, argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
        self.name, self.argv, self.env, self.cwd = name, list(argv), dict(env), cwd
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0  # in a row
        self.started = self.due = 0.0

    def launch(self) -> IO[bytes]:
        """Start it; returns its output. The calling thread must live as long as the child may."""
        parent = os.getpid()

        def end_with_the_supervisor() -> None:
            end_with_parent()
            if os.getppid() != parent:  # it died before the line above
                os._exit(1)

        self.process = subprocess.Popen(  # noqa: S603
            self.argv, env=self.env, cwd=self.cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=end_with_the_supervisor,
        )  # fmt: skip
        self.started = time.monotonic()
        assert self.process.stdout is not None
        return self.process.stdout

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.send_signal(signal.SIGCONT)  # one that is stopped could not hear it

    def kill(self) -> None:
        """Kill the child and what it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):  # the whole group may be gone already
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Runs `commands`; one that dies is started again, later each time, and takes no other down.

    `stop_order` lists groups of names: each group is asked to stop together and ends before the next is
    asked. Lines the children print go to `say(name, line)`; `changed()` is called after every start.
    """

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stop_order: Sequence[Collection[str]] = (),
        say: Callable[[str, str], None] = lambda name, line: None,
        changed: Callable[[], None] = lambda: None,
        delays: Sequence[float] = DELAYS,
        patience: float = PATIENCE,
    ) -> None:
        self.children = {name: Child(name, argv, env, cwd) for name, argv in commands.items()}
        self.stop_order = stop_order or [set(commands)]
        self.say, self.changed, self.delays, self.patience = say, changed, delays, patience
        self._stop, self._hurry = threading.Event(), threading.Event()
        # The kernel tells a child that its parent died when the *thread* that forked it ends: one thread
        # starts them all, and ends after them.
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start every child."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the children in order, with time to finish. Returns when all are gone."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def hurry(self) -> None:
        """End the patience of a `stop` under way: kill what is left."""
        self._hurry.set()

    def pid(self, name: str) -> int | None:
        """The process of a child, or None while it waits to be started again."""
        process = self.children[name].process
        return process.pid if process is not None and process.poll() is None else None

    def pids(self) -> dict[str, int]:
        """The processes that run, by name."""
        return {name: pid for name in self.children if (pid := self.pid(name)) is not None}

    def deaths(self, name: str) -> int:
        """How often in a row it died young."""
        return self.children[name].deaths

    def _run(self) -> None:
        while not self._stop.wait(TICK):
            for child in self.children.values():
                self._look_after(child)
        for names in self.stop_order:
            self._stop_group([self.children[name] for name in names if name in self.children])

    def _look_after(self, child: Child) -> None:
        if child.has_died():
            assert child.process is not None
            code = child.process.returncode
            self._put_off(
                child, f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with {code}"
            )
        if child.process is None and time.monotonic() >= child.due:
            self._launch(child)

    def _launch(self, child: Child) -> None:
        try:
            output = child.launch()
        except (OSError, subprocess.SubprocessError) as error:
            self._put_off(child, f"cannot be started ({error})")
            return
        threading.Thread(target=self._relay, args=(child.name, output), daemon=True).start()
        self.changed()

    def _put_off(self, child: Child, what_happened: str) -> None:
        now = time.monotonic()
        if child.process is not None and now - child.started >= SETTLED:
            child.deaths = 0
        wait = self.delays[min(child.deaths, len(self.delays) - 1)]
        self.say(child.name, f"{what_happened}; starting it again in {wait:g} s")
        child.process, child.deaths, child.due = None, child.deaths + 1, now + wait

    def _relay(self, name: str, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self.say(name, line.decode(errors="replace").rstrip("\n"))

    def _stop_group(self, group: Sequence[Child]) -> None:
        for child in group:
            child.ask_to_stop()
        deadline = time.monotonic() + self.patience
        while any(child.process is not None and not child.has_died() for child in group):
            if time.monotonic() > deadline or self._hurry.is_set():
                break
            time.sleep(TICK)
        for child in group:
            child.kill()
