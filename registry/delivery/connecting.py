"""Connections to checked addresses: httpcore's network backend, with the check between name and connection."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import httpcore

from registry.channels.allowances import Allowances
from registry.channels.endpoints import Endpoint
from registry.channels.hosts import is_literal
from registry.delivery.calls import RefusedError

PATIENCE_SECONDS = 3.0
"""How long one of several addresses is waited for, while others are left."""

REFUSED = (
    "This address is not called: it must begin with https://, use port 443, and its host must lead to public addresses"
    " only, which a name that the DNS does not know does not. Look for a slip in it, give another one, or ask the"
    " operator to list it in ONWARD_WEBHOOK_ALLOW."
)

SocketOptions: TypeAlias = Iterable[
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
]

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a name and a port to all its addresses; ``OSError`` where there is none."""

# Of their own, so that names whose servers do not answer hold up nothing but other names.
_RESOLVERS = ThreadPoolExecutor(max_workers=128, thread_name_prefix="onward-resolve")


async def resolve_by_system(host: str, port: int) -> list[str]:
    """Ask as every program of the machine does: hosts file, then DNS."""

    def ask() -> list[str]:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]

    return await asyncio.get_running_loop().run_in_executor(_RESOLVERS, ask)


class Connector(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that were checked, never to a name."""

    def __init__(self, scheme: str, allow: Allowances, resolve: Resolve) -> None:
        self._scheme = scheme
        self._allow = allow
        self._resolve = resolve
        self._backend = httpcore.AnyIOBackend()

    async def addresses(self, endpoint: Endpoint) -> list[str]:
        """All addresses of an endpoint; ``RefusedError`` if it has none, or a single one is not to be called."""
        if not self._allow.admits(endpoint):
            raise RefusedError(REFUSED)
        try:
            found = (
                [endpoint.host]
                if is_literal(endpoint.host)
                else list(dict.fromkeys(await self._resolve(endpoint.host, endpoint.port)))
            )
        except (OSError, UnicodeError):
            found = []
        if not found or not all(self._allow.reaches(endpoint, address) for address in found):
            raise RefusedError(REFUSED)
        return found

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to one checked address after the other, until one answers."""
        *others, last = await self.addresses(Endpoint(self._scheme, host, port, "/"))
        for address in others:
            try:
                # An address that swallows everything must leave time for the next.
                async with asyncio.timeout(PATIENCE_SECONDS):
                    return _Stream(await self._backend.connect_tcp(address, port))
            except (TimeoutError, httpcore.ConnectError):
                continue
        return _Stream(
            await self._backend.connect_tcp(last, port, timeout, local_address, socket_options),
        )


class _Stream(httpcore.AsyncNetworkStream):
    """A stream that is closed when TLS on it is given up; httpcore forgets it where the task is cancelled."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Secure the stream, or close it."""
        secured = False
        try:
            stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
            secured = True
        finally:
            if not secured:
                await self._stream.aclose()
        return stream
