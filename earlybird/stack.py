"""The stack of `make run`: servers, migrations, then web, workers, beat and sandbox under one supervisor.

`make demo`, `make faults` and the walk test start the same stack beside it, with ports, a database and a
broker of their own, and kill what they like of it:

    with Stack(port=8100, sandbox_port=9100, env={"DATABASE_URL": …, "REDIS_URL": …}) as stack:
        os.kill(stack.process("dispatch"), signal.SIGKILL)
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from earlybird import answers, embedded
from earlybird.environment import read_file
from earlybird.procfile import commands
from earlybird.supervisor import Supervisor

BASE_DIR = Path(__file__).resolve().parents[1]
STOP_ORDER = (["web"], ["beat"], ["dispatch", "jobs"], ["sandbox"])
READY_WITHIN = 120.0  # seconds
WORKERS = ("dispatch", "jobs")


class StackError(Exception):
    """The stack cannot run; says in one sentence why and what to do."""


def print_line(name: str, line: str) -> None:
    """How `make run` shows what a child says."""
    print(f"{name:>8} | {line}", flush=True)


class Stack:
    """One running EarlyBird. `env` is laid over this process's environment; `only` limits the children.

    The embedded servers are used for whichever of DATABASE_URL and REDIS_URL is not set; the sandbox
    runs, and demo data is made, only where MYOPERATOR_BASE_URL is not.
    """

    def __init__(
        self,
        *,
        port: int = 8000,
        sandbox_port: int = 9009,
        env: Mapping[str, str] | None = None,
        only: Collection[str] | None = None,
        demo_data: bool = True,
        say: Callable[[str, str], None] = print_line,
        changed: Callable[["Stack"], None] = lambda stack: None,
    ) -> None:
        self.port, self.sandbox_port = port, sandbox_port
        read_dotenv()
        given = {**os.environ, **(env or {})}
        self.embedded = {"postgres": not given.get("DATABASE_URL"), "redis": not given.get("REDIS_URL")}
        self.uses_sandbox = not given.get("MYOPERATOR_BASE_URL")
        self.api = given.get("MYOPERATOR_API") or "send-message"
        self.demo_data = demo_data and self.uses_sandbox
        self.env = given | self._own_env()
        self.say = say
        self.supervisor = Supervisor(
            self._commands(only), env=self.env, cwd=BASE_DIR, stop_order=STOP_ORDER, say=say,
            changed=lambda: changed(self),
        )  # fmt: skip
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    def start(self) -> None:
        """Bring everything up; returns when web, workers and sandbox answer. Raises StackError."""
        self._refuse_ports()
        self._start_servers()
        self._refuse_servers()
        self._manage("migrate", "--no-input", "--verbosity=0")
        if self.demo_data:
            self._manage("demo_data")
        self.supervisor.start()
        threading.Thread(target=self._keep_servers, daemon=True).start()
        self._wait_until_ready()
        if self.demo_data and self.api == "chat" and "sandbox" in self.supervisor.children:
            self._manage("demo_templates")

    def stop(self) -> None:
        """Stop web, beat, workers, sandbox, in that order; the servers follow their last user."""
        self._stopping.set()
        self.supervisor.stop()

    def hurry(self) -> None:
        """Kill what a `stop` under way still waits for."""
        self.supervisor.hurry()

    def process(self, name: str) -> int | None:
        """The process id of web, dispatch, jobs, beat or sandbox, or of postgres or redis where embedded."""
        return self.supervisor.pid(name) if name in self.supervisor.children else embedded.pids().get(name)

    def __enter__(self) -> "Stack":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _own_env(self) -> dict[str, str]:
        own = {"PORT": str(self.port), "SANDBOX_PORT": str(self.sandbox_port), "WEB_HOST": "127.0.0.1"}
        own |= {"PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "earlybird.settings"}
        if self.uses_sandbox:
            own |= {"SANDBOX": "true", "SANDBOX_WEBHOOK_URL": f"{self.url}/webhooks/myoperator"}
        return own

    def _commands(self, only: Collection[str] | None) -> dict[str, list[str]]:
        """The Procfile's, run by this interpreter whatever PATH says (its folder holds the scripts)."""
        programs = Path(sys.executable).parent
        wanted = commands(self.env)
        if not self.uses_sandbox:
            del wanted["sandbox"]
        return {
            name: [sys.executable if argv[0] == "python" else str(programs / argv[0]), *argv[1:]]
            for name, argv in wanted.items()
            if only is None or name in only
        }

    def _refuse_ports(self) -> None:
        ports = {"web": ("PORT", self.port), "sandbox": ("SANDBOX_PORT", self.sandbox_port)}
        wanted = dict(ports[name] for name in ports if name in self.supervisor.children)
        if trouble := answers.ports_trouble(wanted):
            raise StackError(trouble)

    def _start_servers(self) -> None:
        try:
            embedded.ensure(**self.embedded)
        except embedded.EmbeddedError as error:
            raise StackError(str(error)) from error

    def _refuse_servers(self) -> None:
        """Those that are not ours: asked once, before anything waits for them."""
        asked = {"DATABASE_URL": answers.database_trouble, "REDIS_URL": answers.broker_trouble}
        for url, trouble_with in ((self.env.get(name), asked[name]) for name in asked):
            if url and (trouble := trouble_with(url)):
                raise StackError(trouble)

    def _keep_servers(self) -> None:
        """Their keeper restarts a server that dies; should the keeper be killed, this starts another."""
        while any(self.embedded.values()) and not self._stopping.wait(2):
            if not embedded.is_kept():
                try:
                    embedded.ensure(**self.embedded)
                except embedded.EmbeddedError as error:
                    self.say("servers", str(error))

    def _manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(  # noqa: S603
            command, cwd=BASE_DIR, env=self.env, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        for line in done.stdout.splitlines():
            self.say(words[0], line)
        if done.returncode:
            last = (done.stdout.strip().splitlines() or ["no word"])[-1]
            raise StackError(f"`manage.py {words[0]}` failed: {last}")

    def _wait_until_ready(self) -> None:
        waiting = {name: self._question(name) for name in self.supervisor.children}
        deadline = time.monotonic() + READY_WITHIN
        while waiting:
            waiting = {name: ready for name, ready in waiting.items() if not ready()}
            dying = [name for name in waiting if self.supervisor.deaths(name) >= 3]
            if dying or time.monotonic() > deadline:
                names = ", ".join(dying or waiting)
                raise StackError(f"Not ready: {names} (its last words are above).")
            time.sleep(0.1)

    def _question(self, name: str) -> Callable[[], bool]:
        if name == "web":
            return lambda: answers.web(f"{self.url}/api/notifications/health")
        if name == "sandbox":
            return lambda: answers.port(self.sandbox_port)
        if name in WORKERS:
            broker = self.env.get("REDIS_URL") or embedded.urls()[1]
            return lambda: self.process(name) is not None and answers.worker(name, broker)
        return lambda: self.process(name) is not None


def read_dotenv() -> None:
    """As the settings do: what `.env` says of the provider and the servers decides what runs here."""
    read_file(BASE_DIR / ".env")
