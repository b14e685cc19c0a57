"""The register as one value: what pure rules need to see at once."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from msgspec import Struct

from registry.resources.periods import TermsPeriod


class KnownOrganisation(Struct, frozen=True, kw_only=True):
    """An organisation with what it was created with and what changes made of it since."""

    id: UUID
    version: int
    own: bool
    document: dict[str, Any]
    created_at: datetime
    periods: tuple[TermsPeriod, ...] = ()

    def document_on(self, day: date) -> dict[str, Any]:
        """Its facts on the day."""
        for period in self.periods:
            if period.covers(day):
                return period.document
        return self.document


class KnownSubProcessor(Struct, frozen=True, kw_only=True):
    """A sub-processor with the periods of its terms."""

    id: UUID
    organisation_id: UUID
    periods: tuple[TermsPeriod, ...] = ()


class World(Struct, frozen=True, kw_only=True, dict=True):
    """Everything on the register as it is known at a change number."""

    change_no: int
    journal_no: int
    """Moves with every write, renamed services and records without a change included."""
    services: Mapping[str, str]
    """Names of services by key."""
    organisations: Mapping[UUID, KnownOrganisation]
    sub_processors: Mapping[UUID, KnownSubProcessor]

    @cached_property
    def own(self) -> list[KnownOrganisation]:
        """Our own legal entities, the oldest first."""
        return [organisation for organisation in self.organisations.values() if organisation.own]
