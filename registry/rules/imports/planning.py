"""The plan of an import: what each row would do, and the changes that would do it."""

from datetime import date

from msgspec import UNSET, Struct
from msgspec.structs import replace

from registry.resources.changes import ChangeDraft, DraftKind, DraftOperation, PartDraft
from registry.resources.exports import COLUMNS
from registry.resources.imports import ImportAction, ImportedRow, ImportQuestion
from registry.resources.lists import Column, PublishedList
from registry.resources.periods import TermsPeriod
from registry.resources.stored import ChangeRow
from registry.resources.terms import Terms
from registry.resources.world import KnownSubProcessor, World
from registry.rules.documents import canonical
from registry.rules.fold import on
from registry.rules.imports.documents import Said, difference, said
from registry.rules.imports.drafting import begins_on, entity_of, kind_of, new_services, new_sub_processor
from registry.rules.imports.entities import Listed, gather
from registry.rules.imports.facts import altered
from registry.rules.imports.identities import Identities
from registry.rules.imports.matching import match, names_of
from registry.rules.imports.renames import Coming, Going, questions
from registry.rules.imports.reporting import (
    asked,
    gone,
    left_out,
    rejected,
    row_of,
    rows_of,
    starts_later,
    starts_now,
)
from registry.rules.imports.rows import NOT_STATED
from registry.rules.imports.safeguards import Claiming, unnamed
from registry.rules.imports.texts import folded
from registry.rules.imports.waiting import Waiting
from registry.rules.patches import Document
from transfers.law import Law

OURS = (
    "It is one of our own legal entities, and nobody is their own sub-processor. Take the row out; an affiliate"
    " that processes for another of our entities is recorded by hand."
)


class Wanted(Struct, frozen=True, kw_only=True):
    """How the list is to be taken."""

    day: date
    reason: str
    law: Law
    services: tuple[str, ...] = ()
    keep_missing: bool = False
    identities: Identities
    """What people decided about names that look alike, now and earlier."""
    drafts: tuple[ChangeRow, ...] = ()
    """All open drafts, whoever drafted them."""


class PlannedDraft(Struct, frozen=True, kw_only=True):
    """A change to be drafted, with the row and the name to which its faults belong."""

    row: int | None
    name: str
    draft: ChangeDraft | None
    withdraws: int | None = None
    """In the place of a draft: the number of the change that it withdraws."""


class Plan(Struct, frozen=True, kw_only=True):
    """What an import would do."""

    rows: tuple[ImportedRow, ...]
    drafts: tuple[PlannedDraft, ...]
    services: dict[str, str]
    """Services that the register does not have yet, by key."""
    questions: tuple[ImportQuestion, ...]
    """Names that may be one sub-processor's, and nobody has said."""


def plan(read: PublishedList, world: World, wanted: Wanted) -> Plan:
    """Compare a list with the register as it is on the day."""
    return _Planner(read, world, wanted).plan()


