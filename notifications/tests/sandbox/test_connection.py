import time
from concurrent.futures import ThreadPoolExecutor

from .cast import ASHA, SEND_HEADERS, call, plugged, request_bytes, send


def answers_read(peer, count):
    """The bodies of `count` answers, read from one connection."""
    data = b""
    while data.count(b"message_id") < count:
        data += peer.recv(65536)
    return data


def test_a_connection_is_kept_for_the_next_request(sandbox):
    with plugged(sandbox) as peer:
        for _ in range(3):
            peer.sendall(request_bytes())
            answers_read(peer, 1)
    assert len(sandbox.messages()) == 3


def test_pipelined_requests_are_answered_in_their_order(sandbox):
    sandbox.set(latency_ms=20, jitter_ms=19)
    with plugged(sandbox) as peer:
        peer.sendall(b"".join(request_bytes(text=f"Order #{number}") for number in range(200)))
        data = answers_read(peer, 200)
    kept = sandbox.messages()
    assert [one["text"] for one in kept] == [f"Order #{number}" for number in range(200)]
    places = [data.index(one["id"].encode()) for one in kept]
    assert places == sorted(places)


def test_a_request_may_arrive_byte_by_byte(sandbox):
    with plugged(sandbox) as peer:
        for byte in request_bytes():
            peer.sendall(bytes([byte]))
        answers_read(peer, 1)
    assert len(sandbox.messages()) == 1


def test_a_chunked_body_is_understood(sandbox):
    head, _, body = request_bytes().partition(b"\r\n\r\n")
    head = head[: head.index(b"Content-Length")] + b"Transfer-Encoding: chunked"
    chunks = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (10, body[:10], len(body) - 10, body[10:])
    with plugged(sandbox) as peer:
        peer.sendall(head + b"\r\n\r\n" + chunks)
        answers_read(peer, 1)
    assert sandbox.messages()[0]["phone"] == ASHA


def test_who_asks_to_close_is_answered_and_closed(sandbox):
    with plugged(sandbox) as peer:
        peer.sendall(request_bytes().replace(b"Host: x", b"Connection: close"))
        data = b""
        while part := peer.recv(65536):
            data += part
    assert b"message_id" in data


def test_what_is_not_http_is_refused_and_closed(sandbox):
    with plugged(sandbox) as peer:
        peer.sendall(b"HELO earlybird\r\n\r\n")
        assert peer.recv(65536).startswith(b"HTTP/1.1 400 ")
        assert peer.recv(1) == b""


def test_a_body_without_end_is_cut(sandbox):
    heard = call(sandbox.url, "POST", "/whatsapp/send-message", b"x" * 1_000_001, SEND_HEADERS)
    assert heard.status == 413


def test_five_hundred_connections_are_served_at_once(sandbox):
    sandbox.set(latency_ms=300)
    peers = [plugged(sandbox, 10) for _ in range(500)]
    for peer in peers:
        peer.sendall(request_bytes())
    for peer in peers:
        answers_read(peer, 1)
        peer.close()
    summary = sandbox.summary()
    assert summary["accepted"] == 500
    assert summary["max_in_flight"] > 400


def test_latency_holds_the_answer_back_but_not_the_acceptance(sandbox):
    sandbox.set(latency_ms=150)
    began = time.time()
    send(sandbox)
    assert time.time() - began >= 0.15
    assert sandbox.messages()[0]["accepted_at"] - began < 0.1


def test_many_threads_lose_nothing(sandbox):
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: send(sandbox, text=f"Order #{number}"), range(200)))
    assert sandbox.summary()["accepted"] == 200
