import http.client
import json
import threading

import pytest

from notifications.sandbox.client import SandboxError
from notifications.sandbox.plays import FAILS_LATER, MAGIC_NUMBERS, PLAYS

from .cast import ASHA, BILAL, call, chat, plugged, request_bytes, samples, send, wait_until

IN_WORDS = {
    "redirect": 302,
    "400": 400,
    "wallet": 400,
    "CHAT_0302": 400,
    "CHAT_0303": 400,
    "CHAT_0304": 400,
    "401": 401,
    "403": 403,
    "403_deny": 403,
    "404": 404,
    "429": 429,
    "500": 500,
    "gateway_down": 500,
    "html_502": 502,
    "503": 503,
    "504": 504,
}


def everything(peer):
    data = b""
    while part := peer.recv(1 << 20):
        data += part
    return data


@pytest.mark.parametrize(("mode", "status"), IN_WORDS.items())
def test_a_refusal_has_its_status_and_accepts_nothing(sandbox, mode, status):
    sandbox.set(mode=mode)
    assert send(sandbox).status == status
    assert sandbox.summary()["rejected"] == {mode: 1}
    assert sandbox.messages() == []


@pytest.mark.parametrize(
    ("mode", "name"), [("wallet", "send_wallet_empty"), ("gateway_down", "gateway_down_500")]
)
def test_a_refusal_has_the_words_of_the_sample(sandbox, mode, name):
    sandbox.set(mode=mode)
    assert send(sandbox).json == json.loads((samples() / f"{name}.json").read_text())


def test_a_gateway_that_is_down_says_so_in_its_header(sandbox):
    sandbox.set(mode="gateway_down")
    assert send(sandbox).headers["x-amzn-ErrorType"] == "AuthorizerConfigurationException"


@pytest.mark.parametrize("wait", ["2", "-1", "1000000000", "Wed, 21 Oct 2026 07:28:00 GMT", None])
def test_too_fast_names_the_wait_it_was_told_to(sandbox, wait):
    sandbox.set(mode="429", retry_after=wait)
    assert send(sandbox).headers["Retry-After"] == wait


@pytest.mark.parametrize(("mode", "kept"), [("reset_before_body", 0), ("reset_after_body", 1)])
def test_a_reset_cuts_the_connection_without_an_answer(sandbox, mode, kept):
    sandbox.set(mode=mode)
    with pytest.raises(ConnectionResetError):
        send(sandbox)
    assert len(sandbox.messages()) == kept


def test_a_hanging_provider_never_answers_and_keeps_nothing(sandbox):
    sandbox.set(mode="hang")
    with pytest.raises(TimeoutError):
        send(sandbox, timeout=0.3)
    assert sandbox.messages() == []


def test_a_hang_is_in_flight_until_the_caller_gives_up(sandbox):
    sandbox.set(mode="hang")
    with plugged(sandbox) as peer:
        peer.sendall(request_bytes())
        wait_until(lambda: sandbox.summary()["in_flight"] == 1)
    wait_until(lambda: sandbox.summary()["in_flight"] == 0)


def test_dripping_headers_come_one_byte_at_a_time(sandbox):
    sandbox.set(mode="drip_headers", drip_seconds=0.05)
    with plugged(sandbox) as peer:
        peer.sendall(request_bytes())
        assert [peer.recv(100) for _ in range(4)] == [b"H", b"T", b"T", b"P"]
    assert len(sandbox.messages()) == 1


def test_a_dripping_body_follows_whole_headers(sandbox):
    sandbox.set(mode="drip_body", drip_seconds=0.05)
    with plugged(sandbox) as peer:
        peer.sendall(request_bytes())
        assert peer.recv(10_000).endswith(b"\r\n\r\n")
        assert [peer.recv(100) for _ in range(3)] == [b"{", b'"', b"s"]


def test_a_dripping_answer_ends_well_for_who_is_patient(sandbox):
    sandbox.set(mode="drip_body", drip_seconds=0.0005)
    assert send(sandbox).json["status"] == "success"


def test_a_huge_answer_is_ten_megabytes_of_json(sandbox):
    sandbox.set(mode="huge")
    heard = send(sandbox)
    assert len(heard.raw) > 10_000_000
    assert heard.json["status"] == "success"


def test_a_huge_answer_goes_only_as_fast_as_it_is_read(sandbox):
    sandbox.set(mode="huge")
    with plugged(sandbox) as peer:
        peer.sendall(request_bytes().replace(b"Host: x", b"Connection: close"))
        assert call(sandbox.control_url, "GET", "/sandbox/summary").status == 200
        assert len(everything(peer)) > 10_000_000


def test_a_garbled_yes_is_kept_and_cannot_be_read(sandbox):
    sandbox.set(mode="garbage_200")
    heard = send(sandbox)
    assert heard.status == 200
    with pytest.raises(ValueError, match=r"codec|Expecting"):
        json.loads(heard.raw)
    assert len(sandbox.messages()) == 1


