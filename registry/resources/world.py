"""The register as one value: what pure rules need to see at once."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct

from registry.resources.periods import TermsPeriod

V = TypeVar("V")


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

    @property
    def names(self) -> set[str]:
        """The ids of the organisations that its terms name: engagers, parties of safeguards, operators of places."""
        found: set[str] = set()
        for period in self.periods:
            document = period.document
            found.update(document.get("engaged_by", ()))
            for safeguard in document.get("safeguards", {}).values():
                found.update(safeguard.get("parties", ()))
            for use in document.get("uses", {}).values():
                found.update(
                    place["operated_by"] for place in use["places"].values() if place.get("operated_by")
                )
        return found


class Replaced(Mapping[UUID, V]):
    """A mapping with some of its values replaced: what a change does not touch is not copied.

    Every key of `changed` must be in `base`, whose order stays.
    """

    __slots__ = ("_base", "_changed")

    def __init__(self, base: Mapping[UUID, V], changed: Mapping[UUID, V]) -> None:
        self._base = base
        self._changed = changed

    def __getitem__(self, key: UUID) -> V:
        return self._changed[key] if key in self._changed else self._base[key]

    def __contains__(self, key: object) -> bool:
        return key in self._base

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._base)

    def __len__(self) -> int:
        return len(self._base)


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

    @cached_property
    def engaged(self) -> dict[UUID, UUID]:
        """The sub-processor that each organisation is, where it is one."""
        return {known.organisation_id: key for key, known in self.sub_processors.items()}

    @cached_property
    def named(self) -> dict[str, set[UUID]]:
        """The sub-processors whose terms, in any period, name an organisation: by its id as documents write it."""
        found: dict[str, set[UUID]] = {}
        for key, known in self.sub_processors.items():
            for name in known.names:
                found.setdefault(name, set()).add(key)
        return found

    def altered(
        self,
        organisations: Mapping[UUID, KnownOrganisation],
        sub_processors: Mapping[UUID, KnownSubProcessor],
    ) -> "World":
        """The world with these records in the place of those that it has; none is new."""
        after = World(
            change_no=self.change_no,
            journal_no=self.journal_no,
            services=self.services,
            organisations=Replaced(self.organisations, organisations),
            sub_processors=Replaced(self.sub_processors, sub_processors),
        )
        # Who is a sub-processor, and who is ours, is as it was: it is not found out again for each change.
        vars(after)["engaged"] = self.engaged
        vars(after)["own"] = [after.organisations[known.id] for known in self.own]
        return after
