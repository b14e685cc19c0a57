"""A change on its way to publication, as the pure rules see it."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from registry.resources.changes import ChangeKind, Operation


class ProposedPart(Struct, frozen=True, kw_only=True):
    """A part with its subject known and its patch read."""

    sub_processor_id: UUID | None
    organisation_id: UUID | None
    operation: Operation
    effective_on: date
    patch: dict[str, Any]
    name: str = ""
    """What its subject was called when it came on the register."""

    @property
    def subject_id(self) -> UUID:
        """The sub-processor or organisation that the part is about."""
        subject = self.sub_processor_id or self.organisation_id
        if subject is None:
            raise ValueError("A part is about a sub-processor or an organisation.")
        return subject


class Proposed(Struct, frozen=True, kw_only=True):
    """A change with the number it would be published under."""

    kind: ChangeKind
    number: int
    about: int | None
    parts: tuple[ProposedPart, ...]
