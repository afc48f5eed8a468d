"""PostgreSQL and Redis for a machine that has neither: real ones, their binaries from PyPI wheels.

Every process that calls `ensure()` is a user of the servers until it ends, however it ends. A small
keeper process (`keeper.py`) runs them, restarts one that dies, and stops them after their last user.

    python -m earlybird.embedded status | stop
"""

from pathlib import Path

from .places import EmbeddedError
from .servers import Servers

__all__ = ["EmbeddedError", "Servers", "ensure", "is_kept", "pids", "stop", "urls"]

_servers = Servers(Path(__file__).resolve().parents[2])

urls = _servers.urls
ensure = _servers.ensure
stop = _servers.stop
pids = _servers.pids
is_kept = _servers.is_kept
