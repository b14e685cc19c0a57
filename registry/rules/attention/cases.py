"""What the rules of attention look at: the register of today with the courses of its transfers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from msgspec import Struct

from registry.resources.attention import AcceptedBlock
from registry.resources.organisations import OrganisationFacts
from registry.resources.terms import Terms
from registry.resources.world import World
from registry.rules.documents import read
from registry.rules.fold import on
from registry.rules.spans import spans
from registry.rules.timelines import Readings, Turn, course, since
from transfers.law import Law

TEN_DAYS = timedelta(days=10)
"""What ends within so many days is urgent."""


class Held(Struct, frozen=True, kw_only=True):
    """A sub-processor as it is on the day."""

    id: UUID
    organisation_id: UUID
    organisation: OrganisationFacts
    terms: Terms

    @property
    def name(self) -> str:
        return self.organisation.legal_name


class Watched(Struct, frozen=True, kw_only=True):
    """A transfer through time, parted at today, or at its first day where that is to come."""

    past: Sequence[Turn]
    """Up to the present answer, which is the last."""
    coming: Sequence[Turn]
    planned: bool

    @property
    def turn(self) -> Turn:
        """The present answer."""
        return self.past[-1]

    @property
    def since(self) -> date:
        """The first day of the present verdict."""
        return since(self.past)


class Case(Struct, frozen=True, kw_only=True, dict=True):
    """The register, the law, the day, and how far ahead to look."""

    world: World
    law: Law
    today: date
    within: timedelta
    notice_days: int
    """What we promise clients; a vendor that tells us later makes that impossible to keep."""
    accepted: Mapping[tuple[str, str], AcceptedBlock] = {}
    """Blocks that were accepted, by code and subject; of several the last."""

    @property
    def horizon(self) -> date:
        """The last day that is looked at for what ends."""
        return self.today + self.within

    @cached_property
    def courses(self) -> list[list[Turn]]:
        """Every answer on each transfer that is on the register today or later, from the first on."""
        readings = Readings(self.law)
        return [
            course(rests, self.law, known=readings)
            for sub_processor in self.world.sub_processors.values()
            for rests in spans(self.world, sub_processor, self.law).values()
            if rests[-1].until is None or rests[-1].until >= self.today
        ]

    def transfers(self) -> Iterator[Watched]:
        """Each transfer of today as it is, and each that is published to begin as it will be on its first day."""
        for turns in self.courses:
            index = next(
                index for index, turn in enumerate(turns) if turn.until is None or turn.until >= self.today
            )
            yield Watched(
                past=turns[: index + 1],
                coming=turns[index + 1 :],
                planned=turns[index].first_day > self.today,
            )

    @cached_property
    def held(self) -> list[Held]:
        """Every sub-processor with terms today, in the order of names."""
        found = []
        for key, sub_processor in self.world.sub_processors.items():
            period = on(sub_processor.periods, self.today)
            if period is not None:
                document = self.world.organisations[sub_processor.organisation_id].document_on(self.today)
                found.append(
                    Held(
                        id=key,
                        organisation_id=sub_processor.organisation_id,
                        organisation=read(document, OrganisationFacts),
                        terms=read(period.document, Terms),
                    )
                )
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))
