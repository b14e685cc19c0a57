"""The vocabulary of the news: a published change, its parts, and what differs in each."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Kind(StrEnum):
    """What a change is called."""

    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    MATERIAL_CHANGE = "material_change"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    POSTPONEMENT = "postponement"


class Operation(StrEnum):
    """What a part does to the terms of one sub-processor, or to a part that was published before."""

    START = "start"
    SET = "set"
    END = "end"
    WITHDRAW = "withdraw"
    POSTPONE = "postpone"


class Effect(StrEnum):
    """What a difference means for those whose data it is about."""

    WIDENS = "widens"
    NARROWS = "narrows"
    WORDING = "wording"
    ALTERS = "alters"


class Difference(Struct, frozen=True, kw_only=True):
    """One member that has another value than before.

    ``path`` is its place in the document (``uses``, ``hosting``, ``places``, ``lyon``), ``label`` the same
    in words and in the singular, beginning small unless it is a name: "place of backup". ``old`` or ``new``
    is absent where the member was not there before or is not there any more.
    """

    path: tuple[str, ...]
    label: str
    old: str | None = None
    new: str | None = None
    effect: Effect = Effect.ALTERS


class Part(Struct, frozen=True, kw_only=True):
    """What happens to one sub-processor, and on which day.

    ``effective_on`` is the first day on which it is true; for an end, the first day without. In a
    postponement it is the new day and ``previously_on`` the day that was announced first. In a withdrawal
    both are the day that will not come. ``sub_processor_id`` is absent where the part is about an
    organisation that is no sub-processor, such as one of our own; ``sub_processor`` is then its name.
    """

    sub_processor: str
    operation: Operation
    effective_on: date
    sub_processor_id: UUID | None = None
    previously_on: date | None = None
    differences: tuple[Difference, ...] = ()


class About(Struct, frozen=True, kw_only=True):
    """The published change that a withdrawal, postponement or correction is about."""

    id: UUID
    number: int
    kind: Kind


class Item(Struct, frozen=True, kw_only=True):
    """One published change as news.

    ``published_at`` is an aware moment. ``late`` says that it was published when a day of it had passed.
    Nothing here may be secret: every member is for the public. Two alone are one client's, and stand in what only
    this client reads: ``objection_until``, the last day on which it may object, and ``given_at``, since when that
    is known.
    """

    id: UUID
    number: int
    kind: Kind
    published_at: datetime
    reason: str
    parts: tuple[Part, ...]
    about: About | None = None
    late: bool = False
    objection_until: date | None = None
    given_at: datetime | None = None

    @property
    def updated_at(self) -> datetime:
        """When it was last said otherwise than before: for the public, never after its publication."""
        return max(self.published_at, self.given_at or self.published_at)
