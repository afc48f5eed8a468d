"""`make check`: everything that can be said about the code without running it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
OPENAPI = BASE_DIR / "docs" / "openapi.yaml"
# What a production machine would have set, so that `check --deploy` finds what is wrong with the code.
PRODUCTION = {
    "DEBUG": "false",
    "SANDBOX": "false",
    "SECRET_KEY": "a-key-that-is-long-enough-and-has-0123456789-many-different-characters",
    "ALLOWED_HOSTS": "earlybird.example.com",
    "CSRF_TRUSTED_ORIGINS": "https://earlybird.example.com",
    "BEHIND_TLS": "true",
    "DATABASE_URL": "postgres://earlybird:secret@postgres/earlybird",
    "REDIS_URL": "redis://redis/0",
    "MYOPERATOR_API": "send-message",
    "MYOPERATOR_BASE_URL": "https://api.myoperator.co",
    "MYOPERATOR_API_KEY": "key",
    "MYOPERATOR_API_SECRET": "secret",
    "MYOPERATOR_ACCOUNT_ID": "account",
    "MYOPERATOR_PHONE_NUMBER": "+918000000001",
    "MYOPERATOR_COMPANY_ID": "company",
    "MYOPERATOR_PHONE_NUMBER_ID": "106540352242922",
    "MYOPERATOR_WEBHOOK_SECRETS": "a-webhook-secret-nobody-guesses-0123456789",
}


def tool(*words: str, env: dict[str, str] | None = None) -> tuple[bool, str]:
    """Run a module of this environment; returns whether it was content, and what it said."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", *words], cwd=BASE_DIR, env={**os.environ, **(env or {})}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    return done.returncode == 0, done.stdout


def manage(*words: str, env: dict[str, str] | None = None) -> tuple[bool, str]:
    """The same for a command of manage.py."""
    return tool("manage", *words, env=env)


def openapi() -> tuple[bool, str]:
    """The schema is valid, and docs/openapi.yaml is what the code says now."""
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        fine, said = manage("spectacular", "--validate", "--fail-on-warn", "--file", file.name)
        now = Path(file.name).read_text()
    if fine and (not OPENAPI.exists() or OPENAPI.read_text() != now):
        remedy = f"manage.py spectacular --file {OPENAPI.relative_to(BASE_DIR)}"
        return False, f"{OPENAPI.relative_to(BASE_DIR)} is not what the code says: run `{remedy}`."
    return fine, said


def audit() -> tuple[bool, str]:
    """No dependency has a published weakness; where no source can be reached, that is said and no failure."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        words = ["-r", "requirements.txt", "--no-deps", "--progress-spinner=off", "--timeout=10"]
        _, said = tool("pip_audit", *words, "--format=json", "--output", file.name)
        try:
            found = json.loads(Path(file.name).read_text())["dependencies"]
        except (json.JSONDecodeError, KeyError):
            return True, "nothing was audited: no advisory source can be reached from here"
    if any(package.get("vulns") for package in found):
        return False, said
    skipped = sum("skip_reason" in package for package in found)
    return (
        True,
        f"{skipped} of {len(found)} not audited: no advisory source knows them here" if skipped else "",
    )


CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "format": lambda: tool("ruff", "format", "--check", "--quiet", "."),
    "lint": lambda: tool("ruff", "check", "."),
    "types": lambda: tool("mypy"),
    "migrations": lambda: manage("makemigrations", "--check", "--dry-run"),
    "deployment": lambda: manage("check", "--deploy", "--fail-level", "WARNING", env=PRODUCTION),
    "OpenAPI": openapi,
    "dependencies": audit,
}


def main() -> int:
    """Make every check, say how each went, and return the exit code."""
    failed = 0
    for name, check in CHECKS.items():
        fine, said = check()
        failed += not fine
        print(
            f"{name:13} {'ok' if fine else 'FAILED'}{f' ({said})' if 'audited' in said else ''}", flush=True
        )
        if not fine:
            print(said, flush=True)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
