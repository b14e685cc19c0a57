"""``ONWARD_WEBHOOK_ALLOW``: what may be called besides public addresses, because the operator says so."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Self

from msgspec import Struct

from registry.channels.addresses import is_public
from registry.channels.endpoints import PORTS, Endpoint
from registry.channels.hosts import read_host, read_port, split_port

SECURE = "https"
ANY_PORT = "*"


class Allowance(Struct, frozen=True):
    """One entry: a host by name with whatever addresses it has, or a network; ``port`` None for any."""

    scheme: str
    host: str | None
    network: IPv4Network | IPv6Network | None
    port: int | None

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `[http://]HOST-or-NETWORK[:PORT]`, IPv6 in brackets.

        Without a port it is 443, with `http://` 80; `*` is any.
        """
        scheme, separator, rest = text.rpartition("://")
        scheme = scheme.lower() if separator else SECURE
        if scheme not in PORTS:
            raise ValueError(f"{text!r} begins with neither http:// nor https://")
        if rest.count(":") > 1 and not rest.startswith("["):
            raise ValueError(f"{text!r} has colons: write IPv6 in brackets, such as [fd00::/8]:8443")
        host, written = split_port(rest)
        port = PORTS[scheme] if written is None else None if written == ANY_PORT else read_port(written)
        network = _network(host)
        return cls(scheme, None if network else read_host(host), network, port)

    def covers(self, endpoint: Endpoint) -> bool:
        """Whether scheme and port are those of this entry."""
        return self.scheme == endpoint.scheme and self.port in {None, endpoint.port}


class Allowances(Struct, frozen=True):
    """All entries together; none of them forbids anything."""

    entries: tuple[Allowance, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """Read entries that commas part."""
        return cls(tuple(Allowance.read(each.strip()) for each in text.split(",") if each.strip()))

    def admits(self, endpoint: Endpoint) -> bool:
        """Whether an endpoint may be called at all, as far as its scheme, name and port tell."""
        if (endpoint.scheme, endpoint.port) == (SECURE, PORTS[SECURE]):
            return True
        return any(each.network or each.host == endpoint.host for each in self._covering(endpoint))

    def reaches(self, endpoint: Endpoint, address: str) -> bool:
        """Whether a connection to this address may be made for the endpoint."""
        if (endpoint.scheme, endpoint.port) == (SECURE, PORTS[SECURE]) and is_public(address):
            return True
        return any(
            each.host == endpoint.host or (each.network is not None and ip_address(address) in each.network)
            for each in self._covering(endpoint)
        )

    def _covering(self, endpoint: Endpoint) -> Iterator[Allowance]:
        return (each for each in self.entries if each.covers(endpoint))


def _network(text: str) -> IPv4Network | IPv6Network | None:
    """Read an address or a network; None for a name."""
    bracketed = text.startswith("[") and text.endswith("]")
    try:
        return ip_network(text[1:-1] if bracketed else text)
    except ValueError:
        if bracketed or "/" in text:
            raise ValueError(
                f"{text!r} is no network: write one such as 10.1.0.0/16, with zeros behind its length"
            ) from None
        return None
