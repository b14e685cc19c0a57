"""Imports: a published list taken over into the register, row by row."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from registry.resources.base import Day, Key, Name, Request, Text
from registry.resources.changes import AlreadyTold, ChangeKind, ChangeState, Check
from registry.resources.places import PlaceRole

CONTENT_MAX = 7_000_000
"""Characters: a file of five million bytes in Base64, or five million characters of text."""

CheckCode = Annotated[str, Meta(pattern="^[a-z_]{3,60}$", max_length=60)]


class ImportAction(StrEnum):
    """What becomes of a row; `remove` is of a sub-processor that the list no longer has."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    SAME = "same"
    REJECT = "reject"


class ImportAcceptance(Request, frozen=True, kw_only=True):
    """A check that the publisher takes upon itself, for every change of the import that it blocks."""

    code: CheckCode
    reason: Text | None = None
    """Absent: the `reason` of the import, which must then be given."""


class ImportRequest(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/imports`."""

    name: Name
    """What the list is called, such as its file name."""
    content: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=CONTENT_MAX,
            description="The list: CSV, JSON, or a table pasted as text or HTML; a file in Base64.",
            examples=["Name,Purpose,Location\nExample GmbH,Hosting,Germany\n"],
        ),
    ]
    encoding: Literal["text", "base64"] = "text"
    """`base64`: `content` is a file, such as a spreadsheet (XLSX), byte by byte in Base64."""
    media_type: Annotated[str, Meta(max_length=200)] | None = None
    """What the file says that it is; what it is, its bytes say."""
    table: Name | None = None
    """The sheet of a workbook or the table of a page that is meant, by its title or its number."""
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
    """Told to clients, and recorded for what is accepted without a reason of its own."""
    accept: Annotated[list[ImportAcceptance], Meta(max_length=50)] = []
    """Checks that may block without stopping the import; each stays on the attention list until it is mended."""
    same: Annotated[
        dict[Name, Name],
        Meta(
            description="Two names of one sub-processor, on the register and on the list: renamed, or taken over.",
            examples=[{"Helpscout": "Help Scout"}],
        ),
    ] = {}
    different: dict[Name, Name] = {}
    """Two names that look alike and are not one sub-processor's. Both sorts of decision are remembered."""
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
    """The blocks: to be mended, or accepted: by the import where it publishes, later where it drafts."""


class ImportBlock(Struct, frozen=True, kw_only=True):
    """A check that blocks changes of the import."""

    code: str
    changes: int
    """How many changes it blocks."""
    acceptable: bool
    accepted: bool
    names: tuple[str, ...]
    """The first of the sub-processors that these changes are about."""


class ImportQuestion(Struct, frozen=True, kw_only=True):
    """Two names that may be one sub-processor's: for a person to say by `same` or `different`."""

    registered: str
    """The name on the register that the list does not have."""
    listed: str
    """The name on the list."""
    row: int
    reason: str
    """Why it is asked."""


class ImportReport(Struct, frozen=True, kw_only=True):
    """What an import did, or would do."""

    id: UUID
    """Of the import itself: `/v1/imports/{id}`."""
    name: str
    committed: bool
    effective_on: date
    reason: str
    columns: dict[str, str | None]
    """What each heading was taken for; null: not read."""
    notes: tuple[str, ...]
    """What concerns the list as a whole."""
    blocks: tuple[ImportBlock, ...]
    """Every check that blocks, with how many changes it blocks and whether that is accepted."""
    questions: tuple[ImportQuestion, ...]
    summary: ImportSummary
    rows: tuple[ImportedRow, ...]
    changes: tuple[ImportedChange, ...]


class ImportState(StrEnum):
    """Where an import is; one that was `interrupted` wrote nothing."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class ImportRun(Struct, frozen=True, kw_only=True):
    """An import as it goes on: how far it is, and what it came to."""

    id: UUID
    name: str
    commit: bool
    state: ImportState
    started_at: datetime
    started_by: str
    finished_at: datetime | None
    rows: int | None
    """Rows read; null while the list is being read."""
    changes_planned: int | None
    """Changes that the rows come to; null until they are compared with the register."""
    changes_made: int
    """Changes examined so far; none of them is there before all are."""
    report: ImportReport | None = None
    """What `POST /v1/imports` answers, once it is done."""
    problem: dict[str, Any] | None = None
    """Why it failed, as the problem that the request was answered with."""