class _Planner:
    """One list against one register."""

    def __init__(self, read: PublishedList, world: World, wanted: Wanted) -> None:
        self.read = read
        self.world = world
        self.wanted = wanted
        gathered = gather(read, world.services.values(), wanted.day)
        self.claiming = Claiming(gathered.entities, wanted.law, wanted.day)
        self.entities = self.claiming.entities
        self.services = new_services(gathered.services, world)
        self.keys = {name: key for key, name in {**world.services, **self.services}.items()}
        self.matches = match(self.entities, world, wanted.identities)
        self.waiting = Waiting(wanted.drafts)
        self.rows = [rejected(row) for row in gathered.rejected]
        self.rows += [left_out(row) for row in gathered.left_out]
        self.drafts: list[PlannedDraft] = []
        self.going: list[Going] = []

    def plan(self) -> Plan:
        for listed in self.entities:
            self._entity(listed)
        self.rows.sort(key=lambda row: row.row or 0)
        if not self.wanted.keep_missing:
            for known in self.world.sub_processors.values():
                period = on(known.periods, self.wanted.day)
                if known.id not in self.matches.found and period is not None:
                    self._remove(known, period)
        asking = self._questions()
        return Plan(
            rows=tuple(self.rows), drafts=tuple(self.drafts), services=self.services, questions=asking
        )

    def _entity(self, listed: Listed) -> None:
        known = self.matches.of(listed)
        period = on(known.periods, self.wanted.day) if known else None
        old = canonical(period.document, Terms) if period else {}
        new = self._said(listed, old)
        remarks = self.matches.remarks(listed)
        # Our own export names what a transfer rests on, not each claim.
        is_export = {heading.text for heading in self.read.headings} >= set(COLUMNS)
        if self.read.has(Column.TRANSFER) and not is_export:
            remarks = (*remarks, *unnamed(self.claiming.of(listed), old.get("safeguards", {})))
        if self.matches.is_ours(listed):
            self._refuse(listed, known, OURS)
            return
        waits = self._waits(listed, known, old)
        if waits is not None:
            self.rows.extend(rows_of(listed, ImportAction.SAME, known, (*remarks, waits)))
            return
        if known is not None:
            remarks = (*remarks, *self.waiting.others(known.id))
        if known is not None and period is not None:
            self._change(listed, known, old, new, remarks)
            return
        later = [each.first for each in known.periods if each.first] if known else []
        coming = [day for day in later if day > self.wanted.day]
        if coming:
            self._refuse(listed, known, starts_later(min(coming), self.wanted.day))
            return
        self.rows.extend(rows_of(listed, ImportAction.ADD, known, remarks))
        part = PartDraft(
            sub_processor_id=known.id if known else UNSET,
            sub_processor=UNSET if known else new_sub_processor(listed, self.matches.organisation(listed)),
            operation=DraftOperation.START,
            effective_on=self.wanted.day,
            patch=canonical(new.document, Terms),
        )
        self._draft(listed, DraftKind.ADDED, [part])

    def _said(self, listed: Listed, old: Document) -> Said:
        claims = self.claiming.of(listed)
        return said(
            listed,
            self.read,
            old,
            self.keys,
            services=self.wanted.services,
            claims=claims,
            partial=self.wanted.keep_missing,
        )

    def _waits(self, listed: Listed, known: KnownSubProcessor | None, old: Document) -> str | None:
        """What to tell where an open draft says what the list says, and the register does not yet."""
        if known is None or (old and self._agrees(listed, old)):
            return None
        return self.waiting.saying(known.id, old, lambda terms: self._agrees(listed, terms))

    def _agrees(self, listed: Listed, terms: Document) -> bool:
        new = self._said(listed, terms)
        return canonical(new.document, Terms) == terms

    def _refuse(self, listed: Listed, known: KnownSubProcessor | None, reason: str) -> None:
        self.rows.extend(row_of(use, ImportAction.REJECT, known, (reason,)) for use in listed.uses)

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
        facts = self.world.organisations[known.organisation_id].document_on(self.wanted.day)
        facts_patch, told = altered(listed, facts, renamed=self.matches.renamed(listed) is not None)
        waits = self.waiting.stating(known.organisation_id, facts_patch)
        if waits is not None:
            facts_patch, told = {}, (waits,)
        remarks = (*remarks, *told)
        touched = patch.get("uses", {})
        for number, use in enumerate(listed.uses):
            whole = number == 0 and (set(patch) - {"uses"} or facts_patch)
            action = ImportAction.CHANGE if whole or new.uses[use.row] in touched else ImportAction.SAME
            self.rows.append(row_of(use, action, known, remarks if number == 0 else ()))
        for key, value in touched.items():
            if value is None:
                ends = f"The use “{old['uses'][key]['purpose']}” is no longer on the list, and ends."
                self.rows.append(gone(listed.entity.written, known.id, ImportAction.CHANGE, ends))
        subjects = ((known.id, UNSET, patch), (UNSET, known.organisation_id, facts_patch))
        parts = [
            PartDraft(
                sub_processor_id=sub_processor,
                organisation_id=organisation,
                operation=DraftOperation.SET,
                effective_on=self.wanted.day,
                patch=changed,
            )
            for sub_processor, organisation, changed in subjects
            if changed
        ]
        if parts:
            self._draft(listed, kind_of((old, after), (facts, {**facts, **facts_patch})), parts)

    def _draft(self, listed: Listed, kind: DraftKind, parts: list[PartDraft]) -> None:
        draft = ChangeDraft(kind=kind, reason=self.wanted.reason, parts=parts)
        self.drafts.append(PlannedDraft(row=listed.row, name=listed.entity.legal_name, draft=draft))

    def _remove(self, known: KnownSubProcessor, period: TermsPeriod) -> None:
        facts = self.world.organisations[known.organisation_id].document_on(self.wanted.day)
        name = str(facts["legal_name"])
        waits = self.waiting.ending(known.id)
        if waits is not None:
            self.rows.append(gone(name, known.id, ImportAction.SAME, waits))
            return
        if begins_on(known.periods, self.wanted.day):
            told = starts_now(period, self.wanted.day)
            self.rows.append(gone(name, known.id, ImportAction.REMOVE, told))
            self.drafts.append(PlannedDraft(row=None, name=name, draft=None, withdraws=period.changes[0]))
            return
        part = PartDraft(
            sub_processor_id=known.id, operation=DraftOperation.END, effective_on=self.wanted.day
        )
        if known.id in self.matches.merged:
            listed, decided = self.matches.merged[known.id]
            told = f"It was taken over by “{listed.entity.legal_name}”, as {decided.decided_by} decided, and ends."
            self.rows.append(gone(name, known.id, ImportAction.REMOVE, told))
            self._end_merged(listed, name, part)
            return
        ends = "It is on the register, but not on the list, and ends."
        self.rows.append(gone(name, known.id, ImportAction.REMOVE, ends))
        self.going.append(
            Going(
                name=name,
                keys=tuple(names_of(entity_of(facts))),
                website=facts.get("website"),
                purposes=frozenset(folded(str(use["purpose"])) for use in period.document["uses"].values()),
            )
        )
        draft = ChangeDraft(kind=DraftKind.REMOVED, reason=self.wanted.reason, parts=[part])
        self.drafts.append(PlannedDraft(row=None, name=name, draft=draft))

    def _end_merged(self, listed: Listed, name: str, part: PartDraft) -> None:
        """One change ends the one and gives its work to the other, where the list gives that one any."""
        for at, planned in enumerate(self.drafts):
            if planned.row == listed.row and planned.draft is not None:
                parts = [*planned.draft.parts, part]
                draft = ChangeDraft(kind=DraftKind.REPLACED, reason=self.wanted.reason, parts=parts)
                self.drafts[at] = replace(planned, draft=draft)
                return
        draft = ChangeDraft(kind=DraftKind.REMOVED, reason=self.wanted.reason, parts=[part])
        self.drafts.append(PlannedDraft(row=None, name=name, draft=draft))

    def _questions(self) -> tuple[ImportQuestion, ...]:
        """Ask about names, in the report and beside the rows that they are about."""
        if not self.going:
            return ()
        coming = [
            Coming(
                name=listed.entity.written,
                legal_name=listed.entity.legal_name,
                keys=tuple(names_of(listed.entity)),
                website=next((use.website for use in listed.uses if use.website), None),
                purposes=frozenset(folded(use.purpose) for use in listed.uses if use.purpose != NOT_STATED),
                row=listed.row,
                new=self.matches.of(listed) is None,
            )
            for listed in self.entities
        ]
        asking = questions(self.going, coming, self.wanted.identities)
        at = {row.row: number for number, row in enumerate(self.rows)}
        leaving = {row.name: n for n, row in enumerate(self.rows) if row.action is ImportAction.REMOVE}
        for question in asking:
            for number, other in (
                (at.get(question.row), question.registered),
                (leaving.get(question.registered), question.listed),
            ):
                if number is not None:
                    row = self.rows[number]
                    self.rows[number] = replace(row, problems=(*row.problems, asked(question, other)))
        return tuple(asking)
