"""Mail by SMTP: one recipient at a time, over a few connections that are used again."""

import asyncio
import re
import ssl
from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType
from typing import Self

import aiosmtplib

from registry.channels.mail_servers import MailServer, Security
from registry.delivery.outcomes import Outcome, Result

CONNECTIONS = 4
TIMEOUT = 60.0
IDLE_SECONDS = 20.0
LEAVING_SECONDS = 2.0
LONGEST_TEXT = 200

_OK = 250
_PERMANENT = 500
_OURS = frozenset({530, 534, 535, 538})
"""Codes that speak of our login, not of the mail (RFC 4954, 6)."""
_POLICY = re.compile(r"5\.7\.")


class Mailer:
    """Sends through one server; ``timeout`` is for a whole mail, in seconds, with the connection if one is needed."""

    def __init__(
        self,
        server: MailServer,
        *,
        timeout: float = TIMEOUT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._tls = tls or ssl.create_default_context()
        self._free = asyncio.Semaphore(CONNECTIONS)
        self._idle: list[tuple[aiosmtplib.SMTP, float]] = []

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
        """Take leave of the server on every connection."""
        while self._idle:
            client, _ = self._idle.pop()
            await _leave(client)

    async def send(self, mail: EmailMessage) -> Outcome:
        """Make one attempt to hand the mail over; whatever happens is an outcome."""
        async with self._free:
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._hand_over(mail)
            except TimeoutError:
                return _later(f"The mail server did not finish within {self._timeout:g} seconds.")

    async def _hand_over(self, mail: EmailMessage) -> Outcome:
        try:
            client = await self._connected(mail)
        except (aiosmtplib.SMTPException, OSError) as error:
            return _failure(error)
        try:
            outcome = await _converse(client, mail)
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            return _failure(error)
        except BaseException:
            client.close()
            raise
        self._idle.append((client, asyncio.get_running_loop().time()))
        return outcome

    async def _connected(self, mail: EmailMessage) -> aiosmtplib.SMTP:
        """Take a connection that was used a moment ago, or make one: secured, and with the login given."""
        while self._idle:
            client, since = self._idle.pop()
            if asyncio.get_running_loop().time() - since < IDLE_SECONDS and await _is_there(client):
                return client
            client.close()
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            local_hostname=_sender(mail).rpartition("@")[2],
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=None if server.security is Security.PLAIN else self._tls,
            timeout=self._timeout,
        )
        try:
            await client.connect()
        except BaseException:
            client.close()
            raise
        return client


def _sender(mail: EmailMessage) -> str:
    address: str = mail["From"].addresses[0].addr_spec
    return address


async def _converse(client: aiosmtplib.SMTP, mail: EmailMessage) -> Outcome:
    recipient = mail["To"].addresses[0].addr_spec
    _, said = await client.sendmail(_sender(mail), [recipient], mail.as_bytes())
    return Outcome(result=Result.ACCEPTED, status=_OK, text=f"Accepted by the mail server: {_line(said)}")


def _failure(error: Exception) -> Outcome:
    """A refusal of the recipient or of the mail is for good; everything else may be otherwise another time."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        [error] = error.recipients
    if isinstance(error, aiosmtplib.SMTPResponseException):
        text = f"The mail server answered {error.code}: {_line(error.message)}"
        if isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError) and _is_for_good(
            error
        ):
            return Outcome(result=Result.NEVER, status=error.code, text=text)
        return Outcome(result=Result.LATER, status=error.code, text=text)
    if isinstance(error, TimeoutError):
        return _later("The mail server did not answer in time.")
    return _later(f"The mail server could not be used: {_line(str(error)) or type(error).__name__}")


def _is_for_good(error: aiosmtplib.SMTPResponseException) -> bool:
    """A permanent code that is about this mail, not about who we are (RFC 3463: 5.7 is policy)."""
    return error.code >= _PERMANENT and error.code not in _OURS and not _POLICY.match(error.message)


def _later(text: str) -> Outcome:
    return Outcome(result=Result.LATER, text=text)


def _line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:LONGEST_TEXT]


async def _is_there(client: aiosmtplib.SMTP) -> bool:
    """Whether the server still holds the connection: better asked than found out in the middle of a mail."""
    try:
        await client.noop(timeout=LEAVING_SECONDS)
    except (aiosmtplib.SMTPException, OSError):
        return False
    return True


async def _leave(client: aiosmtplib.SMTP) -> None:
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=LEAVING_SECONDS)
    client.close()
