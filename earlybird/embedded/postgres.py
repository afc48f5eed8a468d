"""PostgreSQL, embedded: its data folder, how it is started, when it is ready."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from . import binaries
from .places import Account, EmbeddedError, Places

USER = DATABASE = "earlybird"
# What was made for the sandbox (a demo shop, its waiting messages, its staff login) never meets a real provider.
REAL_DATABASE = "earlybird_real"


def url(places: Places, *, real: bool = False) -> str:
    """What DATABASE_URL would say, in the one form that both libpq and django-environ understand.

    `real`: for a provider that is not the sandbox.
    django-environ (0.14) keeps a host of `%2Ftmp%2F…` as it is, so the socket's folder goes in the query.
    """
    return f"postgres://{USER}@/{REAL_DATABASE if real else DATABASE}?host={places.sockets}"


def spec(places: Places, account: Account) -> dict[str, Any]:
    """How the keeper is to run it; makes the data folder first where there is none."""
    programs = binaries.postgres(places, account)
    if not places.data.exists():
        _make_data(places, account, programs)
    _refuse_other_version(places.data)
    options = [item for name, value in _settings(places).items() for item in ("-c", f"{name}={value}")]
    socket = places.sockets / ".s.PGSQL.5432"
    return {
        "argv": [str(programs / "postgres"), "-D", str(places.data), *options],
        "stale": [str(places.data / "postmaster.pid"), str(socket), f"{socket}.lock"],
        "stop": signal.SIGINT,  # "fast": roll back, write everything down, end
        "orphan": signal.SIGINT,
    }


def is_ready(places: Places) -> bool:
    """Whether it answers; a database that is missing is made here."""
    import psycopg  # only who starts the servers needs it

    where: dict[str, Any] = {"host": str(places.sockets), "user": USER, "connect_timeout": 5}
    try:
        with psycopg.connect(dbname="postgres", autocommit=True, **where) as connection:
            there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
            for name in {DATABASE, REAL_DATABASE} - there:
                connection.execute(f"CREATE DATABASE {name}")
    except psycopg.OperationalError:
        return False
    return True


def _settings(places: Places) -> dict[str, Any]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "listen_addresses": "",  # no TCP port: whoever may enter the folder may connect
        "unix_socket_directories": places.sockets,
        "unix_socket_permissions": "0700",
        "max_connections": 200,
        "shared_buffers": f"{min(256, max(64, memory // 16))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "max_wal_size": "2GB",
        "wal_compression": "on",
        "random_page_cost": 1.1,
        "jit": "off",  # our statements are short: compiling them takes longer than running them
        "fsync": "on",
        "synchronous_commit": "on",
        "autovacuum": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }


def _make_data(places: Places, account: Account, programs: Path) -> None:
    """initdb into a folder of its own, renamed when complete: a kill in between leaves nothing half."""
    _clear_leftovers(places)
    unfinished = Path(tempfile.mkdtemp(prefix="initdb-", dir=places.home))
    if os.getuid() == 0:
        os.chown(unfinished, account.uid, account.gid)
    command = [str(programs / "initdb"), "-D", str(unfinished), "-U", USER, "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8"]
    made = subprocess.run(  # noqa: S603
        command, cwd="/", env=binaries.ENV, capture_output=True, text=True, check=False, **account.popen()
    )
    if made.returncode:
        last = (made.stderr.strip() or made.stdout.strip()).splitlines()[-1:]
        raise EmbeddedError(f"PostgreSQL could not make its data folder in {places.home}: {' '.join(last)}")
    unfinished.rename(places.data)
    _clear_leftovers(places)  # again: a killed initdb's child may have written on for a moment


def _clear_leftovers(places: Places) -> None:
    for leftover in places.home.glob("initdb-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _refuse_other_version(data: Path) -> None:
    try:
        version = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise EmbeddedError(f"{data} is not a PostgreSQL data folder: move it away to start empty.") from None
    if version != binaries.POSTGRES_MAJOR:
        raise EmbeddedError(
            f"The data in {data} is of PostgreSQL {version} and this is {binaries.POSTGRES_MAJOR}: move the "
            f"folder away to start empty, or load a dump made with {version}, or set DATABASE_URL."
        )
