"""What the rules of attention look at: the register of today with the courses of its transfers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from registry.resources.attention import (
    AcceptedBlock,
    FailingChannel,
    FailingWatch,
    IrregularChange,
    RunningNotice,
    Urgency,
)
from registry.resources.bindings import KnownClient
from registry.resources.organisations import OrganisationFacts
from registry.resources.terms import Terms
from registry.resources.world import World
from registry.rules.clients.grouping import Group, groups, touched
from registry.rules.documents import read
from registry.rules.fold import on
from registry.rules.spans import Span, spans
from registry.rules.timelines import Readings, Turn, course, since
from transfers.law import Law

TEN_DAYS = timedelta(days=10)
"""What ends within so many days is urgent."""
SECOND_LOOK = timedelta(days=30)
"""For so long what one person published alone is put before somebody else."""


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
    """A transfer of today as it is, or one that is published to begin as it will be on its first day."""

    turn: Turn
    """The present answer, from today on."""
    coming: Sequence[Turn]
    rests: Sequence[Span]
    planned: bool
    clients: tuple[str, ...] = ()
    """References of the clients with whose data the rules come; empty: the rules bind us."""

    def since(self, law: Law, known: Readings) -> date:
        """The first day of the present verdict."""
        last = self.turn.first_day
        return since([turn for turn in course(self.rests, law, known=known) if turn.first_day <= last])


class Case(Struct, frozen=True, kw_only=True, dict=True):
    """The register, the law, the day, and how far ahead to look."""

    world: World
    law: Law
    today: date
    within: timedelta
    time_zone: ZoneInfo
    """Where the day of a moment begins and ends."""
    notice_days: int
    """What the register promises to everybody."""
    clients: Sequence[KnownClient] = ()
    notices: Sequence[RunningNotice] = ()
    """Of changes that have not taken effect yet, and any that was not given."""
    channels: Sequence[FailingChannel] = ()
    watches: Sequence[FailingWatch] = ()
    """Watched lists whose last look failed."""
    irregular: Sequence[IrregularChange] = ()
    """Changes that were published late, as an emergency, or by one person, as long as that matters."""
    effective: Mapping[UUID, date] = {}
    """The first day of each change that a client authorises itself or objects to."""
    accepted: Mapping[tuple[str, str], AcceptedBlock] = {}
    """Blocks that were accepted, by code and subject; of several the last."""

    @cached_property
    def running(self) -> list[KnownClient]:
        """The clients whose contract runs today or later."""
        return [client for client in self.clients if client.runs_from(self.today)]

    @cached_property
    def promised(self) -> int:
        """The longest notice that anybody was promised; a vendor that tells us later makes that impossible to keep."""
        days = [
            period.terms.notice_days
            for client in self.running
            for period in client.periods
            if period.valid_until is None or period.valid_until >= self.today
        ]
        return max([self.notice_days, *days])

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.time_zone).date()

    def soon(self, day: date) -> Urgency:
        """Urgent from ten days before."""
        return Urgency.NOW if day <= self.today + TEN_DAYS else Urgency.SOON

    @property
    def horizon(self) -> date:
        """The last day that is looked at for what ends."""
        return self.today + self.within

    @cached_property
    def readings(self) -> Readings:
        return Readings(self.law)

    @cached_property
    def transfers(self) -> list[Watched]:
        """Each transfer of today as it is, and each that is published to begin as it will be on its first day.

        Then those under rules that come with clients' data alone, with the clients whose data go there.
        """
        found = [
            self._watched(rests)
            for sub_processor in self.world.sub_processors.values()
            for rests in spans(self.world, sub_processor, self.law).values()
            if rests[-1].until is None or rests[-1].until >= self.today
        ]
        known = {watched.turn.span.hop.id for watched in found}
        for group in groups(self.world, self.running, self.today, self.law):
            if group.entrusted:
                found += self._of_clients(group, known)
        return found

    def _of_clients(self, group: Group, known: Collection[UUID]) -> Iterator[Watched]:
        register = group.world(self.world)
        for sub_processor in register.sub_processors.values():
            found = spans(register, sub_processor, self.law, self.today, group.entrusted)
            for key, rests in found.items():
                stretches = [(max(span.first_day, self.today), span.until) for span in rests]
                touching = [] if key in known else touched(group.clients, rests[-1].hop, stretches)
                if touching:
                    names = (client.reference for client in group.clients if client.id in touching)
                    yield replace(self._watched(rests), clients=tuple(sorted(names)))

    def _watched(self, rests: Sequence[Span]) -> Watched:
        turn, *coming = course(rests, self.law, self.today, self.readings)
        return Watched(turn=turn, coming=coming, rests=rests, planned=turn.first_day > self.today)

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
