"""A load of one request, again and again, over several connections that stay open."""

import asyncio
import statistics
from time import perf_counter
from typing import NamedTuple

CONNECTIONS = 16


class Rate(NamedTuple):
    """Answers per second, and milliseconds that half, and all but one in a hundred, took at most."""

    per_second: float
    median: float
    slow: float


class _Asker(asyncio.Protocol):
    """One connection: asks, reads the whole answer, asks again."""

    def __init__(self, request: bytes, until: float, times: list[float]) -> None:
        self.request, self.until, self.times = request, until, times
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.received = b""
        self.asked = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.asked = perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        if not head.startswith(b"HTTP/1.1 200 "):
            self.ended.set_exception(AssertionError(self.received.decode(errors="replace")))
            self.transport.close()
            return
        now = perf_counter()
        self.times.append(now - self.asked)
        self.received = b""
        if now < self.until:
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0])


def request(port: int, path: str, body: bytes) -> bytes:
    """A POST of a JSON body, as bytes on the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def measure(port: int, asked: bytes, seconds: float) -> Rate:
    """Ask for some seconds."""

    async def ask() -> Rate:
        loop = asyncio.get_running_loop()
        times: list[float] = []
        started = perf_counter()
        askers = [
            (
                await loop.create_connection(
                    lambda: _Asker(asked, started + seconds, times), "127.0.0.1", port
                )
            )[1]
            for _ in range(CONNECTIONS)
        ]
        await asyncio.gather(*(asker.ended for asker in askers))
        took = perf_counter() - started
        hundredths = statistics.quantiles(times, n=100)
        return Rate(len(times) / took, hundredths[49] * 1000, hundredths[98] * 1000)

    return asyncio.run(ask())
