"""What the fold reads and yields: parts of published changes, and periods of terms."""

from datetime import date
from typing import Any

from msgspec import Struct

from registry.resources.changes import Operation


class PublishedPart(Struct, frozen=True, kw_only=True):
    """A part of a published change, as the fold reads it."""

    number: int
    operation: Operation
    effective_on: date
    patch: dict[str, Any]
    about: int | None = None
    """The number of the change that a correction, withdrawal or postponement is about."""


class TermsPeriod(Struct, frozen=True, kw_only=True):
    """A document with the days on which it holds, both inclusive; None is unbounded."""

    first: date | None
    last: date | None
    document: dict[str, Any]
    changes: tuple[int, ...]

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
