"""Objections: a client's word against a change, and what became of it (Article 28(2) GDPR)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from registry.resources.base import Day, LongText, Request


class ObjectionState(StrEnum):
    """How an objection stands."""

    OPEN = "open"
    RETRACTED = "retracted"
    """The client took it back."""
    WITHDRAWN = "withdrawn"
    """Met: the change is given up, for this client at least."""
    ALTERNATIVE_OFFERED = "alternative_offered"
    REJECTED = "rejected"
    TERMINATED = "terminated"
    """The client ends the contract over it."""


class Resolved(StrEnum):
    """What privacy decides of an open objection."""

    WITHDRAWN = "withdrawn"
    ALTERNATIVE_OFFERED = "alternative_offered"
    REJECTED = "rejected"
    TERMINATED = "terminated"


class ObjectionDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/changes/{id}/objections`."""

    reason: LongText
    """Why, in the client's own words."""
    client_id: UUID | None = None
    """For which client, where a colleague records what reached us another way; a client's key objects for its own."""


class Resolution(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/objections/{id}/resolution`."""

    outcome: Resolved
    reason: LongText
    """What the client is told."""


class GoingOn(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/objections/{id}/decision`: to go on with the change against the objection."""

    reason: LongText
    """Told to the client, and journalled."""
    binds_from: Day | None = None
    """From when on the change binds the client; absent: from today. It is never in the past."""


class Decided(Struct, frozen=True, kw_only=True):
    """The decision to go on against an objection."""

    reason: str
    binds_from: date
    decided_at: datetime
    decided_by: str


class Objection(Struct, frozen=True, kw_only=True):
    """An objection as its client and colleagues see it."""

    id: UUID
    version: int
    change_id: UUID
    change_number: int
    client_id: UUID
    reason: str
    state: ObjectionState
    made_at: datetime
    made_on: date
    """The register's day of that moment, which decides whether it was in time."""
    made_by: str
    resolved_at: datetime | None
    resolved_on: date | None
    resolved_by: str | None
    resolution: str | None
    decision: Decided | None


class ObjectionReceipt(Struct, frozen=True, kw_only=True):
    """Proof that an objection arrived: its row in the journal, whose digest cannot be made afterwards."""

    objection: Objection
    objection_until: date | None
    """The last day on which it could be made; absent while the notice has not been given."""
    journal_number: int
    journal_digest: str
    """Hexadecimal."""
