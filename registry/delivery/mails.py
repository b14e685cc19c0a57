"""Mails as they go out: a letter in text and HTML, with the headers by which programs sort, thread and answer it."""

from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any
from uuid import UUID, uuid5

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from msgspec import Struct
from msgspec.structs import replace

from registry.channels.mailboxes import Mailbox, read_address
from registry.resources.letters import Announcement, Confirmation, Contents, Outcome, Receipt, Reminder
from registry.rules import letters

_IDENTITIES = UUID("5b0f7c1e-5a7b-4f0e-9a38-1f8c8d4f3c53")
"""The name space of Message-IDs, which are made from ids of our own."""

_environment = Environment(
    loader=PackageLoader("registry.delivery"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Letterhead(Struct, frozen=True, kw_only=True):
    """Whose register it is, whom mail is from, and where the register is read."""

    company: str
    sender: Mailbox


class Identity(Struct, frozen=True, kw_only=True):
    """What a mail is, through all attempts: the delivery, its subscription, and the change it is about."""

    delivery_id: UUID
    subscription_id: UUID
    change_id: UUID | None = None


def compose(
    contents: Contents,
    to: str,
    *,
    letterhead: Letterhead,
    identity: Identity,
    at: datetime,
    unsubscribe_url: str | None = None,
    journal: tuple[int, str] | None = None,
) -> EmailMessage:
    """Write the mail of an occasion, dated ``at``; ``journal`` is the row of the publication, with its digest.

    ``unsubscribe_url`` is for news only: a page whose button acts, and which a POST of `List-Unsubscribe=One-Click`
    unsubscribes at once (RFC 8058). Raises ``ValueError`` for an address that is none.
    """
    letter = letters.letter(contents, letterhead.company)
    if journal is not None:
        letter = replace(
            letter, closing=(*letter.closing, _ANCHOR.format(number=journal[0], digest=journal[1]))
        )
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = letterhead.sender.header
    mail["To"] = read_address(to)
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = at
    mail["Message-ID"] = message_id(contents, identity, letterhead.sender.domain)
    for name, value in _headers(contents, identity, letterhead, unsubscribe_url):
        mail[name] = value
    given: dict[str, Any] = {
        "letter": letter,
        "company": letterhead.company,
        "unsubscribe_url": unsubscribe_url,
    }
    for kind, subtype in (("txt", "plain"), ("html", "html")):
        written = _environment.get_template(f"letter.{kind}").render(given)
        if subtype == "plain":
            mail.set_content(_squeezed(written), cte="quoted-printable")
        else:
            mail.add_alternative(written, subtype="html", cte="quoted-printable")
    # Only now: a header that begins with Content- would have been taken for that of a part.
    mail["Content-Language"] = "en-GB"
    return mail


_ANCHOR = (
    "Recorded in the journal of the register as entry {number}, whose chain has the SHA-256 digest {digest}."
)


def message_id(contents: Contents, identity: Identity, domain: str) -> str:
    """The Message-ID: for an announcement one per change and subscription, else one per delivery."""
    if isinstance(contents, Announcement) and identity.change_id is not None:
        return _announcement_id(identity.change_id, identity.subscription_id, domain)
    return f"<{uuid5(_IDENTITIES, f'delivery {identity.delivery_id}')}@{domain}>"


def _announcement_id(change_id: UUID, subscription_id: UUID, domain: str) -> str:
    return f"<{uuid5(_IDENTITIES, f'announcement {change_id} {subscription_id}')}@{domain}>"


def _headers(
    contents: Contents,
    identity: Identity,
    letterhead: Letterhead,
    unsubscribe_url: str | None,
) -> list[tuple[str, str]]:
    domain = letterhead.sender.domain
    headers = [("Auto-Submitted", "auto-generated")]
    if isinstance(contents, Reminder | Outcome | Receipt) and identity.change_id is not None:
        first = _announcement_id(identity.change_id, identity.subscription_id, domain)
        headers += [("In-Reply-To", first), ("References", first)]
    if not isinstance(contents, Confirmation):
        headers.append(("List-Id", f"<{'changes' if unsubscribe_url else 'notices'}.{domain}>"))
    if unsubscribe_url:
        headers.append(("List-Unsubscribe", f"<{unsubscribe_url}>"))
        if unsubscribe_url.startswith("https://"):
            headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _squeezed(text: str) -> str:
    """One empty line between paragraphs, however many the template leaves."""
    lines: list[str] = []
    for line in text.splitlines():
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"


class _Policy(EmailPolicy):
    """Headers as RFC 5322 has them, where the library does not write them so.

    It would encode long identifiers and addresses as if they were prose (RFC 2047), and nobody decodes a
    Message-ID or a link; and before a long subject it puts a line end and a space that readers take for part of it.
    """

    WHOLE = frozenset({"message-id", "in-reply-to", "references", "list-id", "list-unsubscribe"})

    def fold(self, name: str, value: str) -> str:
        if name.lower() in self.WHOLE:
            return f"{name}: {value}{self.linesep}"
        if name.lower() == "subject":
            subject = Header(value, None if value.isascii() else "utf-8", header_name=name)
            return f"{name}: {subject.encode(linesep=self.linesep)}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii")


_POLICY = _Policy(linesep="\r\n", cte_type="7bit")
