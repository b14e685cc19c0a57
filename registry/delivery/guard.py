"""The one way out: HTTP calls that reach public addresses only, or what the operator lists.

A name is resolved, every address it has is checked, and the connection is made to the checked address itself,
so that a name that changes in between changes nothing. TLS and Host keep the name. Redirects are not
followed, proxies of the environment are not used, and time and size have limits.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import NamedTuple, Self

import httpcore

from registry.channels.allowances import Allowances
from registry.channels.endpoints import PORTS, Endpoint
from registry.channels.hosts import bracketed
from registry.delivery.calls import Answer, RefusedError, TimedOutError, TooLongError, UnreachableError
from registry.delivery.connecting import REFUSED, Connector, Resolve, resolve_by_system
from registry.delivery.connections import Connections

BODY_READ = 65_536
"""How much of an answer to a POST is read, so that its connection can be used again; a longer one is cut off."""
BODY_KEPT = 1_024
DRAIN_SECONDS = 2.0
"""How long the body of an answer to a POST is waited for: its status has decided already."""
FAILURES = (httpcore.NetworkError, httpcore.ProtocolError, OSError)


class _Call(NamedTuple):
    response: httpcore.Response
    deadline: float


class Guard:
    """A client for as many calls at once as one likes: whoever uses it limits them.

    ``timeout`` is for a whole call, in seconds. ``resolve`` and ``tls`` are the system's unless given.
    """

    def __init__(
        self,
        allow: Allowances,
        timeout: float,
        *,
        agent: str = "Onward",
        resolve: Resolve = resolve_by_system,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout = timeout
        self._agent = agent
        tls = tls or ssl.create_default_context()
        self._connectors = {scheme: Connector(scheme, allow, resolve) for scheme in PORTS}
        # Calls never queue for a connection: one that hangs would take the time of those behind it.
        self._connections = {
            scheme: Connections(connector, tls) for scheme, connector in self._connectors.items()
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection that is not in use."""
        for connections in self._connections.values():
            await connections.aclose()

    async def check_url(self, url: str) -> None:
        """Raise ``RefusedError`` for an address that would not be called now; nothing is connected to."""
        endpoint = _read(url)
        try:
            async with asyncio.timeout(self._timeout):
                await self._connectors[endpoint.scheme].addresses(endpoint)
        except TimeoutError:
            raise RefusedError(REFUSED) from None

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Send content; of the answer's body only the beginning is kept, and it is not long waited for."""
        body = bytearray()
        async with self._call("POST", url, headers, content) as call:
            # The status has decided; the body is read so that the connection can be used again.
            patience = min(call.deadline, asyncio.get_running_loop().time() + DRAIN_SECONDS)
            try:
                whole = await _read_body(call.response, body, BODY_READ, patience)
            except (TimedOutError, UnreachableError):
                whole = False
        kept = bytes(body[:BODY_KEPT])
        return _answer(call.response, kept, whole=whole and len(kept) == len(body))

    async def get(self, url: str, headers: Mapping[str, str], limit: int, *, cut: bool = False) -> Answer:
        """Fetch a document of at most ``limit`` bytes; of a longer one its beginning, or ``TooLongError``."""
        body = bytearray()
        async with self._call("GET", url, headers, b"") as call:
            whole = await _read_body(call.response, body, limit, call.deadline)
            if not whole and not cut:
                raise TooLongError(f"The answer is longer than {limit} bytes.")
        return _answer(call.response, bytes(body[:limit]), whole=whole)

    @asynccontextmanager
    async def _call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
    ) -> AsyncIterator[_Call]:
        """Ask, and hold the connection while the answer is read."""
        endpoint = _read(url)
        address = httpcore.URL(
            scheme=endpoint.scheme, host=endpoint.host, port=endpoint.port, target=endpoint.target
        )
        request = httpcore.Request(
            method, address, headers=self._headers(endpoint, headers, content), content=content
        )
        connections = self._connections[endpoint.scheme]
        deadline = asyncio.get_running_loop().time() + self._timeout
        try:
            async with asyncio.timeout_at(deadline):
                connection = await connections.take(endpoint)
                response = await connection.handle_async_request(request)
        except TimeoutError:
            raise TimedOutError(f"There was no answer within {self._timeout:g} seconds.") from None
        except FAILURES as error:
            raise UnreachableError(_reason("The server could not be asked", error)) from error
        try:
            yield _Call(response, deadline)
        finally:
            await response.aclose()
            await connections.give_back(endpoint, connection)

    def _headers(
        self, endpoint: Endpoint, given: Mapping[str, str], content: bytes
    ) -> list[tuple[bytes | str, bytes | str]]:
        port = "" if endpoint.port == PORTS[endpoint.scheme] else f":{endpoint.port}"
        own = {"Host": f"{bracketed(endpoint.host)}{port}", "User-Agent": self._agent, "Accept": "*/*"}
        # What is packed could unpack to anything, so nothing packed is asked for.
        own["Accept-Encoding"] = "identity"
        if content:
            own["Content-Length"] = str(len(content))
        return [*(own | dict(given)).items()]


def _read(url: str) -> Endpoint:
    try:
        return Endpoint.read(url)
    except ValueError as error:
        raise RefusedError(f"This is no address that can be called. {error}") from error


async def _read_body(response: httpcore.Response, body: bytearray, limit: int, deadline: float) -> bool:
    """Read the body up to a little more than the limit; whether that was all."""
    try:
        async with asyncio.timeout_at(deadline):
            async for chunk in response.aiter_stream():
                body += chunk
                if len(body) > limit:
                    return False
    except TimeoutError:
        raise TimedOutError("The answer began, but did not end in time.") from None
    except FAILURES as error:
        raise UnreachableError(_reason("The answer broke off", error)) from error
    return True


def _answer(response: httpcore.Response, body: bytes, *, whole: bool) -> Answer:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Answer(status=response.status, headers=headers, body=body, whole=whole)


def _reason(what: str, error: Exception) -> str:
    why = str(error).strip().rstrip(".") or type(error).__name__
    return f"{what}: {why}."
