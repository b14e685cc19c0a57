"""Reassessment: verdicts that turned because a day passed or the law moved, recorded once each."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from transfers.vocabulary import Verdict


class Cause(StrEnum):
    """Why a verdict turned without anybody writing anything on the day."""

    DAY = "day"
    """A date of the law or of a fact has come."""
    CHANGE = "change"
    """The effective day of a published change has come."""
    LAW = "law"
    """The law on record is another than when the register was last looked at."""


class SeenVerdict(Struct, frozen=True, kw_only=True):
    """What was last recorded of a transfer."""

    transfer_id: UUID
    sub_processor_id: UUID
    verdict: Verdict
    conservative_verdict: Verdict | None
    facts_digest: bytes
    law_edition: str
    seen_on: date
    since: date


class TurnedVerdict(Struct, frozen=True, kw_only=True):
    """A verdict that turned: what the journal holds of it."""

    transfer_id: UUID
    sub_processor_id: UUID
    sub_processor: str
    place: str
    regime: str
    cause: Cause
    day: date
    """The first day of the new verdict; of a law that moved, the day on which it was noticed."""
    before: Verdict
    before_conservative: Verdict | None
    after: Verdict
    after_conservative: Verdict | None
    carried_by: str | None
    """What carries it now, in words."""
    event: str
    """What turned it."""
    changes: tuple[int, ...]
    law_records: tuple[str, ...]
    law_before: str
    law_after: str


class Reassessment(Struct, frozen=True, kw_only=True):
    """What one look over the whole register has found."""

    day: date
    law_edition: str
    looked_at: int
    turned: tuple[TurnedVerdict, ...]
