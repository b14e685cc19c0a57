"""HTTP receivers on loopback, with certificates of the tests' own authority, that do as a test tells them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import trustme

NAME = "hooks.example.com"
AUTHORITY = trustme.CA()


class Asked(NamedTuple):
    """One request, as it was received."""

    line: str
    headers: dict[str, str]
    body: bytes
    name_in_tls: str | None


Answering = Callable[[asyncio.StreamWriter, Asked], Awaitable[None]]


class Receiver:
    """What one server received, and on how many connections."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[Asked] = []
        self.connections = 0
        self._more = asyncio.Condition()

    async def received(self, number: int) -> None:
        """Wait until so many requests have come."""
        async with self._more:
            await self._more.wait_for(lambda: len(self.asked) >= number)

    async def take(self, asked: Asked) -> None:
        self.asked.append(asked)
        async with self._more:
            self._more.notify_all()

    def url(self, name: str = NAME, path: str = "/hook", scheme: str = "https") -> str:
        return f"{scheme}://{name}:{self.port}{path}"


def trusting() -> ssl.SSLContext:
    """What a client that trusts the tests' authority, and nobody else, checks certificates with."""
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=AUTHORITY.cert_pem.bytes().decode())
    return context


def certificate(*names: str) -> ssl.SSLContext:
    """What a server with a certificate for these names shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(*(names or (NAME,))).configure_cert(context)
    return context


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    """An answer as bytes on the wire."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def always(answered: bytes) -> Answering:
    """Give the same answer again and again."""

    async def write(writer: asyncio.StreamWriter, _asked: Asked) -> None:
        writer.write(answered)
        await writer.drain()

    return write


OK = always(answer("204 No Content"))


async def hang(_writer: asyncio.StreamWriter, _asked: Asked) -> None:
    """Take the request and say nothing, for as long as the connection lasts."""
    await asyncio.Event().wait()


@asynccontextmanager
async def receiving(
    answering: Answering = OK,
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
) -> AsyncIterator[Receiver]:
    """Serve on a free port; TLS unless it is ``None``."""
    receiver = Receiver()
    conversations: set[asyncio.Task[None]] = set()
    names: dict[ssl.SSLObject | ssl.SSLSocket, str | None] = {}

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        conversations.add(task)
        receiver.connections += 1
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
                while True:
                    asked = await _read(reader, names.get(writer.get_extra_info("ssl_object")))
                    await receiver.take(asked)
                    await answering(writer, asked)
        finally:
            writer.transport.abort()

    def remember(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        names[connection] = name

    if tls is not None:
        tls.sni_callback = remember
    server = await asyncio.start_server(converse, host, 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for conversation in conversations:
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


async def _read(reader: asyncio.StreamReader, name_in_tls: str | None) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    line, *fields = head.rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(line, headers, body, name_in_tls)
