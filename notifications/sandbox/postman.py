"""Posts webhooks: few kept-alive connections, tried again with back-off, dropped and counted at last."""

import asyncio
from base64 import b64encode
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

from .carrier import TIMEOUT, Carrier
from .options import Options
from .settings import Settings

CONNECTIONS = 8
# MyOperator's own: seconds to the first repetition, doubling up to the longest wait, and when it gives up.
FIRST_WAIT, LONGEST_WAIT = 30, 7200
MOST_TRIES, MOST_WAITED = 26, 24 * 3600
WAITING_LIMIT = 300_000


@dataclass(slots=True)
class Letter:
    """What is posted, or posted again. `waited`: MyOperator's seconds. `forged`: with a wrong secret."""

    make: Callable[[], bytes]
    forged: bool = False
    tries: int = 0
    waited: int = 0


class Postman:
    def __init__(self, options: Options, settings: Settings) -> None:
        self.options, self.settings = options, settings
        parts = urlsplit(options.webhook_url)
        self.host, self.tls = parts.hostname or "127.0.0.1", parts.scheme == "https"
        self.port = parts.port or (443 if self.tls else 80)
        self.waiting: deque[Letter] = deque()
        self.idle: list[Carrier] = []
        self.open = self.backing_off = 0
        self.counted: Counter[str] = Counter()
        self.connecting: set[asyncio.Task[None]] = set()

    def post(self, make: Callable[[], bytes], forged: bool = False) -> None:
        if len(self.waiting) + self.backing_off >= WAITING_LIMIT:
            self.counted["dropped"] += 1
            return
        self.waiting.append(Letter(make, forged))
        self._pump()

    def counts(self) -> dict[str, int]:
        """`forged` were posted with a wrong secret; `forged_taken` of them were answered 200."""
        names = ("posted", "retried", "dropped", "forged", "forged_taken")
        pending = len(self.waiting) + self.backing_off + self.open - len(self.idle)
        return {**{name: self.counted[name] for name in names}, "pending": pending}

    def head(self, letter: Letter) -> bytes:
        """The request up to its Content-Length."""
        secret = self.options.webhook_secret
        return _head(self.options.webhook_url, self.settings.auth, self.options.webhook_user,
                     f"not-{secret}" if letter.forged else secret)  # fmt: skip

    def _pump(self) -> None:
        while self.waiting:
            if self.idle:
                self.idle.pop().carry(self.waiting.popleft())
            elif self.open < CONNECTIONS:
                self._connect(self.waiting.popleft())
            else:
                return

    def _connect(self, letter: Letter) -> None:
        self.open += 1
        task = asyncio.get_running_loop().create_task(self._connect_and_carry(letter))
        self.connecting.add(task)
        task.add_done_callback(self.connecting.discard)

    async def _connect_and_carry(self, letter: Letter) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(TIMEOUT):
                _, carrier = await loop.create_connection(
                    lambda: Carrier(self), self.host, self.port, ssl=self.tls or None
                )
        except OSError:  # TimeoutError is one too
            self.open -= 1
            self._again(letter)
            self._pump()
            return
        carrier.carry(letter)

    def answered(self, carrier: Carrier, letter: Letter, good: bool) -> None:
        if carrier.usable:
            self.idle.append(carrier)
        if letter.forged:
            self.counted.update(forged=1, forged_taken=int(good))
        elif good:
            self.counted["posted"] += 1
        else:
            self._again(letter)
        self._pump()

    def lost(self, carrier: Carrier) -> None:
        self.open -= 1
        if carrier in self.idle:
            self.idle.remove(carrier)
        self._pump()

    def _again(self, letter: Letter) -> None:
        wait = min(FIRST_WAIT << letter.tries, LONGEST_WAIT)
        letter.tries += 1
        letter.waited += wait
        if letter.forged or letter.tries >= MOST_TRIES or letter.waited > MOST_WAITED:
            self.counted["dropped"] += 1
            return
        self.counted["retried"] += 1
        self.backing_off += 1
        asyncio.get_running_loop().call_later(wait / self.settings.retry_speed, self._requeue, letter)

    def _requeue(self, letter: Letter) -> None:
        self.backing_off -= 1
        self.waiting.append(letter)
        self._pump()


@lru_cache
def _head(url: str, auth: str, user: str, secret: str) -> bytes:
    parts = urlsplit(url)
    path = f"{parts.path.rstrip('/')}/{quote(secret, safe='')}" if auth == "path" else parts.path or "/"
    lines = [
        f"POST {path}{f'?{parts.query}' if parts.query else ''} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Content-Type: application/json",
        *_proof(auth, user, secret),
        "Content-Length: ",
    ]
    return "\r\n".join(lines).encode()


def _proof(auth: str, user: str, secret: str) -> list[str]:
    if auth == "header":
        return [f"X-Webhook-Secret: {secret}"]
    if auth == "basic":
        return [f"Authorization: Basic {b64encode(f'{user}:{secret}'.encode()).decode()}"]
    return []
