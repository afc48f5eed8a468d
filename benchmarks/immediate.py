"""Row 13: a message sent within the request, on an idle machine, beside the same POST straight to the provider."""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from benchmarks.setting import Bench
from benchmarks.table import Row, p95

REQUESTS = 40  # of each side, in a turn
MOST_MS = 100
_serials = itertools.count()


def measure(bench: Bench, *, pairs: int) -> list[Row]:
    """Both sides take turns, request by request. What is beyond: ours at p95 less the provider's own median."""
    with bench.web() as web, _ours(web.url, web.token) as ours, _straight(bench) as straight:
        _turn(ours, straight, REQUESTS // 2)  # warm: connections, caches, code
        turns = [_turn(ours, straight, REQUESTS) for _ in range(pairs)]
    beyond = [p95(mine) - statistics.median(theirs) for mine, theirs in turns]
    medians = [statistics.median(mine) - statistics.median(theirs) for mine, theirs in turns]
    own = [statistics.median(theirs) for _, theirs in turns]
    return [
        Row(13, "immediate send-message beyond the provider's own, p95", beyond, "ms", MOST_MS, at_most=True),
        Row(13, "  p50", medians, "ms", MOST_MS, at_most=True),
        Row(13, "  the provider's own, p50", own, "ms", 1000, at_most=True),
    ]


def _turn(
    ours: Callable[[], float], straight: Callable[[], float], count: int
) -> tuple[list[float], list[float]]:
    taken = [(ours(), straight()) for _ in range(count)]
    return [mine for mine, _ in taken], [theirs for _, theirs in taken]


@contextmanager
def _ours(url: str, token: str) -> Iterator[Callable[[], float]]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"

        def send() -> float:
            body = {"phone": _phone(), "message_type": "delivery_reminder", "context": _CONTEXT}
            took, answer = _posted(session, f"{url}/api/notifications/send-message", body)
            if answer["status"] != "sent":
                raise RuntimeError(f"the message became {answer['status']}: {answer['error']}")
            return took

        yield send


@contextmanager
def _straight(bench: Bench) -> Iterator[Callable[[], float]]:
    with requests.Session() as session:
        session.headers.update({"X-API-Key": "sandbox-key", "X-API-Secret": "sandbox-secret"})

        def send() -> float:
            body = {"phone_number": _phone(), "message": _TEXT, "account_id": "sandbox-account"}
            return _posted(session, f"{bench.sandbox.url}/whatsapp/send-message", body)[0]

        yield send


_CONTEXT = {"delivery_date": "2026-12-01", "customer_name": "Asha", "area": "Indiranagar"}
_TEXT = "Your EarlyBird delivery scheduled for December 1"


def _phone() -> str:
    """A new one each time: one person gets a message every six seconds after a few."""
    return f"+9197{next(_serials):08d}"


def _posted(session: requests.Session, url: str, body: dict[str, Any]) -> tuple[float, Any]:
    """The milliseconds until the whole answer was there, and the answer."""
    begun = time.perf_counter()
    answer = session.post(url, json=body, timeout=15)
    took = (time.perf_counter() - begun) * 1000
    answer.raise_for_status()
    return took, answer.json()
