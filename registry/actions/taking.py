"""Carrying out the plan of an import: every change examined in a register carried on in memory.

Each change meets the same rules as one that a person drafts, in the register as the change before left it.
The register is read once; what is written goes to PostgreSQL by the chunk, in the import's one transaction.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import replace

from registry.actions.changes import ALONE, Decided, make_true
from registry.actions.drafts import author
from registry.actions.import_changes import Made, Manner, of_row
from registry.actions.parts import read_facts, with_subject
from registry.actions.proposing import case, published_parts, simulate_in
from registry.actions.reviews import Reviewed, longest_notice
from registry.actions.writing import Entry, Writing
from registry.errors import ConflictError, Fault, InvalidError, RegistryError
from registry.resources.changes import (
    Acceptance,
    ChangeKind,
    ChangeState,
    CheckLevel,
    NewSubProcessor,
    Operation,
)
from registry.resources.imports import ImportedChange
from registry.resources.organisations import OrganisationFacts
from registry.resources.periods import PublishedPart
from registry.resources.proposals import ProposedPart
from registry.resources.services import ServiceDraft
from registry.resources.stored import ChangeRow
from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.imports.late import alters_from
from registry.rules.imports.planning import PlannedDraft
from registry.rules.proposals import Proposal
from registry.store import changes as change_store
from registry.store import organisations as organisation_store
from registry.store import services as service_store
from registry.store import sub_processors as sub_processor_store

CHUNK = 250
"""Changes that are examined before they are written and progress is told."""

SHARE = 5  # After so many changes, others of this process have their turn.
IDS = 3
"""A change that adds a sub-processor needs an id for itself, the sub-processor and its organisation."""


class _Ready(NamedTuple):
    """A change that is examined, and not yet written."""

    item: PlannedDraft
    row: ChangeRow
    decided: Decided | None
    """None: it stays a draft."""


class Taking:
    """The changes of one import, made in one transaction."""

    def __init__(self, w: Writing, world: World, manner: Manner) -> None:
        self.w = w
        self.manner = manner
        self.made: list[Made] = []
        # Dictionaries of our own (`engaged` below too), so that the register can be carried on in place.
        self._services = dict(world.services)
        self._organisations = dict(world.organisations)
        self._sub_processors = dict(world.sub_processors)
        self._world = replace(
            world,
            services=self._services,
            organisations=self._organisations,
            sub_processors=self._sub_processors,
        )
        vars(self._world)["engaged"] = dict(world.engaged)
        self._ready: list[_Ready] = []
        self._stopped = False
        self._new_organisations: dict[UUID, OrganisationFacts] = {}
        self._new_sub_processors: dict[UUID, UUID] = {}

    async def services(self, new: Mapping[str, str]) -> None:
        """Add the services that the list names first."""
        for key, name in new.items():
            self._services[key] = name
            if self.manner.writes:
                service = ServiceDraft(key=key, name=name)
                added = await service_store.add(self.w.db, service, self.w.at)
                await self.w.journal("created", "service", added.id, service)

    async def chunk(self, items: Sequence[PlannedDraft]) -> None:
        """Examine some of the changes, and write them unless one of all so far cannot be."""
        self._ready.clear()
        self._new_organisations.clear()
        self._new_sub_processors.clear()
        ids = iter(await sub_processor_store.fresh_ids(self.w.db, IDS * len(items)))
        drafted = []
        for item in items:
            try:
                about = await self._withdrawn(item)
                parts = self._parts(item, ids) if about is None else [self._withdrawal(about)]
                drafted.append((item, self._row(item, parts, next(ids), about)))
            except RegistryError as error:
                raise of_row(error, item) from error
        beside = await published_parts(self.w.db, [part for _, row in drafted for part in row.parts])
        for item, row in drafted:
            try:
                await self._one(item, row, beside)
            except RegistryError as error:
                raise of_row(error, item) from error
            if len(self.made) % SHARE == 0:
                await asyncio.sleep(0)
        if self.manner.writes and not self._stopped:
            await self._write()

    async def _withdrawn(self, item: PlannedDraft) -> ChangeRow | None:
        """The change that a planned one withdraws; it must be about nothing else."""
        if item.withdraws is None:
            return None
        row = await change_store.by_number(self.w.db, item.withdraws)
        if len(row.parts) > 1:
            raise ConflictError(
                f"It starts by change {row.number}, which is about others too, on the very day on which the list does"
                " not have it. Withdraw that change by hand, or import with a later day."
            )
        return row

    def _withdrawal(self, about: ChangeRow) -> ProposedPart:
        [part] = about.parts
        periods = self._sub_processors[part.subject_id].periods
        day = next(one.first for one in periods if about.number in one.changes and one.first is not None)
        return replace(part, operation=Operation.WITHDRAW, effective_on=day, patch={})

    def _parts(self, item: PlannedDraft, ids: Iterator[UUID]) -> list[ProposedPart]:
        faults, parts = list[Fault](), []
        for index, given in enumerate(item.draft.parts if item.draft else ()):
            organisation_id = given.organisation_id if given.organisation_id is not UNSET else None
            sub_processor_id = given.sub_processor_id if given.sub_processor_id is not UNSET else None
            if given.sub_processor is not UNSET:
                sub_processor_id = self._new(given.sub_processor, f"parts[{index}].sub_processor", ids)
            part = with_subject(given, sub_processor_id, organisation_id, f"parts[{index}]", faults)
            parts.append(replace(part, name=self._name(part)))
        if faults:
            raise InvalidError("Some of it cannot be read; each fault says which and why.", faults)
        return parts

    def _name(self, part: ProposedPart) -> str:
        """What its subject was called when it came on the register, as stored parts have it."""
        organisation_id = part.organisation_id
        if part.sub_processor_id is not None:
            organisation_id = self._sub_processors[part.sub_processor_id].organisation_id
        return str(self._organisations[organisation_id].document["legal_name"]) if organisation_id else ""

    def _new(self, new: NewSubProcessor, member: str, ids: Iterator[UUID]) -> UUID:
        """A sub-processor that is new, of an organisation that is known or new too."""
        if new.organisation_id is not UNSET:
            organisation_id = new.organisation_id
        else:
            facts = new.organisation
            if facts is UNSET:
                raise ValueError("A new sub-processor is of an organisation.")
            organisation_id = next(ids)
            self._organisations[organisation_id] = KnownOrganisation(
                id=organisation_id,
                version=1,
                own=False,
                document=read_facts(facts, f"{member}.organisation"),
                created_at=self.w.at,
            )
            self._new_organisations[organisation_id] = facts
        key = next(ids)
        self._sub_processors[key] = KnownSubProcessor(id=key, organisation_id=organisation_id)
        self._world.engaged[organisation_id] = key
        self._new_sub_processors[key] = organisation_id
        return key

    async def _one(
        self,
        item: PlannedDraft,
        row: ChangeRow,
        beside: Mapping[UUID, Sequence[PublishedPart]],
    ) -> None:
        manner, today = self.manner, self.w.today
        waiting = len(self._ready) if manner.publishes else 0
        proposal = await simulate_in(
            self.w.db,
            self._world,
            beside,
            kind=ChangeKind(row.kind),
            parts=row.parts,
            about=row.about_number,
            number=self.w.head.change_no + waiting + 1,
            today=today,
        )
        longest = longest_notice(manner.clients, manner.notice_days, today)
        examined = case(proposal, today, manner.law, longest)
        reviewed = Reviewed(
            row, self.w.head, proposal, examined, today, manner.law, manner.clients, manner.notice_days
        )
        blocks = tuple(check for check in reviewed.checks if check.level is CheckLevel.BLOCKS)
        decided = None
        if manner.publishes:
            accepted = [
                Acceptance(code=check.code, subject=check.subject, reason=manner.accept[check.code])
                for check in blocks
                if check.acceptable and check.code in manner.accept
            ]
            decided = Decided(
                reviewed=reviewed,
                accepted=accepted,
                already_told=manner.already_told,
                operation=ALONE,
            )
        late = decided is not None and reviewed.late
        untold = late and manner.already_told is None and alters_from(proposal, today)
        if decided is not None:
            self._carry_on(proposal)
        self._stopped = (
            self._stopped or untold or (decided is not None and len(blocks) > len(decided.accepted))
        )
        self._ready.append(_Ready(item, row, decided))
        change = ImportedChange(
            id=row.id if manner.writes else None,
            number=proposal.proposed.number if decided is not None and manner.writes else None,
            kind=ChangeKind(row.kind),
            state=ChangeState.DRAFT if decided is None else ChangeState.PUBLISHED,
            name=item.name,
            late=late,
            checks=blocks,
        )
        self.made.append(Made(item=item, change=change, untold=untold))

    def _row(
        self, item: PlannedDraft, parts: Sequence[ProposedPart], change_id: UUID, about: ChangeRow | None
    ) -> ChangeRow:
        who = author(self.w)
        return ChangeRow(
            id=change_id,
            version=1,
            kind=item.draft.kind.value if item.draft else ChangeKind.WITHDRAWAL.value,
            reason=item.draft.reason if item.draft else self.manner.reason,
            note=item.draft.note if item.draft else None,
            about=about.id if about else None,
            about_number=about.number if about else None,
            about_kind=about.kind if about else None,
            drafted_at=self.w.at,
            drafted_by=who.name,
            drafted_by_holder=who.holder,
            number=None,
            published_at=None,
            published_by=None,
            published_by_holder=None,
            published_on=None,
            late=None,
            already_told=None,
            accepted=None,
            news=None,
            withdrawn_by=None,
            postponed_by=None,
            parts=tuple(parts),
        )

    def _carry_on(self, proposal: Proposal) -> None:
        """The register as it is with the change published."""
        for part in proposal.proposed.parts:
            if part.sub_processor_id is not None:
                after = proposal.after.sub_processors[part.sub_processor_id]
                self._sub_processors[after.id] = after
                for name in after.names:
                    self._world.named.setdefault(name, set()).add(after.id)
            elif part.organisation_id is not None:
                self._organisations[part.organisation_id] = proposal.after.organisations[part.organisation_id]

    async def _write(self) -> None:
        w = self.w
        documents = {key: self._organisations[key].document for key in self._new_organisations}
        await organisation_store.add_all(w.db, documents, w.at)
        await sub_processor_store.add_all(w.db, self._new_sub_processors, w.at)
        await change_store.add_all(w.db, [ready.row for ready in self._ready])
        await w.journal_all(
            [
                *(
                    Entry("created", "organisation", str(key), facts)
                    for key, facts in self._new_organisations.items()
                ),
                *(
                    Entry(
                        "drafted", "change", str(row.id), item.draft or {"kind": row.kind, "about": row.about}
                    )
                    for item, row, _ in self._ready
                ),
            ]
        )
        decided = [decided for _, _, decided in self._ready if decided is not None]
        if decided:
            await make_true(w, decided)
