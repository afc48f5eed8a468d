"""Row 9: pages of the log, the statistics and the staff's list, at a few messages and at many."""

import contextlib
import http.client
import json
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import requests

from benchmarks.filled import DAYS, PER_PHONE, fill
from benchmarks.setting import PASSWORD, Bench, Web
from benchmarks.table import Row, p95

FEW = 10_000
REQUESTS = 100  # of each side and kind of page, in a turn
MOST_MS, MOST_TIMES = 50, 1.5
DEEP = 1_000  # the page that is deep in the cursor, of 50 messages each
HISTORY = "/api/notifications/history"
LOG = "/admin/notifications/message/"


@dataclass(frozen=True)
class Page:
    """One kind of page. `address` is its address, where `{phone}`, `{order}`, `{name}` and `{day}` are somebody's or
    some row's; None: the next page of the history, deep in its cursor.
    """

    name: str
    address: str | None


# Each is measured by itself; to measure another, add a line.
PAGES = (
    Page("history, first page", HISTORY),
    Page(f"history, from page {DEEP:,} on", None),
    Page("history of one number", HISTORY + "/{phone}"),
    Page("statistics over 30 days", "/api/notifications/statistics?days=30"),
    Page("statistics of one number", "/api/notifications/statistics?days=30&phone={phone}"),
    Page("front page", "/admin/"),
    Page("needs attention", LOG + "attention/"),
    Page("admin list", LOG),
    Page("admin list, somewhere deep", LOG + "?older={day}T12:00:00%2B05:30_0"),
    Page("admin list, not sent", LOG + "?status=unsent"),
    Page("admin list, failed", LOG + "?status=failed"),
    Page("admin list, waiting (there is none)", LOG + "?status=waiting"),
    Page("admin list, one kind", LOG + "?kind=churn_risk"),
    Page("admin list, a kind there is none of", LOG + "?kind=start_confirmation"),
    Page("admin list, one kind not sent", LOG + "?kind=churn_risk&status=unsent"),
    Page("admin list, one kind failed", LOG + "?kind=churn_risk&status=failed"),
    Page("admin list, one kind read", LOG + "?kind=churn_risk&status=read"),
    Page("admin list, one kind waiting (there is none)", LOG + "?kind=churn_risk&status=waiting"),
    Page("admin list, a code", LOG + "?why=131026"),
    Page("admin list, a code there is none of", LOG + "?why=131021"),
    Page("admin list, a cause of many codes", LOG + "?why=refused"),
    Page("admin list, a cause in one kind", LOG + "?why=wish&kind=churn_risk"),
    Page("admin list, today", LOG + "?day=today"),
    Page("admin list, one day, failed", LOG + "?from={day}&until={day}&status=failed"),
    Page("admin list, a language there is none of", LOG + "?language=ur"),
    Page("admin list, a language, a kind and read", LOG + "?language=ur&kind=churn_risk&status=read"),
    Page("admin list, tests only (there is none)", LOG + "?tests=only"),
    Page("admin search, number", LOG + "?q={phone}"),
    Page("admin search, number, failed", LOG + "?q={phone}&status=failed"),
    Page("admin search, order", LOG + "?q={order}"),
    Page("admin search, name", LOG + "?q={name}"),
    Page("admin search, nothing", LOG + "?q=nobody"),
)


@dataclass
class Reader:
    """Somebody who reads one server's pages, over one connection. `deep` is where the far pages begin."""

    web: Web
    messages: int
    cookie: str = ""
    deep: str = ""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(self.web.url).netloc)
        self.next: str | None = None

    def get(self, address: str) -> tuple[float, bytes]:
        """The milliseconds until the whole answer was there, and the answer."""
        headers = {"Authorization": f"Bearer {self.web.token}", "Cookie": self.cookie}
        begun = time.perf_counter()
        self.connection.request("GET", address, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - begun) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}: {body[:200]!r}")
        return took, body

    def read(self, page: Page) -> float:
        """The milliseconds of one page of this kind."""
        if page.address is None:
            return self._read_on()
        person = random.randrange(max(self.messages // PER_PHONE, 1))
        day = date.today() - timedelta(days=random.randrange(1, DAYS - 1))
        address = page.address.format(
            phone=f"%2B9198{person:08d}",
            order=f"order_{random.randrange(max(self.messages // 3, 1))}",
            name=f"Customer%20{person}",
            day=day.isoformat(),
        )
        return self.get(address)[0]

    def walk(self, pages: int) -> None:
        """Turn so many pages, as a client does, and remember where that is."""
        address = HISTORY
        for _ in range(pages):
            address = _following(self.get(address)[1]) or ""
        self.deep = address

    def begin(self, page: Page) -> None:
        """A connection that is fresh (an idle one is closed after two seconds) and has carried a request."""
        self.connection.close()
        self.next = self.deep
        self.read(page)

    def _read_on(self) -> float:
        took, body = self.get(self.next or self.deep)
        self.next = _following(body)
        return took


def _following(body: bytes) -> str | None:
    """The path of a page's `next`."""
    found = json.loads(body)["next"]
    return found and f"{urlsplit(found).path}?{urlsplit(found).query}"


def measure(bench: Bench, *, pairs: int, log: int) -> list[Row]:
    """Both sides take turns, request by request; a turn's figure is the 95th percentile of its requests."""
    with _reader(bench, "bench_few", FEW) as few, _reader(bench, "bench_many", log) as many:
        few.walk(FEW // 50 // 4)
        many.walk(min(DEEP, log // 50 - REQUESTS) - 1)
        return [row for page in PAGES for row in _compared(page, few, many, pairs)]


@contextlib.contextmanager
def _reader(bench: Bench, database: str, messages: int) -> Iterator[Reader]:
    with bench.web(database) as web:
        begun = time.monotonic()
        fill(web, messages)
        print(f"  {messages:,} messages loaded in {time.monotonic() - begun:.0f} s", flush=True)
        yield Reader(web, messages, _signed_in(web))


def _compared(page: Page, few: Reader, many: Reader, pairs: int) -> list[Row]:
    _turn(page, few, many, REQUESTS // 4)  # warm
    turns = [_turn(page, few, many, REQUESTS) for _ in range(pairs)]
    what = f"{page.name}: {many.messages:,} messages, p95"
    ratios = [large / small for small, large in turns]
    return [
        Row(9, what, [large for _, large in turns], "ms", MOST_MS, at_most=True),
        Row(9, f"  compared with {FEW:,}", ratios, "x", MOST_TIMES, at_most=True),
    ]


def _turn(page: Page, few: Reader, many: Reader, count: int) -> tuple[float, float]:
    for reader in (few, many):
        reader.begin(page)
    taken = [(few.read(page), many.read(page)) for _ in range(count)]
    small, large = zip(*taken, strict=True)
    return p95(small), p95(large)


def _signed_in(web: Web) -> str:
    """The cookie of staff who signed in to the admin."""
    address = f"{web.url}/admin/login/"
    with requests.Session() as browser:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(address, timeout=30).text)
        if token is None:
            raise RuntimeError("the admin shows no form to sign in")
        form = {"username": "chitra", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        browser.post(address, form, timeout=30)
        return f"sessionid={browser.cookies['sessionid']}"