def test_one_id_for_every_message(sandbox):
    sandbox.set(mode="same_id")
    ids = {send(sandbox, text=text).json["data"]["message_id"] for text in ("one", "two")}
    assert len(ids) == 1
    assert len(sandbox.messages()) == 2


def test_refusing_closes_the_door_but_not_the_controls(sandbox):
    sandbox.set(mode="refuse")
    wait_until(lambda: is_refused(sandbox))
    assert sandbox.summary()["requests"] == 0
    sandbox.set(mode="ok")
    wait_until(lambda: not is_refused(sandbox))
    assert send(sandbox).status == 200


def is_refused(sandbox):
    try:
        plugged(sandbox).close()
    except ConnectionRefusedError:
        return True
    return False


def test_refusing_ends_connections_that_were_kept_alive(sandbox):
    with plugged(sandbox) as peer:
        peer.sendall(request_bytes())
        peer.recv(65536)
        sandbox.set(mode="refuse")
        assert peer.recv(1) == b""


def test_refusing_lets_the_answer_under_way_go_out(sandbox):
    sandbox.set(latency_ms=200)
    heard = []
    sender = threading.Thread(target=lambda: heard.append(send(sandbox)))
    sender.start()
    wait_until(lambda: sandbox.summary()["in_flight"] == 1)
    sandbox.set(mode="refuse")
    sender.join()
    assert heard[0].status == 200


def test_a_play_can_be_told_to_keep_what_it_does_not_admit(sandbox):
    sandbox.set(mode="504", record=True)
    assert send(sandbox).status == 504
    assert len(sandbox.messages()) == 1


def test_a_rule_takes_only_what_it_matches(sandbox):
    sandbox.set(
        fail=[
            {"match": {"text_contains": "#77", "phone_suffix": "3210", "api": "send-message"}, "play": "500"}
        ]
    )
    assert send(sandbox, text="Order #77").status == 500
    assert send(sandbox, text="Order #78").status == 200
    assert send(sandbox, BILAL, "Order #77").status == 200
    assert chat(sandbox).status == 200


def test_a_rule_wears_off_after_its_times(sandbox):
    sandbox.set(fail=[{"play": "503", "times": 2}])
    assert [send(sandbox).status for _ in range(3)] == [503, 503, 200]


def test_a_rule_can_fail_the_first_tries_of_each_message(sandbox):
    sandbox.set(fail=[{"match": {"first_n": 1}, "play": "500"}])
    assert [send(sandbox, phone).status for phone in (ASHA, BILAL, ASHA, BILAL)] == [500, 500, 200, 200]


def test_a_rule_goes_before_the_mode(sandbox):
    sandbox.set(mode="500", fail=[{"match": {"text_contains": "milk"}, "play": "ok"}])
    assert send(sandbox, text="milk").status == 200
    assert send(sandbox, text="bread").status == 500


@pytest.mark.parametrize(("ending", "play"), [item for item in MAGIC_NUMBERS.items() if item[1] != "hang"])
def test_a_magic_number_is_answered_as_the_table_says(sandbox, ending, play):
    assert send(sandbox, f"+91987650{ending}").status == PLAYS[play].status


@pytest.mark.parametrize("ending", FAILS_LATER)
def test_a_number_that_fails_later_is_accepted_first(sandbox, ending):
    assert send(sandbox, f"+91987650{ending}").status == 200


def test_magic_can_be_switched_off(sandbox):
    sandbox.set(magic=False)
    assert send(sandbox, "+919876500429").status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "explode"},
        {"mode": None},
        {"mode": []},
        {"latency_ms": -1},
        {"latency_ms": "fast"},
        {"webhooks": "yes"},
        {"receipts": "sometimes"},
        {"receipt_delays": {"eaten": 1}},
        {"fail": {}},
        {"fail": [{"play": "refuse"}]},
        {"fail": [{"play": "500", "match": {"first_n": "2"}}]},
        {"fail": [{"play": "500", "times": 1.5}]},
        {"fail": [{"play": "meta"}]},
        {"fail": [{"play": "meta", "code": "131049"}]},
        {"meta_code": -1},
        {"window": "ajar"},
        {"forged": 1.5},
        {"plus": True},
        {"fraction_digits": 10},
        {"failure_in": "nowhere"},
        {"auth": "signature"},
        {"retry_speed": 0},
        {"colour": "red"},
    ],
)
def test_a_wrong_setting_is_named_and_changes_nothing(sandbox, wrong):
    before = sandbox.settings()
    with pytest.raises(SandboxError, match=next(iter(wrong))):
        sandbox.set(**{"jitter_ms": 7, **wrong})
    assert sandbox.settings() == before


def test_a_fault_ends_with_the_reset(sandbox):
    sandbox.set(mode="401")
    sandbox.reset()
    assert send(sandbox).status == 200


def test_resetting_leaves_no_connection_in_a_bad_state(sandbox):
    sandbox.set(fail=[{"play": "html_502", "times": 1}])
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"))
    for expected in (502, 200):
        head, _, body = request_bytes().partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        connection.request("POST", "/whatsapp/send-message", body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == expected
    connection.close()
