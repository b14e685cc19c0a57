"""Addresses of mail, read strictly: what could begin another header or another recipient is refused."""

import re
from email.headerregistry import Address
from typing import Self

from msgspec import Struct

from registry.channels.hosts import is_literal, read_host

LONGEST = 254
"""RFC 5321, 4.5.3.1.3: a path has 256 characters, two of them brackets."""
LONGEST_LOCAL = 64

# `=?` would begin an encoded word (RFC 2047), which programs read as another address than it says.
_LOCAL = re.compile(r"(?!.*=\?)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_NAMED = re.compile(r"(?P<name>[^<>@]{0,200})<(?P<address>[^<>]*)>\s*\Z")
_REMEDY = "write one address such as privacy@example.com"


class Mailbox(Struct, frozen=True):
    """A name for people and an address, whose domain is in ASCII (`xn--`)."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """Behind the @."""
        return self.address.rpartition("@")[2]

    @property
    def header(self) -> Address:
        """As it stands in a header."""
        return Address(display_name=self.name, addr_spec=self.address)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `privacy@example.com` or `Example Privacy <privacy@example.com>`."""
        if not text.isprintable():
            raise ValueError(f"it has line ends or other control characters; {_REMEDY}")
        named = _NAMED.match(text)
        if named is None:
            return cls("", read_address(text.strip()))
        return cls(named["name"].strip().removeprefix('"').removesuffix('"'), read_address(named["address"]))


def read_address(text: str) -> str:
    """Read a bare address and write it with its domain in ASCII; the part before the @ stays as it is.

    Quoted and non-ASCII local parts are refused: few servers take them (RFC 6531), and quoting hides what it holds.
    """
    local, separator, domain = text.rpartition("@")
    if not separator or len(text) > LONGEST or len(local) > LONGEST_LOCAL or not _LOCAL.match(local):
        raise ValueError(f"{text!r} is no address of mail; {_REMEDY}")
    try:
        host = read_host(domain)
    except ValueError as error:
        raise ValueError(f"{text!r} has a domain that cannot be read: {error}") from error
    if is_literal(host) or "." not in host or domain.endswith("."):
        raise ValueError(f"{text!r} has no domain that mail can be sent to; {_REMEDY}")
    return f"{local}@{host}"
