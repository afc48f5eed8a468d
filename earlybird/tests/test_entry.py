"""`manage.py`, beside a `make run` and on terminals of all kinds."""

import io
import os
import sys

import pytest

from earlybird import entry, running

FOUND = {"pid": 1, "port": 8300, "sandbox_port": 9300, "api": "chat", "ready": True, "children": {}}


@pytest.fixture
def environment(monkeypatch):
    """An empty one beside a stack that runs."""
    found = {}
    monkeypatch.setattr(os, "environ", found)
    monkeypatch.setattr(running, "running", lambda: FOUND)
    return found


def test_a_command_speaks_to_the_sandbox_that_runs_by_its_api(environment):
    entry._follow_what_runs(["sync_templates"])

    environment.pop("PYTEST_CURRENT_TEST", None)
    assert environment == {"SANDBOX": "true", "SANDBOX_PORT": "9300", "MYOPERATOR_API": "chat"}


def test_what_the_environment_says_itself_stays(environment):
    environment["MYOPERATOR_API"] = "send-message"

    entry._follow_what_runs(["sync_templates"])

    assert environment["MYOPERATOR_API"] == "send-message"


def test_a_terminal_of_another_locale_is_written_to_all_the_same(monkeypatch):
    said = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(said, encoding="iso-8859-1", write_through=True))

    entry._print_anything()
    print("é … ₹450")

    assert said.getvalue() == b"\xe9 \\u2026 \\u20b9450\n"
