"""Instructions of clients: recorded, flagged back where they would break the law, ended."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from registry.actions import world as worlds
from registry.actions.client_lists import ClientView, judged, view
from registry.actions.writing import Writing, writing
from registry.clock import Clock
from registry.database import Connection
from registry.errors import Fault, InvalidError, UnprocessableError
from registry.resources.actors import Actor
from registry.resources.instructions import (
    Flag,
    Instruction,
    InstructionDraft,
    InstructionEnd,
    TransferDemanded,
    VendorsExcluded,
    VendorsRequired,
)
from registry.resources.terms import Terms
from registry.resources.world import World
from registry.rules.clients.entrusting import demanded_hop
from registry.rules.clients.instructions import demanded, flag, to_country
from registry.rules.documents import read
from registry.rules.fold import on
from registry.rules.hops import Hop
from registry.rules.transfers import COVERED
from registry.store import clients as client_store
from registry.store import instructions as store
from transfers.law import Law


async def add(
    db: Connection,
    actor: Actor,
    clock: Clock,
    client_id: UUID,
    *,
    given: InstructionDraft,
    law: Law,
    public_url: str,
) -> Instruction:
    """Record an instruction; one that would have us break the law is recorded too, with what we say to it."""
    first = given.valid_from or clock.today()
    if given.valid_until is not None and given.valid_until < first:
        message = f"The instruction would hold until {given.valid_until}, but only from {first} on."
        raise InvalidError(message, [Fault(member="valid_until", message=message)])
    async with writing(db, actor, clock) as w:
        row = await client_store.get_for_update(db, client_id)
        _check_vendors(given, await worlds.within(db))
        flagged = None
        if isinstance(given.rule, TransferDemanded):
            seen = await view(db, client_id, day=max(first, w.today), law=law, public_url=public_url)
            flagged = _flag(seen, given.rule, max(first, w.today), w.today, law)
        added = await store.add(
            db,
            row.id,
            rule=given.rule,
            text=given.text,
            first=first,
            last=given.valid_until,
            flagged=flagged,
            at=w.at,
            recorded_by=actor.name,
        )
        await client_store.touch(db, client_id)
        await w.journal("recorded", "instruction", added.id, {"client": client_id, "given": given})
        if flagged is not None:
            await w.journal("flagged", "instruction", added.id, flagged)
    return added


async def end(
    db: Connection,
    actor: Actor,
    clock: Clock,
    *,
    client_id: UUID,
    instruction_id: UUID,
    given: InstructionEnd,
    seen: Callable[[Instruction], None],
) -> Instruction:
    """End an instruction: it holds until a day. `seen` raises when the asker looked at an older version."""
    async with writing(db, actor, clock) as w:
        await client_store.get_for_update(db, client_id)
        found = await store.get(db, client_id, instruction_id)
        seen(found)
        _check_end(w, found, given.valid_until)
        ended = await store.end(db, found, given.valid_until)
        await client_store.touch(db, client_id)
        await w.journal("ended", "instruction", instruction_id, given)
    return ended


def _check_end(w: Writing, found: Instruction, last: date) -> None:
    if last < found.valid_from:
        message = (
            f"It holds from {found.valid_from} on, so it cannot have ended before. What was never to hold is ended"
            f" with its first day."
        )
        raise InvalidError(message, [Fault(member="valid_until", message=message)])
    if found.valid_until is not None and found.valid_until <= min(last, w.today):
        raise UnprocessableError(
            f"The instruction ended on {found.valid_until}; there is nothing to end. Record another."
        )


def _check_vendors(given: InstructionDraft, world: World) -> None:
    named: list[tuple[str, UUID]] = []
    if isinstance(given.rule, VendorsExcluded | VendorsRequired):
        named = [(f"rule.vendors[{index}]", key) for index, key in enumerate(given.rule.vendors)]
    elif isinstance(given.rule, TransferDemanded) and given.rule.vendor is not None:
        named = [("rule.vendor", given.rule.vendor)]
    faults = [
        Fault(member=member, message=f"There is no organisation {key} on the register.")
        for member, key in named
        if key not in world.organisations
    ]
    if faults:
        raise InvalidError("An instruction names organisations that are on the register.", faults)


def _flag(seen: ClientView, rule: TransferDemanded, day: date, today: date, law: Law) -> Flag | None:
    """Nothing is said against a transfer that takes place on a ground; any other is judged as it would be."""
    covered = [one for one in judged(seen, day, law) if one.verdict in COVERED]
    if demanded(rule, covered, day) is None:
        return None
    found = flag(rule, to_country(_hop(seen, rule, day, law), rule.country), day, law)
    return None if found is None else replace(found, flagged_on=today)


def _hop(seen: ClientView, rule: TransferDemanded, day: date, law: Law) -> Hop:
    """The transfer as it would be: from our company to the vendor, with what is on record with it."""
    terms = None
    world = seen.register
    engaged = world.engaged.get(rule.vendor) if rule.vendor is not None else None
    if engaged is not None:
        period = on(world.sub_processors[engaged].periods, day)
        terms = read(period.document, Terms) if period is not None else None
    return demanded_hop(world, rule.vendor, terms, day, law)
