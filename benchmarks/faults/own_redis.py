"""A Redis of the faults' own, to be stopped, hung and emptied without disturbing anybody."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from benchmarks.faults.rows import wait_until
from earlybird.embedded import binaries, places


class OwnRedis:
    """A redis-server on a socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.log = folder / "redis.log"
        self.process: subprocess.Popen[bytes] | None = None
        home = places.Places(Path(__file__).resolve().parents[2])
        self.program = binaries.redis(home, places.account_for(home))

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        """Start it empty, as an ordinary Redis without a disk is after a restart."""
        options = ("--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([str(self.program), *options], stdout=log, stderr=log)  # noqa: S603
        wait_until("Redis answers", self._answers, 10, 0.01)

    def stop(self) -> None:
        if self.process is not None:
            self._signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def hang(self) -> None:
        """It keeps its connections and answers nobody."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def flush(self) -> None:
        """FLUSHALL: everything in it is gone, the connections stay."""
        self._ask(b"FLUSHALL\r\n")

    def _signal(self, number: int) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)

    def _answers(self) -> bool:
        try:
            return self._ask(b"PING\r\n").startswith(b"+PONG")
        except OSError:
            return False

    def _ask(self, words: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(5)
            caller.connect(str(self.socket))
            caller.sendall(words)
            return caller.recv(100)
