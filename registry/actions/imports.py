"""Taking over a published list: one transaction, all or nothing; a dry run is the same, taken back."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from msgspec import Struct

from registry.actions import world as worlds
from registry.actions.changes import publish_alone
from registry.actions.drafts import draft
from registry.actions.reviews import examine
from registry.actions.writing import Writing, writing
from registry.clock import Clock
from registry.database import Connection
from registry.errors import Fault, RegistryError, Source, UnprocessableError
from registry.formats.lists import read as read_list
from registry.resources.actors import Actor
from registry.resources.changes import ChangeKind, ChangeState, CheckLevel
from registry.resources.imports import (
    ImportAction,
    ImportedChange,
    ImportedRow,
    ImportReport,
    ImportRequest,
    ImportSummary,
)
from registry.resources.lists import PublishedList
from registry.resources.services import ServiceDraft
from registry.rules.imports.planning import Plan, PlannedDraft, Wanted, plan
from registry.store import services as service_store
from transfers.law import Law

MAX_CHANGES = 500
"""Each change is checked against the whole register while all other writers wait."""


class Setting(Struct, frozen=True, kw_only=True):
    """What an import needs to know of the register and of who runs it."""

    law: Law
    notice_days: int
    publishes: bool
    """The role may publish, so it does; otherwise the changes are drafts for another person."""


class _TakenBackError(Exception):
    """Ends the transaction of a dry run; nobody ever sees it."""


async def run(
    db: Connection, actor: Actor, clock: Clock, given: ImportRequest, setting: Setting
) -> ImportReport:
    """Take a list over, or say what would be.

    Where it publishes, the journal says that one person did both, and every block that may be accepted is
    accepted with the reason given, and shown.
    """
    read = read_list(given.content, given.columns)
    today = clock.today()
    wanted = Wanted(
        day=given.effective_on or today,
        reason=given.reason or f"Taken over from the published list {given.name}",
        services=tuple(given.services),
        keep_missing=given.keep_missing,
    )
    reports: list[ImportReport] = []
    with suppress(_TakenBackError):
        async with writing(db, actor, clock) as w:
            planned = plan(read, await worlds.within(db), wanted)
            if given.commit and not given.skip_rejected:
                _refuse_rejected(planned.rows)
            if len(planned.drafts) > MAX_CHANGES:
                raise UnprocessableError(
                    f"The list would make {len(planned.drafts)} changes; up to {MAX_CHANGES} are made at once."
                    " Split it, and import the parts with `keep_missing` (--keep-missing)."
                )
            changes = await _Import(w, given, setting, today, wanted.reason).carry_out(planned)
            reports.append(_report(given, read, planned, changes, wanted))
            if not given.commit:
                raise _TakenBackError
            if changes:
                await w.journal("imported", "list", given.name, reports[-1].summary)
    return reports[-1]


def _refuse_rejected(rows: Sequence[ImportedRow]) -> None:
    rejected = [row for row in rows if row.action is ImportAction.REJECT]
    if rejected:
        raise UnprocessableError(
            f"{len(rejected)} rows of the list cannot be taken, so nothing was. Mend them, or leave them out on"
            " purpose with `skip_rejected` (--skip-rejected).",
            [
                Fault(message=" ".join(row.problems), source=Source.ROW, row=row.row, member=row.name or None)
                for row in rejected
            ],
        )


class _Import:
    """The changes of one import, made in one transaction."""

    def __init__(self, w: Writing, given: ImportRequest, setting: Setting, today: date, reason: str) -> None:
        self.w = w
        self.given = given
        self.setting = setting
        self.today = today
        self.reason = reason

    async def carry_out(self, planned: Plan) -> list[ImportedChange]:
        for key, name in planned.services.items():
            service = ServiceDraft(key=key, name=name)
            added = await service_store.add(self.w.db, service, self.w.at)
            await self.w.journal("created", "service", added.id, service)
        done = []
        for item in planned.drafts:
            try:
                done.append(await self._change(item))
            except RegistryError as error:
                raise _of_row(error, item) from error
        return done

    async def _change(self, item: PlannedDraft) -> ImportedChange:
        law, notice_days = self.setting.law, self.setting.notice_days
        row = await draft(self.w, item.draft)
        if self.setting.publishes:
            row, blocks = await publish_alone(
                self.w,
                row.id,
                self.reason,
                self.given.already_told,
                today=self.today,
                law=law,
                notice_days=notice_days,
            )
        else:
            reviewed = await examine(self.w.db, row.id, today=self.today, law=law, notice_days=notice_days)
            blocks = tuple(check for check in reviewed.checks if check.level is CheckLevel.BLOCKS)
        return ImportedChange(
            id=row.id if self.given.commit else None,
            number=row.number if self.given.commit else None,
            kind=ChangeKind(row.kind),
            state=ChangeState.DRAFT if row.number is None else ChangeState.PUBLISHED,
            name=item.name,
            late=bool(row.late),
            checks=blocks,
        )


def _of_row(error: RegistryError, item: PlannedDraft) -> RegistryError:
    """The same error, saying which row of the list brought it about."""
    where = f"row {item.row}" if item.row is not None else "no longer on the list"
    detail = f"{item.name} ({where}): {error.detail} Nothing was imported."
    faults = [
        Fault(message=fault.message, source=Source.ROW, row=item.row, member=fault.member)
        for fault in error.errors
    ]
    return type(error)(detail, faults or [Fault(message=error.detail, source=Source.ROW, row=item.row)])


def _report(
    given: ImportRequest,
    read: PublishedList,
    planned: Plan,
    changes: Sequence[ImportedChange],
    wanted: Wanted,
) -> ImportReport:
    counts = Counter(row.action for row in planned.rows)
    return ImportReport(
        name=given.name,
        committed=given.commit,
        effective_on=wanted.day,
        reason=wanted.reason,
        columns={heading.text: heading.column.value if heading.column else None for heading in read.headings},
        notes=tuple(_notes(read, planned)),
        summary=ImportSummary(
            rows=len(read.rows),
            add=counts[ImportAction.ADD],
            change=counts[ImportAction.CHANGE],
            remove=counts[ImportAction.REMOVE],
            same=counts[ImportAction.SAME],
            reject=counts[ImportAction.REJECT],
        ),
        rows=planned.rows,
        changes=tuple(changes),
    )


def _notes(read: PublishedList, planned: Plan) -> list[str]:
    notes = [
        f"“{heading.text}” is taken for the column `{heading.column}`, since the list has no other."
        for heading in read.headings
        if heading.stands_in
    ]
    unread = [f"“{heading.text}”" for heading in read.headings if heading.column is None]
    if unread:
        notes.append(f"Not read: {', '.join(unread)}. Map a heading to a column where it matters.")
    if planned.services:
        names = ", ".join(f"“{name}”" for name in planned.services.values())
        notes.append(f"New services: {names}.")
    return notes
