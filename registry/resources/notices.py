"""Notices: what a client was owed for a change, when it was given, and until when the client may object."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from registry.resources.changes import Notice


class AuthorisationKind(StrEnum):
    """Article 28(2) GDPR: with general authorisation silence may count, with specific it never does."""

    GENERAL = "general"
    SPECIFIC = "specific"


class NoticeState(StrEnum):
    """How a notice stands on a day; no timer moves it."""

    NOT_GIVEN = "not_given"
    """No receiving server has accepted it: the clock stands, and silence counts for nothing."""
    TOLD = "told"
    """Given, and nothing is waited for: the change narrows, or ends something."""
    OPEN = "open"
    """Given, and the client may still object."""
    OBJECTED = "objected"
    """The client objects, and nothing is decided."""
    UPHELD = "upheld"
    """The objection was met: the change does not bind this client."""
    REJECTED = "rejected"
    """The objection was decided against, with a reason."""
    TERMINATED = "terminated"
    """The client ends the contract over it."""
    ACCEPTED_BY_SILENCE = "accepted_by_silence"
    """Given, general authorisation, and no objection in time."""
    AWAITING_AUTHORISATION = "awaiting_authorisation"
    AUTHORISED = "authorised"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """The change was withdrawn; nothing is to be decided any more."""


class StoredNotice(Struct, frozen=True, kw_only=True):
    """A notice as stored, with what its state follows from."""

    change_id: UUID
    change_number: int
    client_id: UUID
    owed: Notice
    authorisation: AuthorisationKind
    notice_days: int
    objection_days: int
    news: Any
    made_at: datetime
    given_at: datetime | None
    given_on: date | None
    objection_until: date | None
    acknowledged_at: datetime | None
    withdrawn_by: UUID | None
    objection: str | None
    """The state of the last objection, where there is one."""
    decision: str | None
    """`authorised` or `refused`, where the client decided about this change."""


class ClientNotice(Struct, frozen=True, kw_only=True):
    """A notice as its client and colleagues see it on a day."""

    change_id: UUID
    change_number: int
    client_id: UUID
    state: NoticeState
    owed: Notice
    authorisation: AuthorisationKind
    notice_days: int
    objection_days: int
    news: Any
    """What the change means for this client."""
    made_at: datetime
    given_at: datetime | None
    """When the first receiving server accepted it; null also where the client was told by other means."""
    given_on: date | None
    objection_until: date | None
    """The last day on which an objection is in time."""
    acknowledged_at: datetime | None
