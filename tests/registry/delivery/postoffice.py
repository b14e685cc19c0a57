"""A mail server on loopback that speaks real SMTP, takes what it is told to take, and keeps it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from registry.channels.mail_servers import MailServer
from tests.registry.delivery import receivers

HOST = "mail.example.com"
USER, PASSWORD = "onward", "p@ss:w/rd"


class PostOffice:
    """What the server received; its methods are called by the server as commands come in."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.received: list[bytes] = []
        self.envelopes: list[tuple[str | None, list[str]]] = []
        self.secured: list[bool] = []
        self.refusals: Mapping[str, str] = {}
        self.greetings: list[str] = []
        self.servers: list[SMTP] = []

    def drop(self) -> None:
        """Close every connection, as a server does that has waited long enough."""
        for server in self.servers:
            if server.transport is not None:
                server.transport.close()

    @property
    def mails(self) -> list[EmailMessage]:
        """What was received, parsed as a reader's program does."""
        return [BytesParser(policy=policy.default).parsebytes(each) for each in self.received]

    def server(self, scheme: str, login: str = "") -> MailServer:
        return MailServer.read(f"{scheme}://{login}127.0.0.1:{self.port}")

    async def handle_EHLO(  # noqa: N802 - the library's name.
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        self.greetings.append(hostname)
        return responses

    async def handle_MAIL(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.refusals.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if refusal := self.refusals.get("RCPT"):
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if refusal := self.refusals.get("DATA"):
            return refusal
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.secured.append(session.ssl is not None)
        return "250 2.0.0 Queued as 4711"


def _login(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=good and mechanism in {"LOGIN", "PLAIN"}, handled=good)


@asynccontextmanager
async def open_office(
    *,
    starttls: bool = False,
    tls: bool = False,
    login: bool = False,
) -> AsyncIterator[PostOffice]:
    """Serve on a free port: with STARTTLS demanded, with TLS from the start, or in the clear."""
    office = PostOffice()
    certificate = receivers.certificate("127.0.0.1", HOST)

    def answer() -> SMTP:
        office.connections += 1
        server = SMTP(
            office,
            hostname=HOST,
            tls_context=certificate if starttls else None,
            require_starttls=starttls,
            auth_required=login,
            auth_require_tls=starttls,
            authenticator=_login if login else None,
            loop=asyncio.get_running_loop(),
        )
        office.servers.append(server)
        return server

    loop = asyncio.get_running_loop()
    server = await loop.create_server(answer, "127.0.0.1", 0, ssl=certificate if tls else None)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()


def trusting() -> ssl.SSLContext:
    return receivers.trusting()
