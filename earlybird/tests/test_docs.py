"""Every snippet of docs/api.md, run as a reader would: in order, beside the running stack."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from earlybird.tests.real import CHECKOUT

GUIDE = settings.BASE_DIR / "docs" / "api.md"
# What is refused ends the snippet, where the reader would see it; each runs on from the ones before it.
CAREFUL = 'set -euo pipefail\ncurl() { command curl --fail-with-body --max-time 20 "$@"; }\n'


def snippets(language):
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)


def run(command, script, env):
    return subprocess.run(
        [*command, script], cwd=CHECKOUT, env={**os.environ, **env}, text=True, capture_output=True,
        timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "command", "before"),
    [("bash", ["bash", "-c"], CAREFUL), ("python", [sys.executable, "-c"], "")],
)
def test_the_snippets_of_the_guide_work(walker, language, command, before):
    found = snippets(language)
    done = run(command, before + "\n".join(found), walker.stack.env)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert len(found) > 5


def test_what_the_guide_shows_as_refused_names_the_fields(walker):
    [refused] = [snippet for snippet in snippets("bash") if "12345" in snippet]
    first = snippets("bash")[0]
    done = run(["bash", "-c"], f"{first}\n{refused}", walker.stack.env)
    assert '"attr": "phone"' in done.stdout.replace('":"', '": "')
    assert '"attr": "message_type"' in done.stdout.replace('":"', '": "')
