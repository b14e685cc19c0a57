"""Names of hosts and literal addresses, each in the one form in which it is compared and called."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

import idna

LONGEST = 253
HIGHEST_PORT = 65_535

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
_NUMBER = re.compile(r"([0-9]+|0x[0-9a-f]*)\Z")


def read_host(text: str) -> str:
    """Write a host in small ASCII letters, an international name in its `xn--` form, IPv6 without brackets.

    An IPv4 address is four numbers, in full: the other notations that systems still read (`127.1`,
    `0x7f.0.0.1`, `2130706433`) exist in disguises only.
    """
    if text.startswith("[") and text.endswith("]"):
        return _ipv6(text[1:-1])
    name = _ascii(text.removesuffix(".")) if len(text) <= LONGEST else ""
    labels = name.split(".")
    if not all(map(_LABEL.match, labels)):
        raise ValueError(f"{text!r} is no name of a host")
    if _NUMBER.match(labels[-1]):
        return _ipv4(name)
    return name


def is_literal(host: str) -> bool:
    """Whether a host that was read is an address itself, so that no name needs resolving."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def bracketed(host: str) -> str:
    """The host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def read_port(text: str) -> int:
    """Read a port, 1 to 65535."""
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text) or int(text) > HIGHEST_PORT:
        raise ValueError(f"{text!r} is no port: write a number from 1 to 65535")
    return int(text)


def split_port(authority: str) -> tuple[str, str | None]:
    """Part `host:port`; the colons of a bracketed IPv6 address belong to the host."""
    if authority.endswith("]") or ":" not in authority:
        return authority, None
    host, _, port = authority.rpartition(":")
    return host, port


def _ascii(name: str) -> str:
    if name.isascii():
        return name.lower()
    try:
        return idna.encode(name.lower(), std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"{name!r} is no name of a host") from error


def _ipv4(text: str) -> str:
    try:
        return str(IPv4Address(text))
    except ValueError as error:
        raise ValueError(f"{text!r} is no IPv4 address: write four numbers, such as 198.51.100.7") from error


def _ipv6(text: str) -> str:
    try:
        address = IPv6Address(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no IPv6 address") from error
    if address.scope_id is not None:
        raise ValueError(f"{text!r} names an interface of this machine")
    return str(address)
