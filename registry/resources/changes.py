"""Changes: what is drafted, reviewed and published; nothing else alters the list."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from registry.resources.base import Day, LongText, Request, Text
from registry.resources.organisations import OrganisationFacts

Patch = Annotated[
    dict[str, Any],
    Meta(description="A JSON merge patch (RFC 7396) of the terms, or of an organisation's facts."),
]


class ChangeKind(StrEnum):
    """Kinds of change, as published lists name them."""

    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    MATERIAL_CHANGE = "material_change"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    POSTPONEMENT = "postponement"


class DraftKind(StrEnum):
    """Kinds that `POST /v1/changes` drafts; the two others have paths of their own."""

    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    MATERIAL_CHANGE = "material_change"
    CORRECTION = "correction"


class DraftOperation(StrEnum):
    """What a drafted part does to the terms of its subject."""

    START = "start"
    SET = "set"
    END = "end"


class Operation(StrEnum):
    """What a part does; `withdraw` and `postpone` act on the change it is about."""

    START = "start"
    SET = "set"
    END = "end"
    WITHDRAW = "withdraw"
    POSTPONE = "postpone"


class ChangeState(StrEnum):
    """A draft can be edited or discarded; what is published is never altered."""

    DRAFT = "draft"
    PUBLISHED = "published"


class NewSubProcessor(Request, frozen=True, kw_only=True):
    """A sub-processor that is not on the register yet: an organisation known, or described here."""

    organisation_id: UUID | UnsetType = UNSET
    organisation: OrganisationFacts | UnsetType = UNSET


class PartDraft(Request, frozen=True, kw_only=True):
    """What a change does to one subject: exactly one of the three subjects is given."""

    sub_processor_id: UUID | UnsetType = UNSET
    sub_processor: NewSubProcessor | UnsetType = UNSET
    organisation_id: UUID | UnsetType = UNSET
    """For a change of an organisation's own facts; `operation` is `set`."""
    operation: DraftOperation
    effective_on: Day
    """The first day on which it is true; for an end, the first day without."""
    patch: Patch = {}


class ChangeDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/changes`."""

    kind: DraftKind
    reason: LongText
    """Told to clients and shown in feeds."""
    note: LongText | None = None
    """For colleagues only."""
    about: UUID | None = None
    """For a correction: the published change that it corrects."""
    parts: Annotated[list[PartDraft], Meta(min_length=1, max_length=200)]


class ChangePatch(Request, frozen=True, kw_only=True):
    """The body of `PATCH /v1/changes/{id}` for a draft; a member left out stays as it is."""

    kind: DraftKind | UnsetType = UNSET
    reason: LongText | UnsetType = UNSET
    note: LongText | None | UnsetType = UNSET
    parts: Annotated[list[PartDraft], Meta(min_length=1, max_length=200)] | UnsetType = UNSET


class WithdrawalDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/changes/{id}/withdrawal`."""

    reason: LongText
    note: LongText | None = None


class PostponedPart(Request, frozen=True, kw_only=True):
    """A later day for one part of the change."""

    sub_processor_id: UUID | UnsetType = UNSET
    organisation_id: UUID | UnsetType = UNSET
    effective_on: Day


class PostponementDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/changes/{id}/postponement`: one later day for all parts, or one for each named."""

    reason: LongText
    note: LongText | None = None
    effective_on: Day | UnsetType = UNSET
    parts: Annotated[list[PostponedPart], Meta(min_length=1, max_length=200)] | UnsetType = UNSET


class Acceptance(Request, frozen=True, kw_only=True):
    """A block that the publisher takes upon itself, by code and subject, with a written reason."""

    code: Annotated[str, Meta(pattern="^[a-z_]{3,60}$", max_length=60)]
    subject: Annotated[str, Meta(max_length=200)]
    reason: Text


class AlreadyTold(Request, frozen=True, kw_only=True):
    """How clients were told of a change that is older than its record."""

    told_on: Day
    how: Text
    reference: Text | None = None


