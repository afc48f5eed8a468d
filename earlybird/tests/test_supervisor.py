"""The supervisor of `make run`, with tiny commands in place of the real ones."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from earlybird.procfile import commands
from earlybird.supervisor import Supervisor
from earlybird.tests.real import free_port
from earlybird.tests.test_embedded import is_gone, until

CHECKOUT = Path(__file__).resolve().parents[2]
SLEEP = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP


def python(code):
    return [sys.executable, "-S", "-c", code]


@pytest.fixture
def supervise(tmp_path):
    made = []

    def make(commands, **options):
        lines = []
        supervisor = Supervisor(
            {name: python(code) for name, code in commands.items()},
            env=os.environ, cwd=tmp_path, say=lambda name, line: lines.append((name, line)), **options,
        )  # fmt: skip
        supervisor.lines = lines
        made.append(supervisor)
        supervisor.start()
        return supervisor

    yield make
    for supervisor in made:
        supervisor.hurry()
        supervisor.stop()


def up(supervisor, *names):
    return until(lambda: all((name, "up") in supervisor.lines for name in names))


def test_a_child_that_dies_is_started_again_and_the_others_go_on(supervise):
    supervisor = supervise({"one": SLEEP, "two": SLEEP}, delays=[0.05])
    assert up(supervisor, "one", "two")
    before = supervisor.pids()
    os.kill(before["one"], signal.SIGKILL)
    assert until(lambda: supervisor.pid("one") not in (None, before["one"]))
    assert supervisor.pid("two") == before["two"]
    assert ("one", "was killed (SIGKILL); starting it again in 0.05 s") in supervisor.lines


def test_one_that_keeps_dying_waits_longer_each_time(supervise):
    supervisor = supervise({"one": "raise SystemExit(3)"}, delays=[0.01, 0.02, 0.04])
    assert until(lambda: len(supervisor.lines) >= 4)
    waits = [line.rsplit(" in ")[1] for _, line in supervisor.lines]
    assert waits[:4] == ["0.01 s", "0.02 s", "0.04 s", "0.04 s"]


def test_one_that_lived_long_starts_over_with_the_shortest_wait(supervise, monkeypatch):
    monkeypatch.setattr("earlybird.supervisor.SETTLED", 0.0)
    supervisor = supervise({"one": "raise SystemExit(3)"}, delays=[0.01, 9.0])
    assert until(lambda: len(supervisor.lines) >= 3)


def test_groups_stop_in_order_each_after_the_one_before(supervise, tmp_path):
    code = """
import signal, sys, time
def end(*_):
    time.sleep(0.1)
    open("ended", "a").write("{0} ")
    sys.exit()
signal.signal(signal.SIGTERM, end)
""" + SLEEP  # fmt: skip
    names = ["sandbox", "jobs", "web", "beat"]
    order = [["web"], ["beat"], ["jobs"], ["sandbox"]]
    supervisor = supervise({name: code.replace("{0}", name) for name in names}, stop_order=order)
    assert up(supervisor, *names)
    supervisor.stop()
    assert (tmp_path / "ended").read_text() == "web beat jobs sandbox "


def test_one_that_does_not_stop_in_time_is_killed_with_what_it_started(supervise, tmp_path):
    started = "import subprocess, sys; print(subprocess.Popen(['sleep', '600']).pid)"
    code = f"{started}; {STUBBORN}"
    supervisor = supervise({"one": code}, patience=0.2)
    assert up(supervisor, "one")
    grandchild = int(supervisor.lines[0][1])
    supervisor.stop()
    assert until(lambda: is_gone(grandchild))


def test_a_second_word_ends_the_patience(supervise):
    supervisor = supervise({"one": STUBBORN}, patience=600)
    assert up(supervisor, "one")
    threading.Timer(0.2, supervisor.hurry).start()
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began < 5


def test_a_stopped_child_hears_that_it_is_to_end(supervise):
    supervisor = supervise({"one": SLEEP}, patience=600)
    assert up(supervisor, "one")
    os.kill(supervisor.pid("one"), signal.SIGSTOP)
    supervisor.stop()
    assert supervisor.pids() == {}


def test_each_child_has_a_session_of_its_own(supervise):
    supervisor = supervise({"one": SLEEP})
    assert up(supervisor, "one")
    assert os.getsid(supervisor.pid("one")) == supervisor.pid("one")


def test_a_supervisor_that_is_killed_takes_its_children_along():
    code = f"""
import os, sys, time, types
sys.path.insert(0, {str(CHECKOUT)!r})
package = types.ModuleType("earlybird")
package.__path__ = [{str(CHECKOUT / "earlybird")!r}]
sys.modules["earlybird"] = package
from pathlib import Path
from earlybird.procfile import commands
from earlybird.supervisor import Supervisor
from earlybird.tests.real import free_port
supervisor = Supervisor({{"one": [sys.executable, "-c", {SLEEP!r}]}}, env=os.environ, cwd=Path("/"))
supervisor.start()
while not supervisor.pids(): time.sleep(0.01)
print(supervisor.pid("one"), flush=True)
time.sleep(600)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(process.stdout.readline())
    process.kill()
    process.communicate()
    assert until(lambda: is_gone(child))


def test_a_program_that_is_missing_is_tried_again_and_stops_nothing_else(tmp_path):
    lines = []
    commands = {"one": ["/no/such/program"], "two": python(SLEEP)}
    supervisor = Supervisor(
        commands, env=os.environ, cwd=tmp_path, say=lambda *line: lines.append(line), delays=[0.01]
    )
    supervisor.start()
    assert until(lambda: supervisor.deaths("one") >= 2 and ("two", "up") in lines)
    supervisor.stop()


def test_the_workers_of_a_web_server_that_is_killed_end_with_it(tmp_path):
    (tmp_path / "shop.py").write_text(
        "import os, pathlib\n"
        "from earlybird.supervisor import end_with_parent\n"
        "end_with_parent()\n"
        "pathlib.Path(os.environ['PIDS'], str(os.getpid())).touch()\n"
        "application = None\n"
    )
    pids = tmp_path / "pids"
    pids.mkdir()
    path = f"{tmp_path}{os.pathsep}{CHECKOUT}"
    env = {
        **os.environ,
        "PYTHONPATH": path,
        "PIDS": str(pids),
        "PORT": str(free_port()),
        "WEB_HOST": "127.0.0.1",
    }
    program, _, *options = commands(env)["web"]
    server = subprocess.Popen(
        [str(Path(sys.executable).parent / program), "shop:application", *options], env=env
    )
    try:
        assert until(lambda: len(list(pids.iterdir())) == 2)
    finally:
        server.kill()
        server.wait()
    assert until(lambda: all(is_gone(int(found.name)) for found in pids.iterdir()))
