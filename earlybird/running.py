"""The one `make run` of a checkout: its lock and its state file, by which `make demo` finds it."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from earlybird.stack import BASE_DIR, Stack, StackError

# Elsewhere for a test, which must neither find nor disturb the `make run` of the checkout.
STATE = Path(os.environ.get("EARLYBIRD_STATE_FILE") or BASE_DIR / ".data" / "stack.json")


def running(state: Path = STATE) -> dict[str, Any] | None:
    """What runs in this checkout: {"pid", "port", "sandbox_port" or null, "api", "ready", "children"}, or None."""
    try:
        with state.with_suffix(".lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            found: dict[str, Any] = json.loads(state.read_text())
            return found
    return None


@contextlib.contextmanager
def only_one(state: Path = STATE) -> Iterator[None]:
    """Be the stack of this checkout. Raises StackError where another is."""
    try:
        state.parent.mkdir(exist_ok=True)
        lock = state.with_suffix(".lock").open("a")
    except OSError as error:
        raise StackError(f"The folder {state.parent} cannot be written ({error.strerror}).") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(f"EarlyBird already runs in this checkout ({_where(state)}).") from None
        try:
            yield
        finally:
            state.unlink(missing_ok=True)


def write_down(stack: Stack, *, ready: bool = False, state: Path = STATE) -> None:
    """Keep the state file true; called whenever a child was started."""
    found = {
        "pid": os.getpid(),
        "port": stack.port,
        "sandbox_port": stack.sandbox_port if stack.uses_sandbox else None,
        "api": stack.api,
        "ready": ready,
        "children": stack.supervisor.pids(),
    }
    unfinished = state.with_suffix(".new")
    unfinished.write_text(json.dumps(found))
    unfinished.replace(state)


def _where(state: Path) -> str:
    found = running(state)
    return f"process {found['pid']}, http://127.0.0.1:{found['port']}" if found else "it is just starting"
