"""What `make run` starts, where, and what it says when it cannot. The walk test runs the real thing."""

import json
import os
import re
import shlex
import socket
import sys
from pathlib import Path

import pytest
import yaml

from earlybird import answers
from earlybird.procfile import commands
from earlybird.running import only_one, running, write_down
from earlybird.stack import STOP_ORDER, Stack, StackError

CHECKOUT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "MYOPERATOR_BASE_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("earlybird.stack.read_dotenv", lambda: None)


def test_a_procfile_command_is_filled_in_from_the_environment(tmp_path):
    procfile = tmp_path / "Procfile"
    procfile.write_text("web: serve --port ${PORT:-8000} --host ${WEB_HOST:-0.0.0.0} -n a@%h\n")
    argv = commands({"PORT": "8100", "WEB_HOST": ""}, procfile)["web"]
    assert argv == ["serve", "--port", "8100", "--host", "0.0.0.0", "-n", "a@%h"]


def test_the_children_are_run_by_this_interpreters_programs():
    argv = Stack().supervisor.children["dispatch"].argv
    assert argv[0] == str(Path(sys.executable).parent / "celery")


def test_the_web_of_a_laptop_listens_to_the_laptop_only():
    assert "127.0.0.1:8123" in Stack(port=8123).supervisor.children["web"].argv


def test_every_child_has_its_place_in_the_order_of_stopping():
    assert sorted(name for group in STOP_ORDER for name in group) == sorted(commands({}))


def test_with_a_provider_of_its_own_there_is_no_sandbox_and_no_demo_data():
    stack = Stack(env={"MYOPERATOR_BASE_URL": "https://api.example.com"})
    assert "sandbox" not in stack.supervisor.children
    assert not stack.demo_data
    assert "SANDBOX" not in stack.env


def test_the_sandbox_posts_its_receipts_to_this_stack():
    assert Stack(port=8123).env["SANDBOX_WEBHOOK_URL"] == "http://127.0.0.1:8123/webhooks/myoperator"


def test_each_embedded_server_can_be_replaced_on_its_own():
    stack = Stack(env={"REDIS_URL": "redis://elsewhere/0"})
    assert stack.embedded == {"postgres": True, "redis": False}


def test_only_the_children_asked_for_are_run():
    assert set(Stack(only=["web", "beat"]).supervisor.children) == {"web", "beat"}


@pytest.mark.parametrize(("name", "variable"), [("port", "PORT"), ("sandbox_port", "SANDBOX_PORT")])
def test_a_port_in_use_gets_a_sentence_that_names_it(name, variable):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StackError, match=rf"Port {port} .*set {variable} to another"):
            Stack(**{"port": 18999, "sandbox_port": 18998, name: port}).start()


def test_a_second_stack_in_the_same_checkout_gets_a_sentence(tmp_path):
    state = tmp_path / "stack.json"
    with only_one(state):
        write_down(Stack(port=8123), state=state)
        with pytest.raises(StackError, match=rf"already runs .*process {os.getpid()}, http://127.0.0.1:8123"):
            only_one(state).__enter__()


def test_a_running_stack_is_found_by_its_state_file(tmp_path):
    state = tmp_path / "stack.json"
    with only_one(state):
        write_down(Stack(port=8123, sandbox_port=9123), ready=True, state=state)
        found = running(state)
    assert (found["port"], found["sandbox_port"], found["ready"]) == (8123, 9123, True)


def test_the_state_file_of_a_killed_stack_is_not_believed(tmp_path):
    state = tmp_path / "stack.json"
    state.write_text(json.dumps({"pid": 1, "port": 8000}))
    state.with_suffix(".lock").touch()
    assert running(state) is None


def test_a_worker_does_not_answer_while_the_broker_is_away(tmp_path):
    assert not answers.worker("dispatch", f"redis+socket://{tmp_path}/nobody.sock")


@pytest.mark.parametrize("name", ["web", "dispatch", "jobs", "beat"])
def test_compose_runs_the_same_commands_as_the_procfile(name):
    assert shlex.split(COMPOSE["services"][name]["command"]) == commands({})[name]


def test_compose_has_every_procfile_command_but_the_sandbox():
    servers = {"postgres", "redis", "migrate"}
    assert set(COMPOSE["services"]) - servers == set(commands({})) - {"sandbox"}


def test_compose_starts_nothing_on_settings_that_a_shop_cannot_run_with():
    _, _, script = shlex.split(COMPOSE["services"]["migrate"]["command"])
    assert script == "python manage.py check --deploy && python manage.py migrate --no-input"


def test_compose_wants_a_password_for_its_database():
    wanted = r"\$\{POSTGRES_PASSWORD:\?[^}]*letters and digits only\}"
    assert re.search(wanted, COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"])
    assert re.search(wanted, COMPOSE["x-earlybird"]["environment"]["DATABASE_URL"])


def test_the_makefile_explains_every_target():
    makefile = (CHECKOUT / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1].split())
    assert targets <= set(re.findall(r"^(\w[\w-]*):.*## ", makefile, re.M))
