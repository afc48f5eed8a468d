"""Posting many bodies to one address over kept-alive connections, as cheaply as Python can."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 16  # as many as the Procfile's web has threads


@dataclass(frozen=True)
class Posted:
    seconds: float
    milliseconds: list[float]  # of each answer

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds


def post_all(url: str, bodies: Sequence[bytes], headers: dict[str, str]) -> Posted:
    """Post each body once. Raises RuntimeError at the first answer that is no 200."""
    return asyncio.run(_post_all(url, bodies, headers))


async def _post_all(url: str, bodies: Sequence[bytes], headers: dict[str, str]) -> Posted:
    parts = urlsplit(url)
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join([*lines, "Content-Length: "]).encode()
    taken: list[float] = []
    waiting = iter(bodies)
    begun = time.perf_counter()
    await asyncio.gather(
        *(_carry(parts.hostname, parts.port, head, waiting, taken) for _ in range(CONNECTIONS))
    )
    return Posted(time.perf_counter() - begun, taken)


async def _carry(
    host: str | None, port: int | None, head: bytes, waiting: Iterator[bytes], taken: list[float]
) -> None:
    """One connection; opened anew where the server closes it between two answers."""
    reader, writer = await asyncio.open_connection(host, port)
    for body in waiting:
        begun = time.perf_counter()
        writer.write(b"%b%d\r\n\r\n%b" % (head, len(body), body))
        closes = await _answer(reader)
        taken.append((time.perf_counter() - begun) * 1000)
        if closes:
            writer.close()
            reader, writer = await asyncio.open_connection(host, port)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> bool:
    """Read one answer to its end; returns whether the server closes after it."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b" 200 " not in head[:13]:
        raise RuntimeError(f"The server answered {head.splitlines()[0].decode()}")
    length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
    await reader.readexactly(length)
    return b"connection: close" in head
