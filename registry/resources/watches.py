"""Watched lists: what others publish about their sub-processors, and what differs since it was last read."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from registry.resources.base import Name, Request, Url


class WatchState(StrEnum):
    """How the last look ended."""

    NEW = "new"
    """Nobody has looked yet."""
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    FAILED = "failed"


class Weight(StrEnum):
    """What a difference means."""

    COSMETIC = "cosmetic"
    """Spelling and order; it says the same."""
    CORRECTION = "correction"
    """Wording, contacts, links."""
    MATERIAL = "material"
    """More, less or other processing; also what only a person can read."""


class WatchDraft(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/watched-lists`."""

    source: Url
    """The list or feed: a page with a table, CSV, XLSX, JSON, RSS, Atom."""
    name: Name | None = None
    """Absent: its address."""
    sub_processor_id: UUID | None = None
    """Whose list it is. Absent: our own list, kept elsewhere, whose differences from the register are drafted."""
    columns: Annotated[
        dict[str, str],
        Meta(
            max_length=50,
            description="Which column a heading is, where it is not known by itself: heading to column.",
            examples=[{"Hosting Location": "storage_place"}],
        ),
    ] = {}
    table: Name | None = None
    """The sheet of a workbook or the table of a page that is meant, by its title or its number."""
    every_hours: Annotated[int, Meta(ge=1, le=720)] = 24
    """Hours between two looks."""


class WatchedDifference(Struct, frozen=True, kw_only=True):
    """One thing that differs from what was last read."""

    name: str
    weight: Weight
    told: tuple[str, ...]
    """What is new, gone or otherwise, a line each."""
    change_id: UUID | None = None
    """The draft that waits for a person; none where nothing is to be drafted, or nobody but a person can."""


class PastLook(Struct, frozen=True, kw_only=True):
    """A look as it is remembered."""

    at: datetime
    state: WatchState
    message: str | None
    entries: int | None
    """How many there were; none where it was not read."""
    differences: int


class WatchedList(Struct, frozen=True, kw_only=True):
    """A list or feed that is watched, and what the last look at it found."""

    id: UUID
    version: int
    name: str
    source: str
    sub_processor_id: UUID | None
    columns: dict[str, str]
    table: str | None
    every_hours: int
    created_at: datetime
    created_by: str
    state: WatchState
    message: str | None
    """What the last look has to say: why it failed, or what it could not read."""
    doubtful: bool
    """It lost so much that it is not believed until a person says `take`."""
    failures: int
    """Looks that failed, in a row."""
    failing_since: datetime | None
    asked_at: datetime | None
    read_at: datetime | None
    """When it last said anything that could be read."""
    due_at: datetime
    """When it is looked at next by itself."""
    entries: int | None
    """How many sub-processors, or items of a feed, it had when it was last read."""
    found_at: datetime | None
    """When it last differed."""
    found: tuple[WatchedDifference, ...]
    """What differed then."""
    looks: tuple[PastLook, ...] | UnsetType = UNSET
    """The last twenty looks, the newest first; left out of listings."""


class Fetched(Struct, frozen=True, kw_only=True):
    """What asking a source came to."""

    body: bytes | None = None
    """None: it is as it was, or could not be had."""
    unchanged: bool = False
    media_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    failure: str | None = None
    """Why it could not be had, and what to do."""
    host: str | None = None
    """Who answered last."""
    wait: int = 0
    """Seconds for which the host asks to be left alone."""
    later: str | None = None
    """Why nobody was asked, where the host has asked to be left alone; no failure."""


class Pending(Struct, frozen=True, kw_only=True):
    """A draft that was made for a difference."""

    change_id: UUID
    name: str
    """Of the sub-processor, as the list has it."""


class Watched(Struct, frozen=True, kw_only=True):
    """A watched list as it is stored."""

    id: UUID
    name: str
    source: str
    sub_processor_id: UUID | None
    columns: dict[str, str] = {}
    table: str | None = None
    every_hours: int = 24
    failures: int = 0
    etag: str | None
    last_modified: str | None
    due_at: datetime
    wait_until: datetime | None
    """Until when its host asks to be left alone."""
    reading: dict[str, Any] | None
    drafted: dict[str, Pending] = {}
    """The draft made for each difference, by what the difference comes to."""
