"""``ONWARD_SMTP_URL``: the server that takes our mail, and how it is spoken to."""

from enum import StrEnum
from typing import Self
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from registry.channels.hosts import read_host

_REMEDY = "write smtp://USER:PASSWORD@HOST:587, which demands STARTTLS, or smtps://… for TLS from the start"


class Security(StrEnum):
    """How the connection is made safe, named as the scheme of the address."""

    STARTTLS = "smtp"
    """It begins in the clear and is secured before anything else is said, or given up."""
    TLS = "smtps"
    PLAIN = "smtp+plain"
    """Never secured: for a relay on the same machine or a network of one's own."""


PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.PLAIN: 25}


class MailServer(Struct, frozen=True):
    """Host, port, security and, where the server wants one, a login."""

    security: Security
    host: str
    port: int
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        """Without the password: what is printed ends up in logs."""
        return f"MailServer({self.security}://{self.host}:{self.port})"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read an address; user and password are percent-encoded where they hold `:`, `@` or `/`."""
        try:
            parts = urlsplit(text)
            security, port = Security(parts.scheme), parts.port
        except ValueError:
            # What the parser says may repeat the password.
            raise ValueError(_REMEDY) from None
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(_REMEDY)
        if (parts.username is None) is not (parts.password is None):
            raise ValueError(f"a login is a user and a password; {_REMEDY}")
        if security is Security.PLAIN and parts.password is not None:
            raise ValueError(f"a password is never sent without TLS; {_REMEDY}")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(
            security,
            read_host(host),
            port or PORTS[security],
            None if parts.username is None else unquote(parts.username),
            None if parts.password is None else unquote(parts.password),
        )
