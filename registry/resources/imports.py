"""Imports: a published list taken over into the register, row by row."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from registry.resources.base import Day, Key, Name, Request, Text
from registry.resources.changes import AlreadyTold, ChangeKind, ChangeState, Check
from registry.resources.places import PlaceRole

CONTENT_MAX = 5_000_000


class ImportAction(StrEnum):
    """What becomes of a row; `remove` is of a sub-processor that the list no longer has."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    SAME = "same"
    REJECT = "reject"


class ImportRequest(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/imports`."""

    name: Name
    """What the list is called, such as its file name."""
    content: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=CONTENT_MAX,
            description="The list as CSV, with headings in its first row.",
            examples=["Name,Purpose,Location\nExample GmbH,Hosting,Germany\n"],
        ),
    ]
    effective_on: Day | None = None
    """The day on which the list is true; absent: today. A past day backfills history."""
    commit: bool = False
    """False: nothing is written, the report says what would be."""
    columns: Annotated[
        dict[str, str],
        Meta(
            description="Which column a heading is, where it is not known by itself: heading to column.",
            examples=[{"Hosting Location": "storage_place"}],
        ),
    ] = {}
    services: dict[Key, Literal[True]] = {}
    """The services that the whole list is for, where its rows name none."""
    reason: Text | None = None
    """Told to clients, and recorded for every block that the import takes upon itself."""
    skip_rejected: bool = False
    """Commit the other rows although some are rejected."""
    keep_missing: bool = False
    """The list is a part of the whole: sub-processors that it does not have stay."""
    already_told: AlreadyTold | None = None
    """How clients were told at the time; for a past day."""


class ImportedPlace(Struct, frozen=True, kw_only=True):
    """A place of a row as it was read; without country and group nobody could tell."""

    text: str
    role: PlaceRole
    country: str | None = None
    subdivision: str | None = None
    city: str | None = None
    group: str | None = None


class ImportedRow(Struct, frozen=True, kw_only=True):
    """What becomes of a row, or of a sub-processor or use that has no row any more."""

    row: int | None
    """Counted from 1, headings included; null for what the list no longer has."""
    action: ImportAction
    name: str
    sub_processor_id: UUID | None = None
    """Absent for one that is new in a dry run."""
    places: tuple[ImportedPlace, ...] = ()
    problems: tuple[str, ...] = ()
    """What is open, why, and what to do; a row with problems is still taken unless it is rejected."""


class ImportSummary(Struct, frozen=True, kw_only=True):
    """How many rows there are, and how many of each action (`remove` counts sub-processors)."""

    rows: int
    add: int = 0
    change: int = 0
    remove: int = 0
    same: int = 0
    reject: int = 0


class ImportedChange(Struct, frozen=True, kw_only=True):
    """A change that the import makes; in a dry run it has no id yet."""

    id: UUID | None
    number: int | None
    kind: ChangeKind
    state: ChangeState
    name: str
    """The sub-processor that it is about."""
    late: bool = False
    checks: tuple[Check, ...] = ()
    """The blocks: accepted by the import with its reason where it publishes, still to be mended where it drafts."""


class ImportReport(Struct, frozen=True, kw_only=True):
    """What an import did, or would do."""

    name: str
    committed: bool
    effective_on: date
    reason: str
    columns: dict[str, str | None]
    """What each heading was taken for; null: not read."""
    notes: tuple[str, ...]
    """What concerns the list as a whole."""
    summary: ImportSummary
    rows: tuple[ImportedRow, ...]
    changes: tuple[ImportedChange, ...]
