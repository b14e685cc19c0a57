"""Adding organisations, and altering those that nothing published rests on yet."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from msgspec import UNSET

from registry.actions.parts import canonical_facts
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Connection
from registry.errors import Fault, InvalidError, WrittenByChangesError
from registry.resources.actors import Actor
from registry.resources.organisations import (
    Organisation,
    OrganisationDraft,
    OrganisationFacts,
    OrganisationPatch,
)
from registry.resources.periods import TermsPeriod
from registry.rules.documents import read as read_document
from registry.rules.fold import on
from registry.rules.organisations import with_codes_read
from registry.store import organisations as store
from registry.store import subjects
from registry.store.organisations import OrganisationRow
from registry.store.subjects import Subject


async def add(db: Connection, actor: Actor, clock: Clock, given: OrganisationDraft) -> Organisation:
    """Nobody sees it until a published change rests on it."""
    document = _document(given.facts)
    async with writing(db, actor, clock) as w:
        row = await store.add(db, own=given.own, document=document, at=w.at)
        await w.journal("created", "organisation", row.id, given)
    return _shown(row, [], clock.today(), fixed=False)


async def get(db: Connection, organisation_id: UUID, day: date) -> Organisation:
    row = await store.get(db, organisation_id)
    periods = await subjects.periods(db, Subject.ORGANISATION, [organisation_id])
    fixed = await store.is_fixed(db, organisation_id)
    return _shown(row, periods.get(organisation_id, []), day, fixed=fixed)


async def list_all(db: Connection, day: date, after: UUID | None, limit: int) -> list[Organisation]:
    """In the order of their making."""
    rows = [row for row in await store.everything(db) if after is None or row.id > after][:limit]
    periods = await subjects.periods(db, Subject.ORGANISATION, [row.id for row in rows])
    return [_shown(row, periods.get(row.id, []), day, fixed=await store.is_fixed(db, row.id)) for row in rows]


async def alter(
    db: Connection,
    actor: Actor,
    clock: Clock,
    organisation_id: UUID,
    *,
    given: OrganisationPatch,
    seen: Callable[[Organisation], None],
) -> Organisation:
    """Alter an organisation directly, which only works while nothing published rests on it.

    From then on the public list and the law read its facts, so a change alters them, with review and
    notice. `seen` raises when the asker looked at an older version.
    """
    async with writing(db, actor, clock) as w:
        row = await store.get_for_update(db, organisation_id)
        fixed = await store.is_fixed(db, organisation_id)
        seen(_shown(row, [], clock.today(), fixed=fixed))
        if fixed:
            raise WrittenByChangesError(
                "Published changes rest on this organisation, so only a change alters it: draft one with a part"
                f" for organisation_id {organisation_id}, operation `set`, and the members to alter as `patch`."
            )
        await store.update(
            db,
            organisation_id,
            own=row.own if given.own is UNSET else given.own,
            document=row.document if given.facts is UNSET else _document(given.facts),
        )
        await w.journal("edited", "organisation", organisation_id, given)
        return _shown(await store.get(db, organisation_id), [], clock.today(), fixed=False)


def _document(facts: OrganisationFacts) -> dict[str, object]:
    faults: list[Fault] = []
    document = with_codes_read(canonical_facts(facts), "facts", faults)
    if faults:
        raise InvalidError("The facts cannot be read; each fault says why.", faults)
    return document


def _shown(row: OrganisationRow, periods: list[TermsPeriod], day: date, *, fixed: bool) -> Organisation:
    period = on(periods, day)
    return Organisation(
        id=row.id,
        version=row.version,
        own=row.own,
        facts=read_document(period.document if period else row.document, OrganisationFacts),
        as_of=day,
        created_at=row.created_at,
        written_by_changes=fixed,
    )
