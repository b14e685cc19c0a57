"""Attention: what somebody must look at, each with what to do."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Urgency(StrEnum):
    """How soon, from the most urgent on."""

    NOW = "now"
    """It is not as it must be, today."""
    SOON = "soon"
    """It will not be, on a day that is known."""
    OPEN = "open"
    """Nothing ends, but something is not settled."""


class Noun(StrEnum):
    """What an item is about."""

    TRANSFER = "transfer"
    SUB_PROCESSOR = "sub_processor"
    SAFEGUARD = "safeguard"
    CERTIFICATION = "certification"
    DECISION = "decision"
    LAW = "law"
    CHANGE = "change"
    CLIENT = "client"
    NOTICE = "notice"
    OBJECTION = "objection"
    SUBSCRIPTION = "subscription"
    DELIVERY = "delivery"
    WATCHED_LIST = "watched_list"


class AcceptedBlock(Struct, frozen=True, kw_only=True):
    """Who took a block upon itself when a change was published, and why."""

    change_id: UUID
    number: int
    by: str
    reason: str


class AttentionItem(Struct, frozen=True, kw_only=True):
    """One thing to look at."""

    code: str
    """What is the matter; the codes of checks are used for what checks find."""
    urgency: Urgency
    noun: Noun
    subject: str
    """The id of what it is about, as checks name it."""
    name: str
    """What it is about, in words."""
    message: str
    """What is the matter, and why it matters."""
    to_do: str
    since: date | None = None
    """The first day on which it is so; a day to come where it will be."""
    until: date | None = None
    """The last day on which it can be mended in time, or on which what is about to end holds."""
    path: str | None = None
    """Where the thing itself is read."""
    clients: tuple[str, ...] = ()
    """The references of the clients that it is about, where it is about some alone."""
    accepted: AcceptedBlock | None = None
    """Whose word it stands on, where somebody accepted it."""


class RunningNotice(Struct, frozen=True, kw_only=True):
    """A notice of a change that stands, to a client, with the day on which that change takes effect."""

    change_id: UUID
    number: int
    client_id: UUID
    reference: str
    needs_period: bool
    """Whether the client was promised days before the change may take effect."""
    notice_days: int
    made_at: datetime
    given_on: date | None
    effective_on: date


class IrregularChange(Struct, frozen=True, kw_only=True):
    """A change that stands and was published late, as an emergency, or by one person alone."""

    change_id: UUID
    number: int
    published_on: date
    published_by: str
    late: bool
    """After a day on which it was true, and nobody had been told by other means."""
    emergency: str | None
    alone: bool
    """Within the days in which a second look is asked for."""
    clients: tuple[str, ...]
    """The references of those that may still object, or have no notice yet."""
    until: date | None
    """The last day on which any of them may; absent while one has no notice."""


class FailingChannel(Struct, frozen=True, kw_only=True):
    """A channel of a client that does not deliver."""

    subscription_id: UUID
    client_id: UUID
    reference: str
    channel: str
    purpose: str
    suspended_at: datetime | None
    suspended_reason: str | None
    failed: int
    """Deliveries that were tried for as long as is tried, and are not replayed."""
    failed_at: datetime | None
    """When the first of them ended."""
    last_status: str | None


class FailingWatch(Struct, frozen=True, kw_only=True):
    """A watched list whose last look failed."""

    id: UUID
    name: str
    message: str | None
    failures: int
    """In a row."""
    failing_since: datetime
    doubtful: bool
    """It could be read, but lost so much that a person must say whether it is to be believed."""
