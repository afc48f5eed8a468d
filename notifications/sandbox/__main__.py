"""`python -m notifications.sandbox --port N …`"""

import argparse
import asyncio
import ctypes
import gc
import os
import signal
import sys

from .options import Options, add_arguments, options_from
from .server import Server

_PR_SET_PDEATHSIG = 1


async def _serve(options: Options) -> None:
    server = Server(options)
    await server.start()
    print(f"MyOperator sandbox: {server.url} (controls: {server.control_url})", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def _use_uvloop() -> None:
    try:
        import uvloop
    except ImportError:
        return
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


def _die_with_parent() -> None:
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if parent == 1 or os.getppid() != parent:
        sys.exit("the process that started the sandbox is gone")


def run(options: Options) -> None:
    """Serve until SIGINT or SIGTERM. Wrong options end it with a sentence."""
    if options.die_with_parent:
        _die_with_parent()
    _use_uvloop()
    gc.set_threshold(50_000, 20, 100)  # hundreds of thousands of kept messages are not worth searching often
    try:
        asyncio.run(_serve(options))
    except (ValueError, OSError) as error:
        sys.exit(f"The sandbox cannot start: {error}")


def main() -> None:
    parser = argparse.ArgumentParser("python -m notifications.sandbox", description="A local MyOperator.")
    add_arguments(parser)
    run(options_from(vars(parser.parse_args())))


if __name__ == "__main__":
    main()
