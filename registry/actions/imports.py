"""Taking over a published list: one transaction, all or nothing; a dry run examines the same and writes nothing."""

import asyncio
import base64
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID

from msgspec import Struct

from registry.actions import world as worlds
from registry.actions.import_changes import Made, Manner
from registry.actions.import_reports import (
    ALONE,
    TELL,
    blocks,
    notes_of,
    refuse_blocked,
    refuse_rejected,
    refuse_untold,
)
from registry.actions.import_runs import Run, Tell, running
from registry.actions.taking import CHUNK, Taking
from registry.actions.writing import Writing, writing
from registry.clock import Clock
from registry.database import Connection
from registry.errors import Fault, InvalidError
from registry.formats.lists import read as read_list
from registry.resources.actors import Actor
from registry.resources.imports import (
    ImportAction,
    ImportBlock,
    ImportReport,
    ImportRequest,
    ImportSummary,
)
from registry.resources.lists import PublishedList
from registry.resources.stored import ChangeRow
from registry.resources.world import World
from registry.rules.imports.identities import Identities, Identity, read_decisions
from registry.rules.imports.planning import Plan, Wanted, plan
from registry.store import changes as change_store
from registry.store import head as head_store
from registry.store import identities as identity_store
from registry.store import known_clients
from registry.store.identities import IdentityRow
from transfers.law import Law

DRAFTS_READ = 1000


class Setting(Struct, frozen=True, kw_only=True):
    """What an import needs to know of the register and of who runs it."""

    law: Law
    notice_days: int
    publishes: bool
    """The role may publish, so it does; otherwise the changes are drafts for another person."""


async def run(  # noqa: PLR0917 - connections first, as everywhere
    db: Connection,
    beside: Connection,
    actor: Actor,
    clock: Clock,
    given: ImportRequest,
    setting: Setting,
    tell: Tell | None = None,
    begun: Callable[[UUID], None] | None = None,
) -> ImportReport:
    """Take a list over, or say what would be.

    On `beside` it is recorded how far the import is, so that others see it; nothing else is done on it, and
    `begun` is told the id of that record at once. What blocks is accepted only by its code and with a reason.
    Where it publishes, the journal says that one person did both.
    """
    async with running(beside, actor, clock, given, tell) as going:
        if begun is not None:
            begun(going.id)
        accept = _accepted(given, publishes=setting.publishes)
        if given.already_told is not None and given.already_told.told_on > clock.today():
            message = f"{given.already_told.told_on} is yet to come; clients were told on a day that is past."
            raise InvalidError(message, [Fault(member="already_told.told_on", message=message)])
        read = await asyncio.to_thread(_read, given)
        await going.read(len(read.rows))
        async with _open(db, actor, clock, writes=given.commit) as w:
            one = _Import(w, going, given, setting, read, accept)
            report = await one.take()
            if given.commit:
                await going.done(report, db)
        if not given.commit:
            await going.done(report)
        return report


def _read(given: ImportRequest) -> PublishedList:
    content: bytes | str = given.content
    if given.encoding == "base64":
        try:
            content = base64.b64decode(given.content, validate=True)
        except ValueError as error:
            message = (
                f"The content is not Base64 ({error}). Encode the file's bytes, or leave `encoding` out."
            )
            raise InvalidError(message, [Fault(message=message, member="content")]) from error
    return read_list(content, given.columns, media_type=given.media_type, name=given.name, table=given.table)


@asynccontextmanager
async def _open(db: Connection, actor: Actor, clock: Clock, *, writes: bool) -> AsyncIterator[Writing]:
    """A writing transaction; for a dry run a snapshot, in which nobody else has to wait."""
    if writes:
        async with writing(db, actor, clock) as w:
            yield w
        return
    async with db.transaction(isolation="repeatable_read", readonly=True):
        yield Writing(db, actor, await head_store.read(db), clock.today())