class Publication(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/changes/{id}/publication`."""

    accept: Annotated[list[Acceptance], Meta(max_length=10_000)] = []
    already_told: AlreadyTold | None = None
    emergency: Text | None = None
    """Why it cannot wait for the notice that clients were promised; it accepts every `notice_too_short` at once."""


class Effect(StrEnum):
    """What a difference means for the people whose data it is; decides whether notice is owed."""

    WIDENS = "widens"
    """More data, places, recipients or purposes, or a weaker safeguard: the full notice period."""
    NARROWS = "narrows"
    """Less of it, or a stronger safeguard: told at once, waits for nothing."""
    WORDING = "wording"
    """The same thing in other words: a correction, without notice."""


class Difference(Struct, frozen=True, kw_only=True):
    """One member that a change alters, from what to what."""

    path: tuple[str, ...]
    label: str
    old: str | None
    new: str | None
    effect: Effect


class Part(Struct, frozen=True, kw_only=True):
    """What a change does to one subject, as stored."""

    sub_processor_id: UUID | None
    organisation_id: UUID | None
    name: str
    """The subject as it was called when the change was published: legal name, trading name in brackets."""
    operation: Operation
    effective_on: date
    previously_on: date | None = None
    """For a withdrawal or postponement: the day that no longer holds."""
    patch: dict[str, Any] | UnsetType = UNSET
    """Shown to those who may see drafts; the public sees `differences`."""
    differences: tuple[Difference, ...] = ()


class About(Struct, frozen=True, kw_only=True):
    """The change that a withdrawal, postponement or correction is about."""

    id: UUID
    number: int | None
    kind: ChangeKind


class Change(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A change as colleagues see it: drafts, notes and acceptances included."""

    id: UUID
    version: int
    state: ChangeState
    number: int | None
    kind: ChangeKind
    reason: str
    note: str | None
    about: About | None
    parts: tuple[Part, ...]
    effective_on: date
    """The earliest day of its parts."""
    drafted_at: datetime
    drafted_by: str
    published_at: datetime | None
    published_by: str | None
    late: bool
    """Published after a day on which it was already true."""
    already_told: AlreadyTold | None
    accepted: tuple[Acceptance, ...]
    withdrawn_by: UUID | None
    """The published change that withdrew it."""
    postponed_by: UUID | None
    """The last published change that moved its day."""
    emergency: str | None = None
    """Why it could not wait for the notice that clients were promised."""
    published_alone: bool = False
    """Drafted and published by one person."""
    open_objections: int = 0
    """How many clients object to it, and nothing is decided; they stand at `/v1/changes/{id}/objections`."""


class PublishedChange(Struct, frozen=True, kw_only=True):
    """A published change as the public sees it."""

    id: UUID
    number: int
    kind: ChangeKind
    reason: str
    title: str
    about: About | None
    parts: tuple[Part, ...]
    effective_on: date
    published_at: datetime
    late: bool
    withdrawn_by: UUID | None
    postponed_by: UUID | None
    url: str
    emergency: str | None = None
    """Why it could not wait for the notice that clients were promised."""
    published_alone: bool = False
    """Drafted and published by one person, where that is allowed."""


class CheckLevel(StrEnum):
    """`blocks` stops publication unless accepted by code and subject; `warns` does not."""

    BLOCKS = "blocks"
    WARNS = "warns"


class Check(Struct, frozen=True, kw_only=True):
    """A finding on a draft, as continuous integration reports on a pull request."""

    code: str
    level: CheckLevel
    subject: str
    """The place, organisation or instrument; what an acceptance names."""
    message: str
    """What is wrong, why, and what to do."""
    acceptable: bool = True


class Notice(StrEnum):
    """What is owed for the change, decided by its effect alone."""

    FULL_PERIOD = "full_period"
    AT_ONCE = "at_once"
    NONE = "none"
