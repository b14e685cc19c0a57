"""Connections that are used again, each by one call at a time.

httpcore's own pool looks at every connection for every call, and at all of them for each: with a hundred calls at
once to as many endpoints it is the slowest part. Here a call looks at those of its endpoint only.
"""

import ssl
from collections import defaultdict
from typing import TypeAlias

import httpcore

from registry.channels.endpoints import Endpoint
from registry.delivery.connecting import Connector

Origin: TypeAlias = tuple[str, int]

MOST_IDLE = 200
IDLE_SECONDS = 30.0


class Connections:
    """All connections to endpoints of one scheme."""

    def __init__(self, connector: Connector, tls: ssl.SSLContext | None) -> None:
        self._connector = connector
        self._tls = tls
        self._idle: defaultdict[Origin, list[httpcore.AsyncHTTPConnection]] = defaultdict(list)
        # Oldest first, as dictionaries keep them.
        self._ages: dict[httpcore.AsyncHTTPConnection, Origin] = {}

    async def take(self, endpoint: Endpoint) -> httpcore.AsyncHTTPConnection:
        """One that waits and is still good, or a new one, which connects when it is used."""
        while waiting := self._idle.get((endpoint.host, endpoint.port)):
            connection = waiting[-1]
            self._forget(connection)
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return httpcore.AsyncHTTPConnection(
            httpcore.Origin(endpoint.scheme.encode(), endpoint.host.encode(), endpoint.port),
            ssl_context=self._tls,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=self._connector,
        )

    async def give_back(self, endpoint: Endpoint, connection: httpcore.AsyncHTTPConnection) -> None:
        """Keep it unless its call left it closed; the one that waits longest makes room."""
        if connection.is_closed():
            return
        origin = (endpoint.host, endpoint.port)
        self._idle[origin].append(connection)
        self._ages[connection] = origin
        if len(self._ages) > MOST_IDLE:
            oldest = next(iter(self._ages))
            self._forget(oldest)
            await oldest.aclose()

    async def aclose(self) -> None:
        """Close those that wait."""
        for connection in list(self._ages):
            self._forget(connection)
            await connection.aclose()

    def _forget(self, connection: httpcore.AsyncHTTPConnection) -> None:
        origin = self._ages.pop(connection)
        self._idle[origin].remove(connection)
        if not self._idle[origin]:
            del self._idle[origin]
