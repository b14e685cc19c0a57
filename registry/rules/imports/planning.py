"""The plan of an import: what each row would do, and the changes that would do it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import UNSET, Struct

from registry.resources.changes import (
    ChangeDraft,
    DraftKind,
    DraftOperation,
    Effect,
    NewSubProcessor,
    PartDraft,
)
from registry.resources.imports import ImportAction, ImportedPlace, ImportedRow
from registry.resources.lists import PublishedList
from registry.resources.organisations import OrganisationFacts
from registry.resources.stored import ChangeRow
from registry.resources.terms import Terms
from registry.resources.world import KnownSubProcessor, World
from registry.rules.differences import Names, differences
from registry.rules.documents import canonical
from registry.rules.fold import on
from registry.rules.imports.documents import Said, difference, said
from registry.rules.imports.entities import Listed, Rejected, gather
from registry.rules.imports.matching import match
from registry.rules.imports.renames import ask_about_renames
from registry.rules.imports.rows import Use
from registry.rules.imports.texts import slug
from registry.rules.imports.waiting import Waiting
from registry.rules.patches import Document

OURS = (
    "It is one of our own legal entities, and nobody is their own sub-processor. Take the row out; an affiliate"
    " that processes for another of our entities is recorded by hand."
)


class Wanted(Struct, frozen=True, kw_only=True):
    """How the list is to be taken."""

    day: date
    reason: str
    services: tuple[str, ...] = ()
    keep_missing: bool = False
    drafts: tuple[ChangeRow, ...] = ()
    """All open drafts, whoever drafted them."""


class PlannedDraft(Struct, frozen=True, kw_only=True):
    """A change to be drafted, with the row and the name to which its faults belong."""

    row: int | None
    name: str
    draft: ChangeDraft


class Plan(Struct, frozen=True, kw_only=True):
    """What an import would do."""

    rows: tuple[ImportedRow, ...]
    drafts: tuple[PlannedDraft, ...]
    services: dict[str, str]
    """Services that the register does not have yet, by key."""


def plan(read: PublishedList, world: World, wanted: Wanted) -> Plan:
    """Compare a list with the register as it is on the day."""
    return _Planner(read, world, wanted).plan()


class _Planner:
    """One list against one register."""

    def __init__(self, read: PublishedList, world: World, wanted: Wanted) -> None:
        self.read = read
        self.world = world
        self.wanted = wanted
        gathered = gather(read, world.services.values())
        self.entities = gathered.entities
        self.services = _services(gathered.services, world)
        self.keys = {name: key for key, name in {**world.services, **self.services}.items()}
        self.matches = match(self.entities, world)
        self.waiting = Waiting(wanted.drafts)
        self.rows = [_rejected(row) for row in gathered.rejected]
        self.drafts: list[PlannedDraft] = []

    def plan(self) -> Plan:
        for listed in self.entities:
            self._entity(listed)
        self.rows.sort(key=lambda row: row.row or 0)
        if not self.wanted.keep_missing:
            for known in self.world.sub_processors.values():
                if known.id not in self.matches.found and on(known.periods, self.wanted.day) is not None:
                    self._remove(known)
        ask_about_renames(self.rows)
        return Plan(rows=tuple(self.rows), drafts=tuple(self.drafts), services=self.services)

    def _entity(self, listed: Listed) -> None:
        known = self.matches.of(listed)
        period = on(known.periods, self.wanted.day) if known else None
        old = canonical(period.document, Terms) if period else {}
        new = said(listed, self.read, old, self.keys, self.wanted.services)
        remarks = self.matches.remarks(listed)
        if self.matches.is_ours(listed):
            self._refuse(listed, known, OURS)
            return
        waits = self._waits(listed, known, old)
        if waits is not None:
            self.rows.extend(_rows(listed, ImportAction.SAME, known, (*remarks, waits)))
            return
        if known is not None:
            remarks = (*remarks, *self.waiting.others(known.id))
        if known is not None and period is not None:
            self._change(listed, known, old, new, remarks)
            return
        later = [each.first for each in known.periods if each.first] if known else []
        coming = [day for day in later if day > self.wanted.day]
        if coming:
            self._refuse(listed, known, _starts_later(min(coming), self.wanted.day))
            return
        self.rows.extend(_rows(listed, ImportAction.ADD, known, remarks))
        part = PartDraft(
            sub_processor_id=known.id if known else UNSET,
            sub_processor=UNSET if known else _new(listed, self.matches.organisation(listed)),
            operation=DraftOperation.START,
            effective_on=self.wanted.day,
            patch=canonical(new.document, Terms),
        )
        self._draft(listed, DraftKind.ADDED, part)

    def _waits(self, listed: Listed, known: KnownSubProcessor | None, old: Document) -> str | None:
        """What to tell where an open draft says what the list says, and the register does not yet."""
        if known is None or (old and self._agrees(listed, old)):
            return None
        return self.waiting.saying(known.id, old, lambda terms: self._agrees(listed, terms))

    def _agrees(self, listed: Listed, terms: Document) -> bool:
        new = said(listed, self.read, terms, self.keys, self.wanted.services)
        return canonical(new.document, Terms) == terms

    def _refuse(self, listed: Listed, known: KnownSubProcessor | None, reason: str) -> None:
        self.rows.extend(_row(use, ImportAction.REJECT, known, (reason,)) for use in listed.uses)

    def _change(
        self,
        listed: Listed,
        known: KnownSubProcessor,
        old: Document,
        new: Said,
        remarks: tuple[str, ...],
    ) -> None:
        after = canonical(new.document, Terms)
        patch = difference(old, after)
        altered = patch.get("uses", {})
        for number, use in enumerate(listed.uses):
            touched = new.uses[use.row] in altered or (number == 0 and set(patch) - {"uses"})
            action = ImportAction.CHANGE if touched else ImportAction.SAME
            self.rows.append(_row(use, action, known, remarks if number == 0 else ()))
        self.rows.extend(
            ImportedRow(
                row=None,
                action=ImportAction.CHANGE,
                name=listed.entity.written,
                sub_processor_id=known.id,
                problems=(f"The use “{old['uses'][key]['purpose']}” is no longer on the list, and ends.",),
            )
            for key, value in altered.items()
            if value is None
        )
        if patch:
            part = PartDraft(
                sub_processor_id=known.id,
                operation=DraftOperation.SET,
                effective_on=self.wanted.day,
                patch=patch,
            )
            self._draft(listed, _kind(old, after), part)

    def _draft(self, listed: Listed, kind: DraftKind, part: PartDraft) -> None:
        draft = ChangeDraft(kind=kind, reason=self.wanted.reason, parts=[part])
        self.drafts.append(PlannedDraft(row=listed.row, name=listed.entity.legal_name, draft=draft))

    def _remove(self, known: KnownSubProcessor) -> None:
        document = self.world.organisations[known.organisation_id].document_on(self.wanted.day)
        name = str(document["legal_name"])
        waits = self.waiting.ending(known.id)
        if waits is not None:
            row = ImportedRow(
                row=None, action=ImportAction.SAME, name=name, sub_processor_id=known.id, problems=(waits,)
            )
            self.rows.append(row)
            return
        self.rows.append(
            ImportedRow(
                row=None,
                action=ImportAction.REMOVE,
                name=name,
                sub_processor_id=known.id,
                problems=("It is on the register, but not on the list, and ends.",),
            )
        )
        part = PartDraft(
            sub_processor_id=known.id, operation=DraftOperation.END, effective_on=self.wanted.day
        )
        draft = ChangeDraft(kind=DraftKind.REMOVED, reason=self.wanted.reason, parts=[part])
        self.drafts.append(PlannedDraft(row=None, name=name, draft=draft))


def _starts_later(start: date, day: date) -> str:
    return (
        f"The register has it from {start} on, and not on {day}. If it was there earlier, withdraw the change that"
        f" starts it on {start} and import again; if not, import with {start} as the day (`effective_on`,"
        " --effective-on), or leave the row out."
    )


def _kind(old: Document, new: Document) -> DraftKind:
    """A correction where only wording differs; the effect decides, never the list."""
    effects = {found.effect for found in differences(old, new, Names())}
    return DraftKind.CORRECTION if effects <= {Effect.WORDING} else DraftKind.MATERIAL_CHANGE


def _new(listed: Listed, organisation_id: UUID | None) -> NewSubProcessor:
    """A sub-processor that is new: of an organisation that is known, or of one as the list describes it."""
    if organisation_id is not None:
        return NewSubProcessor(organisation_id=organisation_id)
    who = listed.entity
    return NewSubProcessor(
        organisation=OrganisationFacts(
            legal_name=who.legal_name,
            trading_name=who.trading_name,
            address=who.address,
            country=next((use.established for use in listed.uses if use.established), who.country),
            website=next((use.website for use in listed.uses if use.website), None),
        )
    )


def _rejected(row: Rejected) -> ImportedRow:
    return ImportedRow(row=row.row, action=ImportAction.REJECT, name=row.name, problems=row.reasons)


def _rows(
    listed: Listed, action: ImportAction, known: KnownSubProcessor | None, remarks: tuple[str, ...]
) -> list[ImportedRow]:
    return [
        _row(use, action, known, remarks if number == 0 else ()) for number, use in enumerate(listed.uses)
    ]


def _row(
    use: Use,
    action: ImportAction,
    known: KnownSubProcessor | None,
    remarks: Sequence[str],
) -> ImportedRow:
    return ImportedRow(
        row=use.row,
        action=action,
        name=use.written,
        sub_processor_id=known.id if known else None,
        places=tuple(
            ImportedPlace(
                text=where.text,
                role=where.role,
                country=where.country,
                subdivision=where.subdivision,
                city=where.city,
                group=where.group,
            )
            for where in use.places
        ),
        problems=(*remarks, *use.problems),
    )


def _services(named: Sequence[str], world: World) -> dict[str, str]:
    """Services that the list names and the register does not have, with keys of their own."""
    taken = set(world.services)
    known = set(world.services.values())
    return {slug(name, taken, "service"): name for name in named if name not in known}
