"""A process that is asked by a line, and answers with the milliseconds of each thing it did."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator

from benchmarks.setting import CHECKOUT

Ask = Callable[[str], list[float]]


@contextlib.contextmanager
def answering(module: str, env: dict[str, str]) -> Iterator[Ask]:
    """Start the module as a process of its own; what is asked of it goes to its input, line by line."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module], cwd=CHECKOUT, env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None

    def ask(line: str) -> list[float]:
        print(line, file=process.stdin, flush=True)
        return json.loads(process.stdout.readline())  # type: ignore[union-attr]

    try:
        yield ask
    finally:
        process.terminate()
        process.communicate()
