"""Looking at processes: a worker's children, and how many connections they hold."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from earlybird.stack import Stack


def main(stack: Stack, name: str = "dispatch") -> int:
    """The main process of a worker. Raises ProcessLookupError while it is not running."""
    pid = stack.process(name)
    if pid is None:
        raise ProcessLookupError(f"{name} is not running")
    return pid


def children(pid: int) -> Sequence[int]:
    """The processes that a process started and that still run."""
    with contextlib.suppress(FileNotFoundError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def busiest(stack: Stack) -> int:
    """The pool child of the dispatch worker that holds the most connections."""
    return max(children(main(stack)), key=sockets)


def sockets(pid: int) -> int:
    """How many sockets a process has open."""
    with contextlib.suppress(FileNotFoundError):
        links = [_target(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")]
        return sum(link.startswith("socket:") for link in links)
    return 0


def _target(link: str) -> str:
    try:
        return os.readlink(link)
    except FileNotFoundError:  # closed meanwhile
        return ""
