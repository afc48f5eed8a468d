"""Where the embedded servers live, and as whom they run."""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCOUNT = "earlybird-db"


class EmbeddedError(Exception):
    """The embedded servers cannot be had; says in one sentence why and what to do."""


@dataclass(frozen=True)
class Account:
    """The system user a server runs as."""

    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that make a child run as this account (nothing to do unless root)."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.getuid() == 0 else {}


@dataclass(frozen=True)
class Places:
    """The folders of one checkout. Computed, nothing is created.

    `home` holds data, locks and logs; `sockets` is short, for a socket's path must stay below 107 bytes
    however deep the checkout is. The same checkout used by two people gives each their own.
    """

    root: Path

    @property
    def key(self) -> str:
        return hashlib.sha256(os.fsencode(self.root.resolve())).hexdigest()[:12]

    @property
    def home(self) -> Path:
        # PostgreSQL refuses to run as root, and another user could not enter a checkout below /root.
        return Path("/var/lib/earlybird", self.key) if os.getuid() == 0 else self.root / ".data" / "servers"

    @property
    def sockets(self) -> Path:
        # Always /tmp, not TMPDIR: every process of the checkout must find the same place.
        return Path(f"/tmp/earlybird-{os.getuid()}-{self.key}")  # noqa: S108 (`own_sockets` makes it safe)

    @property
    def data(self) -> Path:
        return self.home / "postgres"


def make_home(places: Places) -> None:
    """Create `home`: for root open to enter (the account's data folder is in it), else private."""
    try:
        places.home.mkdir(parents=True, exist_ok=True, mode=0o755 if os.getuid() == 0 else 0o700)
        if os.getuid() == 0:
            for folder in (places.home.parent, places.home):
                folder.chmod(0o755)  # a umask of 077 would lock the account out
        tempfile.TemporaryFile(dir=places.home).close()
    except OSError as error:
        raise EmbeddedError(
            f"The folder {places.home} cannot be written ({error.strerror}): give it to this user, "
            "or set DATABASE_URL and REDIS_URL."
        ) from error


def own_sockets(places: Places, account: Account) -> None:
    """Create the private folder of the sockets, or refuse one that somebody else put there."""
    try:
        places.sockets.mkdir(mode=0o700)
    except FileExistsError:
        pass  # looked at below
    except OSError as error:
        raise EmbeddedError(
            f"The folder {places.sockets} cannot be made ({error.strerror}): let this user write to "
            f"{places.sockets.parent}, or set DATABASE_URL and REDIS_URL."
        ) from error
    found = places.sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), account.uid}:
        raise EmbeddedError(
            f"{places.sockets} belongs to somebody else, and the servers' sockets must be private: remove it."
        )
    if os.getuid() == 0:
        os.chown(places.sockets, account.uid, account.gid, follow_symlinks=False)
    places.sockets.chmod(0o700)


def account_for(places: Places) -> Account:
    """As whom the servers run: ourselves, or for root an account of their own (else `nobody`)."""
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid())
    if places.data.exists():  # whoever made the data keeps it
        owner = places.data.stat()
        return Account(owner.st_uid, owner.st_gid)
    return _look_up(ACCOUNT) or _make_account() or _look_up("nobody") or Account(65534, 65534)


def _look_up(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _make_account() -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd:
        options = ["--system", "--no-create-home", "--home-dir", "/nonexistent"]
        shell = ["--shell", "/usr/sbin/nologin", ACCOUNT]
        subprocess.run([useradd, *options, *shell], capture_output=True, check=False)  # noqa: S603
    return _look_up(ACCOUNT)
