"""What `make run` starts, where, and what it says when it cannot. The walk test runs the real thing."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError

from earlybird import answers, embedded
from earlybird.management.commands.run import refuse_wrong_settings
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
    argv = Stack(port=8123).supervisor.children["web"].argv
    assert (argv[argv.index("--host") + 1], argv[argv.index("--port") + 1]) == ("127.0.0.1", "8123")


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


@pytest.mark.parametrize(
    ("ports", "said"),
    [
        ({"PORT": 99999}, "PORT=99999 is no port"),
        ({"PORT": -1}, "PORT=-1 is no port"),
        ({"PORT": 18999, "SANDBOX_PORT": 18999}, "PORT and SANDBOX_PORT are both 18999"),
    ],
)
def test_a_port_that_cannot_be_gets_a_sentence(ports, said):
    assert answers.ports_trouble(ports).startswith(said)


@pytest.mark.parametrize(
    ("name", "url", "said"),
    [
        ("DATABASE_URL", "postgres://x:hunter2@127.0.0.1:1/z", "DATABASE_URL at 127.0.0.1:1 cannot be used"),
        ("REDIS_URL", "redis://:hunter2@127.0.0.1:1/0", "REDIS_URL at 127.0.0.1:1 cannot be used"),
        ("REDIS_URL", "foo", "REDIS_URL is no address"),
        ("REDIS_URL", "redis://:hunter2@127.0.0.1:99999/0", "REDIS_URL is no address"),
        ("REDIS_URL", "redis://127.0.0.1/zero", "REDIS_URL is no address"),
    ],
)
def test_a_server_that_is_not_there_gets_a_sentence_without_its_password(monkeypatch, name, url, said):
    monkeypatch.setattr("earlybird.stack.embedded.ensure", lambda **_: None)
    stack = Stack(env={name: url})
    with pytest.raises(StackError, match=said) as refused:
        stack._refuse_servers()
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.django_db
def test_the_servers_of_these_tests_have_no_trouble():
    database, broker = embedded.urls()
    assert answers.broker_trouble(os.environ.get("REDIS_URL") or broker) is None
    assert answers.database_trouble(os.environ.get("DATABASE_URL") or database) is None


@pytest.mark.django_db
def test_a_run_says_what_is_wrong_and_what_to_do(settings):
    settings.MYOPERATOR_API = "pigeon"
    with pytest.raises(CommandError, match=r"'pigeon' is no provider we know\. Use one of: send-message"):
        refuse_wrong_settings()


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


def test_an_environment_whose_making_was_killed_is_made_anew(tmp_path):
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").touch()
    venv.create(tmp_path / ".venv", with_pip=False)

    subprocess.run(["make", f"PYTHON={sys.executable}", ".venv/run"], cwd=tmp_path, check=True)

    assert (tmp_path / ".venv" / "run").exists()
