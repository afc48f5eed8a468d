"""python -m earlybird.embedded status | stop"""

import sys

from . import pids, stop, urls


def main(words: list[str]) -> str:
    """Do what the one word says, and return what to print."""
    if words == ["stop"]:
        stop()
    if words not in (["status"], ["stop"]):
        return __doc__ or ""
    running = [f"{name} runs as process {pid}" for name, pid in pids().items()]
    return "\n".join([*(running or ["nothing runs"]), *urls()])


if __name__ == "__main__":
    print(main(sys.argv[1:]))
