"""Delivery-status notifications (RFC 3464): which mail did not arrive, at whose address, and whether for good."""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr

from msgspec import Struct

LONGEST_TEXT = 500
MOST_RECIPIENTS = 100

_MESSAGE_ID = re.compile(r"<[^<>\s]{3,400}@[^<>\s]{1,255}>")
_STATUS = re.compile(r"([245])\.[0-9]{1,3}\.[0-9]{1,3}")
# As `From ` lines of a mailbox are: the rest of it differs from program to program.
_FROM_LINE = re.compile(rb"(?m)^From [^\r\n]*[0-9]{4}[^\r\n]*\r?\n")


class Bounce(Struct, frozen=True, kw_only=True):
    """What a server says of one recipient of a mail of ours.

    ``message_id`` is the mail's, in angle brackets, where the notification names it; ``recipient`` as we wrote it,
    where the server still knows. Not ``permanent``: the server goes on trying, and nothing is to be done.
    """

    message_id: str | None
    recipient: str | None
    permanent: bool
    text: str


def bounces(message: bytes) -> tuple[Bounce, ...]:
    """Read one message; empty for one that is no notification of a failure, such as an answer or a success."""
    try:
        return tuple(_read(BytesParser(policy=policy.default).parsebytes(message)))
    except RecursionError:  # Parts within parts without end are no notification.
        return ()


def _read(mail: EmailMessage) -> Iterator[Bounce]:
    if mail.get_content_type() != "multipart/report":
        return
    statuses = next((part for part in mail.walk() if part.get_content_type() == _DELIVERY_STATUS), None)
    if statuses is None:
        return
    message_id = _original_id(mail)
    for group in _groups(statuses)[:MOST_RECIPIENTS]:
        if (found := _bounce(group, message_id)) is not None:
            yield found


_DELIVERY_STATUS = "message/delivery-status"


def split(mailbox: bytes) -> Iterator[bytes]:
    """Part a file into messages: an mbox with `From ` lines, or one message by itself."""
    if not mailbox.startswith(b"From "):
        yield mailbox
        return
    starts = [found.end() for found in _FROM_LINE.finditer(mailbox)]
    ends = [found.start() for found in _FROM_LINE.finditer(mailbox)][1:]
    for start, end in zip(starts, [*ends, len(mailbox)], strict=True):
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", mailbox[start:end])


def _groups(statuses: Message) -> list[Message]:
    """The groups of fields for each recipient; the first is about the whole mail (RFC 3464, 2.1)."""
    groups = statuses.get_payload()
    return (
        [group for group in groups if isinstance(group, Message) and "Action" in group]
        if isinstance(groups, list)
        else []
    )


def _bounce(group: Message, message_id: str | None) -> Bounce | None:
    # Comments in brackets may stand in every field (RFC 3464, 2.1.1).
    action = _field(group, "Action").partition("(")[0].strip().lower()
    if action not in {"failed", "delayed"}:
        return None
    status = _STATUS.search(_field(group, "Status"))
    # Some servers send 4.x.x with `failed` when they have given up: it is the action that tells.
    permanent = action == "failed"
    said = _field(group, "Diagnostic-Code").partition(";")[2].strip()
    text = " ".join(filter(None, [status.group() if status else "", said])) or action
    return Bounce(
        message_id=message_id,
        recipient=_address(group, "Original-Recipient") or _address(group, "Final-Recipient"),
        permanent=permanent,
        text=text[:LONGEST_TEXT],
    )


def _address(group: Message, field: str) -> str | None:
    """The address behind its type (`rfc822;ada@example.com`)."""
    kind, _, written = _field(group, field).partition(";")
    if kind.strip().lower() not in {"rfc822", "utf-8"}:
        return None
    address = parseaddr(written.strip())[1]
    return address if "@" in address else None


def _original_id(mail: EmailMessage) -> str | None:
    """The Message-ID of the mail that is returned, whole or as its headers alone (RFC 6522)."""
    for part in mail.walk():
        match part.get_content_type():
            case "message/rfc822":
                returned = part.get_payload()
                inner = returned[0] if isinstance(returned, list) and returned else None
                found = (
                    _MESSAGE_ID.search(_field(inner, "Message-ID")) if isinstance(inner, Message) else None
                )
            case "text/rfc822-headers":
                content = part.get_payload(decode=True)
                text = content.decode(errors="replace") if isinstance(content, bytes) else ""
                found = _MESSAGE_ID.search(_field(_headers(text), "Message-ID"))
            case _:
                continue
        if found:
            return found.group()
    return None


def _headers(text: str) -> Message:
    return BytesParser(policy=policy.default).parsebytes(text.encode(), headersonly=True)


def _field(message: Message, name: str) -> str:
    """A field in one line; empty where it is absent, or nothing that can be read."""
    try:
        value = str(message.get(name) or "")
    except (ValueError, IndexError, AttributeError):  # The library stumbles over some broken fields.
        return ""
    return " ".join("".join(each if each.isprintable() else " " for each in value).split())
