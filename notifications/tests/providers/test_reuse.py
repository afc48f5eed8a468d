"""A peer that closes after its answers without saying so: few requests are lost to it, none is repeated."""

import threading
import time

import pytest

from notifications.providers import connections
from notifications.providers.base import NotSent, Uncertain
from notifications.providers.transport import Transport
from notifications.tests.providers.peers import peer, polite


@pytest.fixture
def transport():
    return Transport(4)


def post(transport, url, seconds=5.0):
    return transport.post(url, {"Content-Type": "application/json"}, b"{}", seconds)


def outcomes(transport, url, times):
    """The status or the failure of each of so many requests, one after the other."""
    found = []
    for _ in range(times):
        try:
            found.append(post(transport, url).status)
        except (NotSent, Uncertain) as failure:
            found.append(failure)
    return found


def one_answer(visit):
    """Answers once, and closes when the next request is under way: the worst moment."""
    visit.read()
    visit.answer()
    visit.sock.recv(1)


def closing_at_once(visit):
    visit.read()
    visit.answer()


@pytest.mark.parametrize("play", [one_answer, closing_at_once])
def test_a_peer_that_closes_after_each_answer_costs_few_requests(transport, play):
    with peer(play) as found:
        results = outcomes(transport, found.url, 60)

    lost = [result for result in results if result != 200]
    assert len(lost) <= 2
    assert all(isinstance(failure, Uncertain) for failure in lost)


def test_a_request_that_was_cut_is_not_repeated(transport):
    with peer(one_answer) as found:
        results = outcomes(transport, found.url, 10)

        assert len(found.requests) == results.count(200) == 9


def test_connections_are_used_again_once_the_peer_has_had_its_time(transport, monkeypatch):
    with peer(one_answer) as found:
        outcomes(transport, found.url, 2)
        found.play = polite
        before = found.visits
        assert outcomes(transport, found.url, 3) == [200] * 3
        assert found.visits == before + 3

        transport.adapter.fresh_until = time.monotonic()
        assert outcomes(transport, found.url, 3) == [200] * 3
        assert found.visits == before + 3


def test_only_connections_used_again_count(transport):
    """A cut on a new connection, or of an answer half read, says nothing about using connections again."""

    def half(visit):
        visit.read()
        visit.answer()
        visit.read()
        visit.say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
        visit.reset()

    with peer(lambda visit: visit.read()) as found:
        outcomes(transport, found.url, 3)
        found.play = half
        outcomes(transport, found.url, 2)

    assert transport.adapter.fresh_until == 0.0


def test_our_own_deadline_does_not_count(transport):
    def play(visit):
        visit.read()
        visit.answer()
        visit.read()
        visit.hang()

    with peer(play) as found:
        post(transport, found.url)
        with pytest.raises(Uncertain):
            post(transport, found.url, 0.3)

    assert transport.adapter.fresh_until == 0.0


def test_a_connection_opened_before_its_first_request_is_not_taken_for_a_used_one(transport):
    """As urllib3 does under TLS."""
    with peer(polite) as found:
        connection = transport.adapter.poolmanager.connection_from_url(found.url)._new_conn()
        call = connections.Call(deadline=time.monotonic() + 5, fresh=True)
        connections.current.call = call
        try:
            connection.connect()
            connection.request("POST", "/", b"{}")
            connection.getresponse()
        finally:
            connections.current.call = None
            connection.close()

        assert (found.visits, call.reused) == (1, False)


def test_threads_lose_no_more_than_one_request_each(transport):
    results = []
    with peer(one_answer) as found:
        threads = [
            threading.Thread(target=lambda: results.extend(outcomes(transport, found.url, 20)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

    assert len(results) == 80
    assert sum(result != 200 for result in results) <= 4
