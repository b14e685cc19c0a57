"""Taking over a published list: one transaction, all or nothing; a dry run is the same, taken back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
from registry.errors import Fault, InvalidError, RegistryError, Source, UnprocessableError
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
from registry.resources.stored import ChangeRow
from registry.rules.imports.planning import Plan, PlannedDraft, Wanted, plan
from registry.store import changes as change_store
from registry.store import services as service_store
from transfers.law import Law

DRAFTS_READ = 1000
MAX_CHANGES = 500
"""Each change is checked against the whole register while all other writers wait."""


ALONE = (
    "Under privacy and admin an import drafts and publishes in one step, by one person: the journal says so"
    " (`published_alone`). Import under procurement where a second person is to look at each change first."
)


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
    reports: list[ImportReport] = []
    with suppress(_TakenBackError):
        async with writing(db, actor, clock) as w:
            world = await worlds.within(db)
            _refuse_unknown(given.services, world.services)
            wanted = Wanted(
                day=given.effective_on or today,
                reason=given.reason or f"Taken over from the published list {given.name}",
                services=tuple(given.services),
                keep_missing=given.keep_missing,
                drafts=await _open_drafts(db),
            )
            planned = plan(read, world, wanted)
            if given.commit and not given.skip_rejected:
                _refuse_rejected(planned.rows)
            if len(planned.drafts) > MAX_CHANGES:
                raise UnprocessableError(
                    f"The list would make {len(planned.drafts)} changes; up to {MAX_CHANGES} are made at once."
                    " Split it, and import the parts with `keep_missing` (--keep-missing)."
                )
            changes = await _Import(w, given, setting, today, wanted.reason).carry_out(planned)
            reports.append(_report(given, read, planned, changes, wanted, publishes=setting.publishes))
            if not given.commit:
                raise _TakenBackError
            if changes:
                await w.journal("imported", "list", given.name, reports[-1].summary)
    return reports[-1]


async def _open_drafts(db: Connection) -> tuple[ChangeRow, ...]:
    """All of them: as many as people have left open."""
    found: list[ChangeRow] = []
    page: Sequence[ChangeRow] = await change_store.drafts(db, after=None, limit=DRAFTS_READ)
    while page:
        found.extend(page)
        page = await change_store.drafts(db, after=page[-1].id, limit=DRAFTS_READ)
    return tuple(found)


def _refuse_unknown(services: Iterable[str], known: Mapping[str, str]) -> None:
    unknown = [key for key in services if key not in known]
    if not unknown:
        return
    there = ", ".join(f"`{key}`" for key in known) or "none yet; add one with POST /v1/services"
    message = f"The register has no service with this key; its keys are {there}."
    raise InvalidError(
        f"There is no service {', '.join(f'“{key}”' for key in unknown)}. {message}",
        [Fault(member=f"services.{key}", message=message) for key in unknown],
    )


def _refuse_rejected(rows: Sequence[ImportedRow]) -> None:
    rejected = [row for row in rows if row.action is ImportAction.REJECT]
    if rejected:
        raise UnprocessableError(
            f"{len(rejected)} {'row' if len(rejected) == 1 else 'rows'} of the list cannot be taken, so nothing was."
            " Mend what each fault names, or leave it out on purpose with `skip_rejected` (--skip-rejected).",
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
    *,
    publishes: bool,
) -> ImportReport:
    counts = Counter(row.action for row in planned.rows)
    return ImportReport(
        name=given.name,
        committed=given.commit,
        effective_on=wanted.day,
        reason=wanted.reason,
        columns={heading.text: heading.column.value if heading.column else None for heading in read.headings},
        notes=(*_notes(read, planned), *((ALONE,) if publishes and changes else ())),
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
