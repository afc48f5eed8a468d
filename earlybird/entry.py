"""How a process of EarlyBird starts: the servers it needs, and one sentence instead of a traceback."""

import io
import os
import sys

from django.core.exceptions import ImproperlyConfigured

from earlybird import embedded

# Commands that read code only; everything else may ask the database.
WITHOUT_SERVERS = {"makemigrations", "collectstatic", "spectacular", "help", "--help", "--version", "sandbox"}


def prepare() -> None:
    """Start the embedded servers where the settings use them, and stay their user until exit.

    Raises `embedded.EmbeddedError` with a sentence for whoever starts the process.
    """
    from django.conf import settings

    embedded.ensure(postgres=settings.EMBEDDED_DATABASE, redis=settings.EMBEDDED_REDIS)


def _follow_what_runs(command: list[str]) -> None:
    """Beside a `make run`, `manage.py` has the database, the provider and the API that it has, unless told otherwise.

    Else the demo's numbers would go to the real provider, and a token be made where nobody looks for it.
    """
    from earlybird.running import running

    found = running()
    if command == ["demo"]:
        os.environ.setdefault("SANDBOX", "true")
    elif found and not os.environ.get("MYOPERATOR_BASE_URL"):
        port = found["sandbox_port"]
        follow = (
            {"SANDBOX": "true", "SANDBOX_PORT": str(port)} if port else {"EARLYBIRD_REAL_DATABASE": "true"}
        )
        for name, value in (follow | {"MYOPERATOR_API": found["api"]}).items():
            os.environ.setdefault(name, value)


def _print_anything() -> None:
    """A terminal whose locale has no `…` or no `₹` shows `\\u20b9`; Python would end with an error instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def run(argv: list[str]) -> None:
    """`manage.py`: exits 1 with a sentence where a setting is wrong or a server cannot start."""
    from django.core.management import execute_from_command_line

    _print_anything()
    _follow_what_runs(argv[1:2])
    try:
        if not WITHOUT_SERVERS & set(argv[1:2] or ["help"]) and "RUN_MAIN" not in os.environ:
            prepare()
        execute_from_command_line(argv)
    except (ImproperlyConfigured, embedded.EmbeddedError) as error:
        sys.exit(f"EarlyBird cannot start: {error}")
