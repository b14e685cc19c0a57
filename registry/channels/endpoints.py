"""The address of an endpoint, read strictly: what two readers could read differently is refused."""

import re
from typing import Self

from msgspec import Struct

from registry.channels.hosts import bracketed, read_host, read_port, split_port

PORTS = {"https": 443, "http": 80}

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?]*)(?P<target>.*)\Z", re.DOTALL)
_TARGET = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]*\Z")
LONGEST = 2_000


class Endpoint(Struct, frozen=True):
    """Where a request goes: `host` in small ASCII letters, IPv6 without brackets; `target` begins with `/`."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The address in its one form, without a port that goes without saying."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{bracketed(self.host)}{port}{self.target}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read an absolute address; ``ValueError`` says what is wrong with its form."""
        if len(text) > LONGEST:
            raise ValueError(f"It is longer than {LONGEST} characters.")
        found = _URL.match(text)
        if found is None or found["scheme"].lower() not in PORTS:
            raise ValueError("It does not begin with https:// and a host.")
        scheme, authority, target = found["scheme"].lower(), found["authority"], found["target"]
        if "@" in authority:
            raise ValueError("It holds a user name or password; requests are signed instead.")
        if "#" in text:
            raise ValueError("It has a fragment (#…), which is never sent.")
        if not _TARGET.match(target):
            raise ValueError(
                "Behind the host it has characters that no address may have; write them percent-encoded."
            )
        try:
            written, port = split_port(authority)
            return cls(
                scheme,
                read_host(written),
                PORTS[scheme] if port is None else read_port(port),
                target if target.startswith("/") else f"/{target}",
            )
        except ValueError as error:
            raise ValueError(f"Its host cannot be read: {error}.") from error
