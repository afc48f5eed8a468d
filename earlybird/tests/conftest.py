"""The real stack, started once for the tests of this folder."""

import pytest

from earlybird.running import only_one, write_down
from earlybird.stack import Stack
from earlybird.tests.real import Walker, own_environment


@pytest.fixture(scope="package")
def walker(tmp_path_factory):
    """A stack of its own, and somebody who uses it as people do: over HTTP."""
    folder, said = tmp_path_factory.mktemp("walk"), []
    with own_environment("walk", folder) as env:
        ports = {"port": int(env["PORT"]), "sandbox_port": int(env["SANDBOX_PORT"])}
        stack = Stack(env=env, say=lambda name, line: said.append(f"{name}: {line}"), **ports)
        state = folder / "stack.json"
        try:
            with only_one(state), stack:
                write_down(stack, ready=True, state=state)
                yield Walker(stack)
        finally:
            print("\n".join(said[-50:]))
