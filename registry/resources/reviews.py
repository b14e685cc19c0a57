"""A review: what a change would do, shown before anybody publishes it."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from registry.resources.changes import Change, Check, Notice, Part
from transfers.vocabulary import Verdict


class ReviewedTransfer(Struct, frozen=True, kw_only=True):
    """A transfer of the subjects with its verdict before and on the effective day."""

    id: UUID
    sub_processor: str
    use: str
    place: str
    country: str | None
    regime: str
    on: date
    before: Verdict | None
    """Absent: there is no such transfer before."""
    after: Verdict | None
    """Absent: there is none any more."""
    relied_on: str | None
    valid_until: date | None


class Review(Struct, frozen=True, kw_only=True):
    """Diff, checks and resulting transfers; its ETag covers the draft, journal number, law edition and day."""

    change: Change
    as_of: date
    journal_number: int
    law_edition: str
    notice: Notice
    notice_days: int
    earliest_effective_on: date
    """The earliest day that the notice period leaves, were it published today; today where none is owed."""
    late: bool
    parts: tuple[Part, ...]
    checks: tuple[Check, ...]
    transfers: tuple[ReviewedTransfer, ...]
    publishable_by: str
    """Who may publish it: any other holder with the role."""
