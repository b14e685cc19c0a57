"""What mails are about: one type for each occasion, holding all that its words follow from."""

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from registry.resources.changes import PublishedChange


class NoticeTerms(Struct, frozen=True, kw_only=True):
    """What a client is owed for the change; ``objection_until`` as it is if the mail is accepted today."""

    owed: Literal["full_period", "at_once"]
    authorisation: Literal["general", "specific"]
    objection_until: date | None = None
    over: bool = False
    """Whether that day has passed, as where another channel had the notice in time and this one has it now."""
    contract: str | None = None
    """The reference of the contract, as the client knows it."""
    emergency: str | None = None
    """Why the change could not wait for its notice."""


class Announcement(Struct, frozen=True, kw_only=True, tag=True):
    """A published change: as notice to a client, or without ``notice`` as news."""

    change: PublishedChange
    notice: NoticeTerms | None = None
    object_url: str | None = None
    acknowledge_url: str | None = None


class Reminder(Struct, frozen=True, kw_only=True, tag=True):
    """The last day for an objection is near."""

    change: PublishedChange
    notice: NoticeTerms
    object_url: str | None = None


class Outcome(Struct, frozen=True, kw_only=True, tag=True):
    """What became of a notice: a state such as `rejected`, and what privacy wrote to it."""

    change: PublishedChange
    state: str
    text: str | None = None


class Receipt(Struct, frozen=True, kw_only=True, tag=True):
    """An objection has arrived."""

    change: PublishedChange
    received_on: date
    objection: str


class Confirmation(Struct, frozen=True, kw_only=True, tag=True):
    """Somebody gave this address; nothing is sent to it until its reader confirms."""

    confirm_url: str
    expires_on: date
    wanted: tuple[str, ...] = ()
    """What is asked for, one line for each filter; empty: everything."""
    client: str | None = None
    """Whose contract promises what is sent there; absent: news, that anybody may have."""


class Suspension(Struct, frozen=True, kw_only=True, tag=True):
    """A channel could not be reached for as long as is tried, and is used no more."""

    channel: str
    """Such as `webhook`."""
    address: str
    since: date
    reason: str


Contents: TypeAlias = Announcement | Reminder | Outcome | Receipt | Confirmation | Suspension


class Action(Struct, frozen=True):
    """A link to a page; the page acts, the link never does."""

    label: str
    url: str


class Paragraph(Struct, frozen=True):
    """A sentence, and lines under it."""

    text: str
    lines: tuple[str, ...] = ()


class Letter(Struct, frozen=True, kw_only=True):
    """A mail in words, before it has a form: both of its parts are written from this."""

    subject: str
    heading: str
    opening: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    body: tuple[Paragraph, ...] = ()
    actions: tuple[Action, ...] = ()
    closing: tuple[str, ...] = ()
