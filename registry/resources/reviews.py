"""A review: what a change would do, shown before anybody publishes it."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from registry.resources.changes import Change, Check, Notice, Part
from registry.resources.notices import AuthorisationKind
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
    clients: tuple[str, ...] = ()
    """References of the clients with whose data the rules come, where they do not bind us: only what turns is told."""


class ReviewedClient(Struct, frozen=True, kw_only=True):
    """A client that the change touches, and what it is owed."""

    client_id: UUID
    reference: str
    notice: Notice
    authorisation: AuthorisationKind
    notice_days: int
    objection_days: int
    widens_on: date | None
    """The first day yet to come on which it widens anything for this client."""
    earliest_effective_on: date
    """The first day on which it may, were it published today."""
    parts: tuple[Part, ...]
    """What the client will be told."""


class Review(Struct, frozen=True, kw_only=True):
    """Diff, checks and resulting transfers; its ETag covers the draft, journal number, law edition and day."""

    change: Change
    as_of: date
    journal_number: int
    law_edition: str
    notice: Notice
    notice_days: int
    earliest_effective_on: date
    """The earliest lawful day over all, were it published today: every client has had its notice, and everybody
    what the register promises. Today where none is owed."""
    late: bool
    parts: tuple[Part, ...]
    checks: tuple[Check, ...]
    transfers: tuple[ReviewedTransfer, ...]
    clients: tuple[ReviewedClient, ...]
    """The clients that it touches, in the order of their making."""
    publishable_by: str
    """Who may publish it: any other holder with the role, unless one person may do both here."""
