"""`.env.example` names every setting there is, with its default, and no other."""

import ast
import re
from dataclasses import fields

import pytest
from django.conf import settings

from notifications.sandbox.options import Options

HOUSE = settings.BASE_DIR
# `# NAME=value`: a setting that is commented out shows its default. Prose has a space after its first word.
LISTED = dict(
    re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$", (HOUSE / ".env.example").read_text(), re.MULTILINE)
)
SANDBOX = {f"SANDBOX_{option.name.upper()}" for option in fields(Options)}


def settings_read() -> dict[str, ast.expr | None]:
    """Each name that settings.py reads from the environment, and its default as written there."""
    found: dict[str, ast.expr | None] = {}
    for node in ast.walk(ast.parse((HOUSE / "earlybird" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and re.fullmatch(r"env(\.\w+)?", ast.unparse(node.func)):
            name = node.args[0]
            if isinstance(name, ast.Constant):
                found[str(name.value)] = next((k.value for k in node.keywords if k.arg == "default"), None)
    return found


def shell_read() -> set[str]:
    """Each name that the Procfile and docker-compose.yml fill in: `${NAME:-default}`."""
    words = "".join((HOUSE / name).read_text() for name in ("Procfile", "docker-compose.yml"))
    return set(re.findall(r"(?<!\$)\$\{(\w+)", words))


def written(default: object) -> str:
    """A default as one writes it in a .env file."""
    if isinstance(default, list):
        return ",".join(map(str, default))
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def literal_defaults() -> dict[str, object]:
    found = {}
    for name, default in settings_read().items():
        if default is not None:
            try:
                found[name] = ast.literal_eval(default)
            except ValueError:
                continue  # depends on another setting: said in words
    return found


def test_every_setting_that_is_read_is_listed():
    assert (settings_read().keys() | shell_read()) - LISTED.keys() == set()


def test_every_setting_that_is_listed_is_read():
    assert LISTED.keys() - settings_read().keys() - shell_read() - SANDBOX == set()


@pytest.mark.parametrize(("name", "default"), literal_defaults().items())
def test_the_default_that_is_shown_is_the_default_that_holds(name, default):
    assert LISTED[name] == written(default)


def test_a_copy_of_it_changes_nothing():
    lines = (HOUSE / ".env.example").read_text().splitlines()

    assert [line for line in lines if line and not line.startswith("#")] == []
