"""A load of one request, again and again, over several connections that stay open."""

import asyncio
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

CONNECTIONS = 16


class Rate(NamedTuple):
    """Answers per second, and milliseconds that half, and all but one in a hundred, took at most.

    And microseconds of processor that the server took for each.
    """

    per_second: float
    median: float
    slow: float
    cpu: float


class Server(NamedTuple):
    """Where a server listens, and the process that it is, or that has started it."""

    port: int
    pid: int


def _family(pid: int) -> Iterator[int]:
    """A process and its descendants, without PostgreSQL's."""
    waiting = [pid]
    while waiting:
        current = waiting.pop()
        tasks = Path(f"/proc/{current}/task").glob("*/children")
        waiting += [int(child) for task in tasks for child in task.read_text().split()]
        if not Path(f"/proc/{current}/comm").read_text().startswith("postgres"):
            yield current


def cpu(pid: int) -> float:
    """Seconds of processor that a server has used, in all its threads."""
    threads = (task for process in _family(pid) for task in Path(f"/proc/{process}/task").glob("*/schedstat"))
    return sum(int(task.read_text().split()[0]) for task in threads) / 1e9


class _Asker(asyncio.Protocol):
    """One connection: asks, reads the whole answer, asks again; bodies are counted and not kept."""

    def __init__(self, request: bytes, until: float, times: list[float], status: int) -> None:
        self.request, self.until, self.times = request, until, times
        self.begins = f"HTTP/1.1 {status} ".encode()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.head = b""
        self.missing = 0
        self.asked = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.asked = perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if self.missing:
            self.missing -= len(data)
        else:
            self.head += data
            head, separator, body = self.head.partition(b"\r\n\r\n")
            if not separator:
                return
            if not head.startswith(self.begins):
                self.ended.set_exception(AssertionError(self.head.decode(errors="replace")))
                self.transport.close()
                return
            self.head = b""
            self.missing = _length(head) - len(body)
        if self.missing:
            return
        now = perf_counter()
        self.times.append(now - self.asked)
        if now < self.until:
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


def _length(head: bytes) -> int:
    """How long the body is; an answer such as 304 has none, whatever its headers say of the whole one."""
    if head.startswith(b"HTTP/1.1 304 "):
        return 0
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0])


def fetch(port: int, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """A GET, as bytes on the wire."""
    given = {"Host": f"127.0.0.1:{port}", **(headers or {})}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def request(port: int, path: str, body: bytes) -> bytes:
    """A POST of a JSON body, as bytes on the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def measure(server: Server, asked: bytes, seconds: float, status: int = 200) -> Rate:
    """Ask for some seconds; every answer must have the status."""

    async def ask() -> Rate:
        loop = asyncio.get_running_loop()
        times: list[float] = []
        used = cpu(server.pid)
        started = perf_counter()
        askers = [
            (
                await loop.create_connection(
                    lambda: _Asker(asked, started + seconds, times, status), "127.0.0.1", server.port
                )
            )[1]
            for _ in range(CONNECTIONS)
        ]
        await asyncio.gather(*(asker.ended for asker in askers))
        took = perf_counter() - started
        hundredths = statistics.quantiles(times, n=100)
        used = cpu(server.pid) - used
        return Rate(len(times) / took, hundredths[49] * 1000, hundredths[98] * 1000, used / len(times) * 1e6)

    return asyncio.run(ask())
