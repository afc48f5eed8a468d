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


def run(argv: list[str]) -> None:
    """`manage.py`: exits 1 with a sentence where a setting is wrong or a server cannot start."""
    from django.core.management import execute_from_command_line

    if argv[1:2] == ["demo"]:
        os.environ.setdefault(
            "SANDBOX", "true"
        )  # its provider is the sandbox, unless the address says otherwise
    try:
        if not WITHOUT_SERVERS & set(argv[1:2] or ["help"]) and "RUN_MAIN" not in os.environ:
            prepare()
        execute_from_command_line(argv)
    except (ImproperlyConfigured, embedded.EmbeddedError) as error:
        sys.exit(f"EarlyBird cannot start: {error}")
