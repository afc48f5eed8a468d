"""One POST against peers that misbehave: in time, in its class, and nothing lost."""

import gzip
import os
import socket
import threading
import time
from itertools import chain, repeat

import pytest

from notifications.providers import connections
from notifications.providers.base import NotSent, Uncertain
from notifications.providers.transport import LARGEST_ANSWER, Transport
from notifications.tests.providers.peers import peer, polite

BODY = '{"message": "₹1"}'.encode()
GZIP = b"Content-Encoding: gzip"


@pytest.fixture
def transport():
    return Transport(4)


def post(transport, url, seconds=5.0):
    return transport.post(url, {"Content-Type": "application/json"}, BODY, seconds)


def outcome(transport, play, seconds=5.0):
    """What one POST to a peer with this play comes to: an Answer, or the failure."""
    with peer(play) as found:
        try:
            return post(transport, found.url, seconds)
        except (NotSent, Uncertain) as failure:
            return failure


def saying(data):
    """A play that answers one request with these bytes, and closes."""

    def play(visit):
        visit.read()
        visit.say(data)

    return play


def answering(*args):
    def play(visit):
        while visit.read():
            visit.answer(*args)

    return play


# --- nothing was sent


def test_a_refused_connection_is_not_sent(transport):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # not listening
        with pytest.raises(NotSent) as failure:
            post(transport, f"http://127.0.0.1:{bound.getsockname()[1]}/")

    assert failure.value.code == "ConnectionRefusedError"


def test_a_name_that_nobody_knows_is_not_sent(transport):
    with pytest.raises(NotSent) as failure:
        post(transport, "http://no-such-host.invalid/")

    assert failure.value.code == "gaierror"


def test_a_name_too_long_to_ask_for_is_not_sent(transport):
    with pytest.raises(NotSent):
        post(transport, f"http://{'a' * 70}.invalid/")


@pytest.mark.parametrize(
    "url", ["", "api.example.test/x", "ftp://api.example.test/", "http://", "http://[::1/"]
)
def test_an_address_that_is_none_is_not_sent(transport, url):
    with pytest.raises(NotSent):
        post(transport, url)


def test_a_header_that_no_wire_carries_is_not_sent(transport):
    with peer(polite) as found:
        for value in ("a\r\nX-Other: b", "चाबी"):
            with pytest.raises(NotSent):
                transport.post(found.url, {"X-API-Key": value}, BODY, 5)

        assert not found.requests


