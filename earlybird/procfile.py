"""The Procfile: what runs in production, and under `make run`."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

PROCFILE = Path(__file__).resolve().parents[1] / "Procfile"


def commands(env: Mapping[str, str], procfile: Path = PROCFILE) -> dict[str, list[str]]:
    """The commands by name, `${NAME:-default}` filled in from `env`."""
    found = {}
    for line in procfile.read_text().splitlines():
        name, _, command = line.partition(":")
        filled = re.sub(r"\$\{(\w+):-([^}]*)\}", lambda match: env.get(match[1]) or match[2], command)
        found[name.strip()] = shlex.split(filled)
    return found