class _Import:
    """One list on its way into the register."""

    def __init__(  # noqa: PLR0917 - made in one place, in the order of reading
        self,
        w: Writing,
        going: Run,
        given: ImportRequest,
        setting: Setting,
        read: PublishedList,
        accept: Mapping[str, str],
    ) -> None:
        self.w = w
        self.going = going
        self.given = given
        self.setting = setting
        self.read = read
        self.accept = accept
        self.day: date = given.effective_on or w.today
        self.reason = given.reason or f"Taken over from the published list {given.name}"

    async def take(self) -> ImportReport:
        """Plan, examine and write, and report on all three."""
        given, w = self.given, self.w
        world = await worlds.within(w.db)
        _refuse_unknown(given.services, world.services)
        decisions = read_decisions(given.same, given.different, w.actor.holder, w.at)
        planned = await self._plan(world, decisions)
        if given.commit and not given.skip_rejected:
            refuse_rejected(planned.rows)
        await self.going.planned(len(planned.drafts))
        made = await self._make(world, planned)
        found = blocks(made, self.accept)
        if given.commit:
            if self.setting.publishes:
                refuse_blocked(made, found)
            refuse_untold(made)
        report = self._report(planned, made, found)
        if given.commit:
            await self._remember(decisions)
            if made:
                await w.journal("imported", "list", given.name, report.summary)
        return report

    async def _plan(self, world: World, decisions: Sequence[Identity]) -> Plan:
        remembered = [Identity(**row._asdict()) for row in await identity_store.everything(self.w.db)]
        wanted = Wanted(
            day=self.day,
            reason=self.reason,
            law=self.setting.law,
            services=tuple(self.given.services),
            keep_missing=self.given.keep_missing,
            identities=Identities(remembered, decisions),
            drafts=await open_drafts(self.w.db),
        )
        return await asyncio.to_thread(plan, self.read, world, wanted)

    async def _make(self, world: World, planned: Plan) -> Sequence[Made]:
        """Examine every change, and write as long as nothing stands against any of them."""
        manner = Manner(
            law=self.setting.law,
            clients=await known_clients.read(self.w.db),
            notice_days=self.setting.notice_days,
            publishes=self.setting.publishes,
            reason=self.reason,
            accept=self.accept,
            already_told=self.given.already_told,
            writes=self.given.commit,
        )
        taking = Taking(self.w, world, manner)
        await taking.services(planned.services)
        for start in range(0, len(planned.drafts), CHUNK):
            await taking.chunk(planned.drafts[start : start + CHUNK])
            await self.going.made(len(taking.made))
        return taking.made

    async def _remember(self, decisions: Sequence[Identity]) -> None:
        for one in decisions:
            row = IdentityRow(
                registered=one.registered,
                listed=one.listed,
                same=one.same,
                decided_at=one.decided_at,
                decided_by=one.decided_by,
            )
            await identity_store.remember(self.w.db, one.keys, row)
            await self.w.journal(
                "decided",
                "identity",
                f"{one.registered}={one.listed}",
                {"registered": one.registered, "listed": one.listed, "same": one.same},
            )

    def _report(self, planned: Plan, made: Sequence[Made], found: Sequence[ImportBlock]) -> ImportReport:
        counts = Counter(row.action for row in planned.rows)
        notes = notes_of(self.read, planned)
        if self.setting.publishes and made:
            notes.append(ALONE)
        untold = sum(1 for one in made if one.untold)
        if untold:
            notes.append(
                f"{untold} late {'change alters' if untold == 1 else 'changes alter'} the list of today. {TELL}"
            )
        return ImportReport(
            id=self.going.id,
            name=self.given.name,
            committed=self.given.commit,
            effective_on=self.day,
            reason=self.reason,
            columns={
                heading.text: heading.column.value if heading.column else None
                for heading in self.read.headings
            },
            notes=tuple(notes),
            blocks=tuple(found),
            questions=planned.questions,
            summary=ImportSummary(
                rows=len(self.read.rows),
                add=counts[ImportAction.ADD],
                change=counts[ImportAction.CHANGE],
                remove=counts[ImportAction.REMOVE],
                same=counts[ImportAction.SAME],
                reject=counts[ImportAction.REJECT],
            ),
            rows=planned.rows,
            changes=tuple(one.change for one in made),
        )


def _accepted(given: ImportRequest, *, publishes: bool) -> dict[str, str]:
    """The reason of each accepted code."""
    if given.accept and not publishes:
        message = "An import under procurement makes drafts, and whoever publishes them accepts what blocks."
        raise InvalidError(message, [Fault(member="accept", message=message)])
    accept: dict[str, str] = {}
    for index, one in enumerate(given.accept):
        reason = one.reason or given.reason
        if reason is None:
            message = (
                f"{one.code} is accepted with a written reason only. Give it beside the code, or as the `reason`"
                " of the import (--reason TEXT)."
            )
            raise InvalidError(message, [Fault(member=f"accept[{index}].reason", message=message)])
        accept[one.code] = reason
    return accept


async def open_drafts(db: Connection) -> tuple[ChangeRow, ...]:
    """All of them: as many as people have left open."""
    found: list[ChangeRow] = []
    after: UUID | None = None
    while page := await change_store.drafts(db, after=after, limit=DRAFTS_READ):
        found.extend(page)
        after = page[-1].id
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