def _full_backlog():
    """A listener that lets nobody in: its queue is full, so a SYN goes unanswered."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    waiting = []
    for _ in range(3):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(server.getsockname())
        waiting.append(sock)
    return server, waiting


def test_a_connect_that_times_out_is_not_sent_and_ends_with_the_deadline(transport):
    server, waiting = _full_backlog()
    begun = time.monotonic()

    with pytest.raises(NotSent):
        post(transport, f"http://127.0.0.1:{server.getsockname()[1]}/", 0.6)

    assert time.monotonic() - begun < 1.1
    for sock in (server, *waiting):
        sock.close()


def test_many_silent_addresses_share_one_deadline(transport, monkeypatch):
    server, waiting = _full_backlog()
    address = (socket.AF_INET, socket.SOCK_STREAM, 6, "", server.getsockname())
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [address] * 4)
    begun = time.monotonic()

    with pytest.raises(NotSent):
        post(transport, "http://many.example.test/", 0.6)

    assert time.monotonic() - begun < 1.1
    for sock in (server, *waiting):
        sock.close()


def test_a_name_server_that_hangs_takes_no_more_than_the_deadline(transport, monkeypatch):
    hangs = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: hangs.wait(20) and [])
    begun = time.monotonic()

    with pytest.raises(NotSent, match="TimeoutError"):
        post(transport, "http://myoperator.example/", 0.5)
    hangs.set()

    assert time.monotonic() - begun < 2


def test_the_second_address_of_a_name_is_tried(transport, monkeypatch):
    with peer(polite) as found, socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        family = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        both = [(*family, deaf.getsockname()), (*family, ("127.0.0.1", found.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_: both)

        assert post(transport, "http://two.example.test/").status == 200


def test_a_name_server_that_answers_after_the_deadline_lets_nothing_leave(transport, monkeypatch):
    real = socket.getaddrinfo

    def late(*args):
        time.sleep(0.3)
        return real(*args)

    monkeypatch.setattr(socket, "getaddrinfo", late)
    with peer(polite) as found:
        with pytest.raises(NotSent):
            post(transport, found.url, 0.2)

        assert not found.requests


def test_no_time_left_is_not_sent(transport):
    with pytest.raises(NotSent):
        post(transport, "http://127.0.0.1:9/", -0.5)


def test_garbage_instead_of_a_tls_handshake_is_not_sent(transport):
    with peer(lambda visit: visit.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as found:
        with pytest.raises(NotSent):
            post(transport, found.url.replace("http:", "https:"))

        assert found.visits == 1


def test_a_tls_handshake_that_never_comes_ends_with_the_deadline(transport):
    begun = time.monotonic()

    with peer(lambda visit: visit.hang()) as found, pytest.raises(NotSent):
        post(transport, found.url.replace("http:", "https:"), 0.6)

    assert time.monotonic() - begun < 1.1


# --- it may have arrived


def test_a_reset_before_the_body_is_read_is_uncertain(transport):
    def play(visit):
        visit.sock.recv(1)
        visit.reset()

    assert isinstance(outcome(transport, play), Uncertain)


def test_a_reset_after_the_body_was_read_is_uncertain(transport):
    def play(visit):
        visit.read()
        visit.reset()

    assert isinstance(outcome(transport, play), Uncertain)


def test_a_close_without_an_answer_is_uncertain(transport):
    failure = outcome(transport, saying(b""))

    assert isinstance(failure, Uncertain)
    assert failure.code == "RemoteDisconnected"


@pytest.mark.parametrize(
    "play",
    [
        lambda visit: (visit.read(), visit.hang()),
        lambda visit: (visit.read(), visit.drip(b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 500)),
        lambda visit: (
            visit.read(),
            visit.say(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
            visit.drip(b" " * 500),
        ),
        lambda visit: (
            visit.read(),
            visit.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            visit.drip(b"1\r\nx\r\n" * 100),
        ),
        lambda visit: [visit.read(), *map(visit.drip, repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 20))],
    ],
    ids=["silence", "drops in the head", "drops in the body", "drops in chunks", "continue for ever"],
)
def test_the_deadline_holds_whatever_the_peer_does(transport, play):
    begun = time.monotonic()

    failure = outcome(transport, play, 0.6)

    assert isinstance(failure, Uncertain)
    assert failure.code == "timeout"
    assert time.monotonic() - begun < 1.1


def test_a_head_that_the_deadline_cut_is_marked(transport):
    def play(visit):
        visit.read()
        visit.say(b"HTTP/1.1 200 OK\r\nX-A: 1\r\n")
        visit.drip(b"X-Padding: 1\r\n" * 50)

    answer = outcome(transport, play, 0.6)

    assert answer.code == "timeout" if isinstance(answer, Uncertain) else answer.overdue


def test_a_peer_that_does_not_read_holds_nobody_past_the_deadline(transport):
    begun = time.monotonic()

    with peer(lambda visit: visit.hang()) as found, pytest.raises(Uncertain):
        transport.post(found.url, {}, b"x" * 20_000_000, 0.6)

    assert time.monotonic() - begun < 1.1


@pytest.mark.parametrize(
    "answer",
    [
        b"\x00\x01\x02garbage\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 20",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b<x",
        b"HTTP/1.1 200 OK\r\n" + b"X-Flood: 1\r\n" * 5000 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n{}",
    ],
    ids=lambda answer: repr(answer[:60]),
)
def test_an_answer_that_cannot_be_read_is_uncertain(transport, answer):
    assert isinstance(outcome(transport, saying(answer)), Uncertain)


# --- answers


def test_the_body_arrives_byte_by_byte_as_it_was_given(transport):
    with peer(polite) as found:
        post(transport, found.url)

        assert found.requests == [BODY]


def test_an_answer_of_ten_megabytes_is_capped(transport):
    def play(visit):
        visit.read()
        visit.answer(b" " * 10_000_000)

    answer = outcome(transport, play)

    assert len(answer.body) == LARGEST_ANSWER + 1
    assert not answer.whole


def test_an_answer_of_exactly_the_most_is_whole(transport):
    assert outcome(transport, answering(b" " * LARGEST_ANSWER)).whole


def test_a_gzip_bomb_is_capped(transport):
    bomb = gzip.compress(b"\x00" * 50_000_000)

    answer = outcome(transport, answering(bomb, b"200 OK", GZIP))

    assert len(answer.body) <= LARGEST_ANSWER + 1
    assert not answer.whole


def test_an_answer_in_gzip_is_read_though_nobody_asked_for_it(transport):
    answer = outcome(transport, answering(gzip.compress(b"{}"), b"200 OK", GZIP))

    assert (answer.body, answer.whole) == (b"{}", True)


def test_a_chunked_answer_is_read_and_its_connection_kept(transport):
    def play(visit):
        while visit.read():
            visit.say(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\nX: y\r\n\r\n"
            )

    with peer(play) as found:
        assert [post(transport, found.url).body for _ in range(3)] == [b"{}"] * 3
        assert found.visits == 1


def test_an_answer_without_a_length_ends_with_the_connection(transport):
    assert outcome(transport, saying(b"HTTP/1.1 200 OK\r\n\r\n{}")).body == b"{}"


def test_an_answer_of_http_1_0_is_read(transport):
    assert outcome(transport, saying(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}")).body == b"{}"


def test_a_204_is_empty_and_its_connection_kept(transport):
    def play(visit):
        while visit.read():
            visit.say(b"HTTP/1.1 204 No Content\r\n\r\n")

    with peer(play) as found:
        assert [post(transport, found.url).status for _ in range(3)] == [204] * 3
        assert found.visits == 1


def test_a_100_continue_is_passed_over(transport):
    answer = outcome(
        transport, saying(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    )

    assert (answer.status, answer.body) == (200, b"{}")


def test_what_follows_an_early_hint_never_answers_the_next_request(transport):
    def play(visit):
        visit.read()
        visit.say(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        visit.peer.over.wait(0.2)
        visit.answer(b'{"message_id": "of the first"}')
        visit.read()
        visit.answer(b'{"message_id": "of the second"}')

    with peer(play) as found:
        assert b"first" in post(transport, found.url).body
        assert b"second" in post(transport, found.url).body
        assert found.visits == 1


def test_hints_before_an_answer_are_passed_over_and_the_connection_kept(transport):
    def play(visit):
        while visit.read():
            visit.say(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            visit.answer(b"{}")

    with peer(play) as found:
        assert [post(transport, found.url).status for _ in range(3)] == [200] * 3
        assert found.visits == 1


def test_a_switch_of_protocols_is_an_answer_and_its_connection_is_closed(transport):
    def play(visit):
        visit.read()
        visit.say(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        visit.hang()

    assert outcome(transport, play).status == 101


def test_a_redirect_is_an_answer_and_its_body_is_not_swallowed(transport):
    def play(visit):
        visit.read()
        visit.answer(b" " * 1_000_000, b"307 Temporary Redirect", b"Location: http://127.0.0.1:9/")

    answer = outcome(transport, play)

    assert answer.status == 307
    assert len(answer.body) <= LARGEST_ANSWER + 1


def test_headers_with_bytes_that_are_no_text_are_read(transport):
    answer = outcome(transport, answering(b"{}", b"429 \xff\xfe", b"Retry-After: \xe0\xa4", b"X-A: 1"))

    assert answer.status == 429
    assert answer.headers["x-a"] == "1"


def test_cookies_are_not_kept(transport):
    heads = []

    def play(visit):
        while head := visit.read():
            heads.append(head)
            visit.answer(b"{}", b"200 OK", b"Set-Cookie: a=b")

    with peer(play) as found:
        post(transport, found.url)
        post(transport, found.url)

    assert b"cookie" not in heads[1].lower()


# --- connections


def test_a_connection_is_used_again(transport):
    with peer(polite) as found:
        for _ in range(5):
            post(transport, found.url)

        assert (found.visits, len(found.requests)) == (1, 5)


def test_a_connection_idle_for_longer_than_allowed_is_not_used_again(transport, monkeypatch):
    with peer(polite) as found:
        post(transport, found.url)
        monkeypatch.setattr(connections, "IDLE_SECONDS", -1.0)
        post(transport, found.url)

        assert found.visits == 2


def test_a_fresh_connection_is_not_taken_for_an_idle_one(transport, monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda real=time.monotonic: real() + 100_000)

    with peer(polite) as found:
        connection = transport.adapter.poolmanager.connection_from_url(found.url)._new_conn()
        connection.connect()

        assert time.monotonic() - connection.last_used < connections.IDLE_SECONDS
        connection.close()


def test_a_connection_that_the_peer_closed_is_replaced_without_a_failure(transport):
    left = threading.Event()

    def once(visit):
        visit.read()
        visit.answer()
        visit.sock.close()
        left.set()

    with peer(once) as found:
        post(transport, found.url)
        assert left.wait(2)

        assert post(transport, found.url).status == 200


def test_proxies_of_the_environment_are_ignored(transport, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with peer(polite) as found:
        assert post(transport, found.url).status == 200


def test_credentials_of_a_netrc_are_ignored(transport, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    heads = []

    def play(visit):
        heads.append(visit.read())
        visit.answer()

    outcome(transport, play)

    assert b"authorization" not in heads[0].lower()


def _open_files():
    return len(os.listdir("/proc/self/fd"))


def test_two_hundred_failures_lose_no_thread_no_file_and_no_place_in_the_pool(transport):
    plays = [
        lambda visit: visit.reset(),
        lambda visit: (visit.read(), visit.reset()),
        lambda visit: (visit.read(), visit.say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")),
        lambda visit: (visit.read(), visit.answer(b" " * 100_000)),
        lambda visit: (visit.read(), visit.say(b"garbage\r\n\r\n")),
        lambda visit: (visit.read(), visit.say(b"HTTP/1.1 103 Early Hints\r\n\r\n")),
    ]
    with peer(polite) as found:
        post(transport, found.url)
        files, ours = _open_files(), sum(t.name == "deadline" for t in threading.enumerate())
        for play in chain.from_iterable(repeat(plays, 34)):
            found.play = play
            try:
                post(transport, found.url)
            except (NotSent, Uncertain):
                continue
        found.play = polite
        before = found.visits
        assert [post(transport, found.url).status for _ in range(8)] == [200] * 8
        assert found.visits <= before + 1
        assert sum(t.name == "deadline" for t in threading.enumerate()) == ours
        _until(lambda: _open_files() <= files + 2)
        assert len(transport.watchdog.calls) == 0


def _until(true):
    ends = time.monotonic() + 2
    while not true() and time.monotonic() < ends:
        time.sleep(0.01)
    assert true()


def test_more_threads_than_places_are_all_served(transport):
    with peer(polite) as found:
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(post(transport, found.url).status))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)

    assert answers == [200] * 20


def test_the_watchdog_sees_a_call_that_came_while_it_went_to_sleep(transport):
    """Many short calls apart, then a hanging one: each time the watchdog is somewhere else in its round."""
    with peer(polite) as found:
        for pause in (0.0, 0.05, 0.1, 0.11):
            post(transport, found.url)
            time.sleep(pause)
        found.play = lambda visit: (visit.read(), visit.hang())
        transport.adapter.poolmanager.clear()
        transport.adapter._pools.clear()
        begun = time.monotonic()
        with pytest.raises(Uncertain):
            post(transport, found.url, 0.3)

    assert time.monotonic() - begun < 0.8
