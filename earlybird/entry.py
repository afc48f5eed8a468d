"""How a process of EarlyBird starts: the servers it needs, and one sentence instead of a traceback."""

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


def _use_the_sandbox_that_runs(command: list[str]) -> None:
    """Beside a `make run`, `manage.py` has the provider it has: else its demo's numbers would go to the real one."""
    from earlybird.running import running

    found = running()
    if command == ["demo"]:
        os.environ.setdefault("SANDBOX", "true")
    elif found and found["sandbox_port"] and "MYOPERATOR_BASE_URL" not in os.environ:
        os.environ.setdefault("SANDBOX", "true")
        os.environ.setdefault("SANDBOX_PORT", str(found["sandbox_port"]))


def run(argv: list[str]) -> None:
    """`manage.py`: exits 1 with a sentence where a setting is wrong or a server cannot start."""
    from django.core.management import execute_from_command_line

    _use_the_sandbox_that_runs(argv[1:2])
    try:
        if not WITHOUT_SERVERS & set(argv[1:2] or ["help"]) and "RUN_MAIN" not in os.environ:
            prepare()
        execute_from_command_line(argv)
    except (ImproperlyConfigured, embedded.EmbeddedError) as error:
        sys.exit(f"EarlyBird cannot start: {error}")
