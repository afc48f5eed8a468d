import json
import signal
import subprocess
import sys
import time

import pytest

from notifications.sandbox.client import CHECKOUT, Sandbox, SandboxError, running

from .cast import ASHA, BILAL, call, plugged, send


def test_the_summary_counts_what_was_accepted_and_refused(sandbox):
    send(sandbox)
    send(sandbox, message="")
    summary = sandbox.summary()
    assert (summary["accepted"], summary["requests"], summary["rejected"]) == (1, 2, {"400": 1})
    assert summary["requests_by_api"] == {"send-message": 2}
    assert sum(summary["requests_per_second"].values()) == 2
    assert summary["in_flight"] == 0


def test_what_was_accepted_twice_is_told_with_examples(sandbox):
    for text in ("once", "twice", "twice"):
        send(sandbox, text=text)
    summary = sandbox.summary()
    assert summary["accepted_twice"] == 1
    assert summary["accepted_twice_examples"] == [{"phone": ASHA, "text": "twice", "times": 2}]


def test_messages_can_be_asked_for_by_phone(sandbox):
    send(sandbox, ASHA)
    send(sandbox, BILAL)
    assert [one["phone"] for one in sandbox.messages(phone=BILAL)] == [BILAL]


@pytest.mark.parametrize("form", ["+919876543210", "%2B919876543210", "919876543210"])
def test_a_phone_is_understood_in_every_form_a_query_gives_it(sandbox, form):
    send(sandbox)
    assert len(call(sandbox.url, "GET", f"/sandbox/messages?phone={form}").json) == 1


def test_messages_can_be_limited_to_the_newest(sandbox):
    for number in range(5):
        send(sandbox, text=str(number))
    assert [one["text"] for one in sandbox.messages(limit=2)] == ["3", "4"]


def test_messages_can_be_asked_for_since_a_moment(sandbox):
    send(sandbox, text="before")
    moment = sandbox.messages()[0]["accepted_at"]
    send(sandbox, text="after")
    assert [one["text"] for one in sandbox.messages(since=moment)] == ["after"]


@pytest.mark.parametrize("query", ["since=yesterday", "since=nan", "limit=many"])
def test_a_query_that_makes_no_sense_is_refused(sandbox, query):
    assert call(sandbox.url, "GET", f"/sandbox/messages?{query}").status == 400


def test_forgetting_keeps_the_settings(sandbox):
    sandbox.set(latency_ms=5)
    send(sandbox)
    sandbox.forget()
    assert sandbox.summary()["requests"] == 0
    assert sandbox.settings()["latency_ms"] == 5


def test_the_journal_holds_every_accepted_message_at_once(tmp_path):
    journal = tmp_path / "journal"
    with running(journal=str(journal)) as sandbox:
        send(sandbox, text="₹450")
        [line] = journal.read_text().splitlines()
        assert json.loads(line)["text"] == "₹450"


def test_one_kind_can_be_refused_from_the_start():
    with running(refuse="Payment received") as sandbox:
        assert send(sandbox, text="✓ Payment received! ₹450").status == 400
        assert send(sandbox).status == 200
        sandbox.reset()
        assert send(sandbox, text="✓ Payment received! ₹450").status == 400


def test_without_a_control_port_one_door_serves_all():
    with running(control_port=-1) as sandbox:
        assert sandbox.url == sandbox.control_url
        assert send(sandbox).status == 200
        with pytest.raises(SandboxError, match="--control-port"):
            sandbox.set(mode="refuse")


def test_the_control_port_sends_no_messages(sandbox):
    assert send(Sandbox(sandbox.control_url)).status == 404


@pytest.mark.parametrize(
    ("wrong", "word"), [({"begin": '{"mode": "explode"}'}, "mode"), ({"begin": "{"}, "cannot start")]
)
def test_wrong_settings_end_it_with_a_sentence(wrong, word):
    flags = [f"--{name}={value}" for name, value in wrong.items()]
    command = [sys.executable, "-m", "notifications.sandbox", "--port=0", *flags]
    ended = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=10)
    assert ended.returncode == 1
    assert word in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_that_is_taken_is_said_in_a_sentence(sandbox):
    taken = int(sandbox.url.rsplit(":", 1)[1])
    with pytest.raises(SandboxError, match="Address already in use"), running(port=taken):
        pass


def test_it_starts_without_django():
    code = "import sys, notifications.sandbox.__main__; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, timeout=20).returncode == 0


def test_it_does_not_outlive_the_process_that_started_it():
    code = (
        "from notifications.sandbox.client import running\n"
        "with running() as sandbox:\n"
        "    print(sandbox.url, flush=True)\n"
        "    input()\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, text=True, **pipes)
    sandbox = Sandbox(parent.stdout.readline().strip())
    plugged(sandbox).close()
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    assert_gone(sandbox)


def assert_gone(sandbox, timeout=5):
    end = time.monotonic() + timeout
    while listens(sandbox):
        assert time.monotonic() < end


def listens(sandbox):
    try:
        plugged(sandbox).close()
    except ConnectionRefusedError:
        return False
    except ConnectionResetError:
        return True  # it is just ending: ask again
    return True
