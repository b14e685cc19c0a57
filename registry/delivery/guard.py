"""The one way out: HTTP calls that reach public addresses only, or what the operator lists.

A name is resolved, every address it has is checked, and the connection is made to the checked address itself,
so that a name that changes in between changes nothing. TLS and Host keep the name. Redirects are not
followed, proxies of the environment are not used, and time and size have limits.
"""

import asyncio
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpcore

from registry.channels.allowances import Allowances
from registry.channels.endpoints import PORTS, Endpoint
from registry.channels.hosts import bracketed
from registry.delivery.calls import Answer, RefusedError, TimedOutError, TooLongError, UnreachableError
from registry.delivery.connecting import REFUSED, Connector, Resolve, resolve_by_system

BODY_READ = 65_536
"""How much of an answer to a POST is read, so that its connection can be used again; a longer one is cut off."""
BODY_KEPT = 1_024
DRAIN_SECONDS = 2.0
"""How long the body of an answer to a POST is waited for: its status has decided already."""
IDLE_CONNECTIONS = 100
IDLE_SECONDS = 30.0
FAILURES = (httpcore.NetworkError, httpcore.ProtocolError, OSError)


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
        self._allow = allow
        self._timeout = timeout
        self._agent = agent
        tls = tls or ssl.create_default_context()
        self._connectors = {scheme: Connector(scheme, allow, resolve) for scheme in PORTS}
        self._pools = {
            scheme: httpcore.AsyncConnectionPool(
                ssl_context=tls,
                # Calls never queue for a connection: one that hangs would take the time of those behind it.
                max_connections=None,
                max_keepalive_connections=IDLE_CONNECTIONS,
                keepalive_expiry=IDLE_SECONDS,
                network_backend=connector,
            )
            for scheme, connector in self._connectors.items()
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
        """Close every connection."""
        for pool in self._pools.values():
            await pool.aclose()

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
        deadline = asyncio.get_running_loop().time() + self._timeout
        response = await self._ask("POST", url, headers, content, deadline)
        # The status has decided; the body is read so that the connection can be used again.
        patience = min(deadline, asyncio.get_running_loop().time() + DRAIN_SECONDS)
        body = bytearray()
        try:
            whole = await _read_body(response, body, BODY_READ, patience)
        except (TimedOutError, UnreachableError):
            whole = False
        kept = bytes(body[:BODY_KEPT])
        return _answer(response, kept, whole=whole and len(kept) == len(body))

    async def get(self, url: str, headers: Mapping[str, str], limit: int) -> Answer:
        """Fetch a document of at most ``limit`` bytes; ``TooLongError`` for a longer one."""
        deadline = asyncio.get_running_loop().time() + self._timeout
        response = await self._ask("GET", url, headers, b"", deadline)
        body = bytearray()
        if not await _read_body(response, body, limit, deadline):
            raise TooLongError(f"The answer is longer than {limit} bytes.")
        return _answer(response, bytes(body), whole=True)

    async def _ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        deadline: float,
    ) -> httpcore.Response:
        endpoint = _read(url)
        if not self._allow.admits(endpoint):
            raise RefusedError(REFUSED)
        request = httpcore.Request(
            method,
            httpcore.URL(
                scheme=endpoint.scheme, host=endpoint.host, port=endpoint.port, target=endpoint.target
            ),
            headers=self._headers(endpoint, headers, content),
            content=content,
        )
        try:
            async with asyncio.timeout_at(deadline):
                return await self._pools[endpoint.scheme].handle_async_request(request)
        except TimeoutError:
            raise TimedOutError(f"There was no answer within {self._timeout:g} seconds.") from None
        except FAILURES as error:
            raise UnreachableError(_reason("The server could not be asked", error)) from error

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
    """Read the body up to a little more than the limit; whether that was all. The response is closed."""
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
    finally:
        await response.aclose()
    return True


def _answer(response: httpcore.Response, body: bytes, *, whole: bool) -> Answer:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Answer(status=response.status, headers=headers, body=body, whole=whole)


def _reason(what: str, error: Exception) -> str:
    why = str(error).strip().rstrip(".") or type(error).__name__
    return f"{what}: {why}."
