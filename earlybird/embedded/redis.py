"""Redis, embedded: the broker. The rows are the queue, so it keeps nothing on disk."""

import signal
import socket
from typing import Any

from . import binaries
from .places import Account, Places


def url(places: Places) -> str:
    """What REDIS_URL would say, in the form Celery wants; redis-py itself calls the same `unix://<path>`."""
    return f"redis+socket://{places.sockets}/redis.sock"


def spec(places: Places, account: Account) -> dict[str, Any]:
    """How the keeper is to run it."""
    path = str(places.sockets / "redis.sock")
    options = {"port": "0", "unixsocket": path, "unixsocketperm": "700", "save": "", "appendonly": "no"}
    options |= {"maxmemory-policy": "noeviction", "daemonize": "no"}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return {
        "argv": [str(binaries.redis(places, account)), *words],
        "stale": [path],
        "stop": signal.SIGTERM,
        # Nothing to save, and a late SIGTERM would remove the socket of its successor.
        "orphan": signal.SIGKILL,
    }


def is_ready(places: Places) -> bool:
    """Whether it listens. Not whether it answers: a hanging Redis must not hang who asks."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(places.sockets / "redis.sock"))
        except OSError:
            return False
    return True
