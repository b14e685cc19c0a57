"""Rows as they are stored, where rules need to see them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from registry.resources.proposals import ProposedPart


class ChangeRow(Struct, frozen=True, kw_only=True):
    """A change as stored, with its parts."""

    id: UUID
    version: int
    kind: str
    reason: str
    note: str | None
    about: UUID | None
    about_number: int | None
    about_kind: str | None
    drafted_at: datetime
    drafted_by: str
    drafted_by_holder: str
    number: int | None
    published_at: datetime | None
    published_by: str | None
    published_by_holder: str | None
    published_on: date | None
    late: bool | None
    already_told: dict[str, Any] | None
    accepted: list[dict[str, Any]] | None
    news: list[dict[str, Any]] | None
    withdrawn_by: UUID | None
    postponed_by: UUID | None
    emergency: str | None = None
    published_alone: bool = False
    open_objections: int = 0
    parts: tuple[ProposedPart, ...]
