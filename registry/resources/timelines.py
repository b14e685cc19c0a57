"""A transfer through time: its past and coming verdicts."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from transfers.vocabulary import Verdict


class TurningChange(Struct, frozen=True, kw_only=True):
    """A published change that took, or takes, effect on the day."""

    number: int
    id: UUID


class TransferInterval(Struct, frozen=True, kw_only=True):
    """An unbroken span with one answer; ``until`` is null where nothing published or on record ends it.

    A new span begins where the verdict changes, or what carries it, or how a review is carefully read.
    """

    first_day: date
    until: date | None
    verdict: Verdict
    valid_until: date | None
    """The last day of the verdict alone, as a transfer asked about on any of these days says it."""
    conservative_verdict: Verdict | None
    relied_on: str | None
    """What carries it on the first day, in words."""
    event: str
    """What turned it on the first day: changes of the register, the law, or a date of a fact."""
    changes: tuple[TurningChange, ...]
    law_records: tuple[str, ...]
    """The records of the law that name the day, as `/v1/law`, decisions and tools list them."""


class TransferTimeline(Struct, frozen=True, kw_only=True):
    """Every verdict on one transfer from 1995 on, on the days on which the register has it.

    Between two intervals that do not meet the transfer is not on the register.
    """

    id: UUID
    client_id: UUID | None
    """Whose data it is, where the rules come with them; null: the rules bind us."""
    regime: str
    sub_processor_id: UUID
    sub_processor: str
    intervals: tuple[TransferInterval, ...]
    law_edition: str
