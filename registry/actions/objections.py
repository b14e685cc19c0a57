"""Objections: made in time by whom the change touches, received at once, decided with a reason and told."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from registry.actions import links, notices
from registry.actions.writing import Writing
from registry.database import Connection
from registry.errors import ConflictError, Fault, InvalidError, NotFoundError
from registry.resources.deliveries import Occasion
from registry.resources.links import LinkPurpose
from registry.resources.notices import StoredNotice
from registry.resources.objections import (
    Decided,
    GoingOn,
    Objection,
    ObjectionReceipt,
    ObjectionState,
    Resolution,
)
from registry.rules import objections as rules
from registry.store import clients as client_store
from registry.store import deliveries as delivery_store
from registry.store import link_tokens as token_store
from registry.store import notices as notice_store
from registry.store import objections as store
from registry.store import subscriptions as subscription_store

OBJECTED = "the client objects"


async def make(w: Writing, change_id: UUID, client_id: UUID, reason: str) -> ObjectionReceipt:
    """Record an objection, receive it by mail too, and remind the client no more.

    `NotFoundError` where the client has no notice of the change, `ConflictError` where it cannot object any more.
    """
    await client_store.get_for_update(w.db, client_id)
    notice = await find_notice(w.db, change_id, client_id)
    refused = rules.refusal(notice, w.today)
    if refused is not None:
        raise ConflictError(refused)
    made = await store.add(
        w.db, change_id, client_id, reason=reason, at=w.at, on=w.today, made_by=w.actor.name
    )
    await client_store.touch(w.db, client_id)
    number = await w.journal(
        "objected", "objection", made.id, {"change": change_id, "client": client_id, "reason": reason}
    )
    await store.receive(w.db, made.id, number)
    await delivery_store.suppress_reminders(w.db, change_id, client_id, w.at, OBJECTED)
    content = {"received_on": w.today, "objection": reason, "state": "objected"}
    for channel in await subscription_store.working_contract_channels(w.db, client_id):
        await delivery_store.add(
            w.db,
            subscription_id=channel.id,
            occasion=Occasion.RECEIPT,
            at=w.at,
            change_id=change_id,
            content=content,
        )
    await delivery_store.wake(w.db)
    return ObjectionReceipt(
        objection=made,
        objection_until=notice.objection_until,
        journal_number=number,
        journal_digest=w.head.digest.hex(),
    )


async def make_by_link(w: Writing, token: str, reason: str) -> ObjectionReceipt:
    """The button of the page behind a notice's link was pressed; pressed twice, it is the objection of the first."""
    change_id, client_id = await concerned(w.db, token, w.at)
    await client_store.get_for_update(w.db, client_id)
    there = await standing(w.db, await find_notice(w.db, change_id, client_id))
    if there is not None:
        return there
    receipt = await make(w, change_id, client_id, reason)
    await token_store.use(w.db, links.digest(token), w.at)
    return receipt


async def concerned(db: Connection, token: str, at: datetime) -> tuple[UUID, UUID]:
    """The change and the client that a link to object is about."""
    link = await links.find(db, token, LinkPurpose.OBJECT, at)
    return await links.concerned(db, link)


async def standing(db: Connection, notice: StoredNotice) -> ObjectionReceipt | None:
    """The receipt of the client's open objection, where there is one."""
    found = await store.page(
        db, 1, client_id=notice.client_id, change_id=notice.change_id, state=ObjectionState.OPEN
    )
    if not found:
        return None
    number, digest = await store.receipt(db, found[0].id)
    return ObjectionReceipt(
        objection=found[0],
        objection_until=notice.objection_until,
        journal_number=number,
        journal_digest=digest.hex(),
    )


async def decided(db: Connection, notice: StoredNotice) -> Objection | None:
    """The client's last objection, where it was decided; one that was taken back decides nothing."""
    found = await store.page(db, 1, client_id=notice.client_id, change_id=notice.change_id)
    undecided = (ObjectionState.OPEN, ObjectionState.RETRACTED)
    return found[0] if found and found[0].state not in undecided else None


async def find_notice(db: Connection, change_id: UUID, client_id: UUID) -> StoredNotice:
    """What the client was owed for the change."""
    found = await notice_store.page(db, client_id=client_id, change_id=change_id, before=None, limit=1)
    if not found:
        raise NotFoundError(
            f"There is no notice of change {change_id} to client {client_id}. Who is touched by a change is given"
            " notice of it, and may object; the notices stand at /v1/notices."
        )
    return found[0]


async def resolve(
    w: Writing, objection_id: UUID, given: Resolution, require: Callable[[Objection], None]
) -> Objection:
    """Decide an open objection; the client is told the outcome and the reason."""
    found = await store.get(w.db, objection_id)
    require(found)
    state = ObjectionState(given.outcome.value)
    resolved = await _close(w, found, state, given.reason)
    await w.journal(
        "resolved",
        "objection",
        objection_id,
        {"outcome": state, "reason": given.reason, "client": found.client_id},
    )
    await _tell(w, resolved, state.value, given.reason)
    return resolved


async def retract(
    w: Writing, objection_id: UUID, client_id: UUID | None, require: Callable[[Objection], None]
) -> Objection:
    """The client takes its objection back: from today on the change binds it, and it is reminded as before."""
    found = await store.get(w.db, objection_id, client_id)
    require(found)
    retracted = await _close(w, found, ObjectionState.RETRACTED, None)
    await delivery_store.remind_again(w.db, found.change_id, found.client_id, w.at, OBJECTED)
    await w.journal("retracted", "objection", objection_id, {"client": found.client_id})
    await _tell(w, retracted, "retracted", None)
    return retracted


async def go_on(
    w: Writing, objection_id: UUID, given: GoingOn, require: Callable[[Objection], None]
) -> Objection:
    """Go on with the change against an objection that is open or upheld, by a decision of its own.

    One that is open is rejected by it: of an objection that was decided against, nothing stays undecided.
    """
    found = await store.get(w.db, objection_id)
    require(found)
    if found.decision is not None:
        raise ConflictError(
            f"It was decided already, on {found.decision.decided_at.date()}, that the change binds the client from"
            f" {found.decision.binds_from}."
        )
    if found.state in (ObjectionState.REJECTED, ObjectionState.RETRACTED):
        raise ConflictError(
            f"Objection {objection_id} is {found.state}: the change binds the client as it is, and nothing is left"
            " to decide."
        )
    binds_from = given.binds_from or w.today
    if binds_from < w.today:
        message = f"{binds_from} is past; a decision binds the client from today, {w.today}, at the earliest."
        raise InvalidError(message, [Fault(member="binds_from", message=message)])
    if found.state is ObjectionState.OPEN:
        await _close(w, found, ObjectionState.REJECTED, given.reason)
    await store.decide(
        w.db,
        objection_id,
        Decided(reason=given.reason, binds_from=binds_from, decided_at=w.at, decided_by=w.actor.name),
    )
    await client_store.touch(w.db, found.client_id)
    await w.journal(
        "went_on",
        "objection",
        objection_id,
        {"reason": given.reason, "binds_from": binds_from, "client": found.client_id},
    )
    await _tell(w, found, "gone_on", f"{given.reason} The change applies to you from {binds_from}.")
    return await store.get(w.db, objection_id)


async def meet(w: Writing, change_id: UUID, withdrawal: int) -> None:
    """The change is withdrawn, by the change of this number: what was objected to is met, and its clients told."""
    for found in await store.page(w.db, None, change_id=change_id, state=ObjectionState.OPEN):
        said = f"Change {found.change_number} is withdrawn by change {withdrawal}."
        met = await _close(w, found, ObjectionState.WITHDRAWN, said)
        await w.journal("met", "objection", found.id, {"withdrawal": withdrawal, "client": found.client_id})
        await _tell(w, met, ObjectionState.WITHDRAWN.value, said)


async def _close(w: Writing, found: Objection, state: ObjectionState, resolution: str | None) -> Objection:
    closed = await store.resolve(
        w.db,
        found.id,
        state=state,
        at=w.at,
        on=w.today,
        by=w.actor.name,
        resolution=resolution,
    )
    if not closed:
        raise ConflictError(
            f"Objection {found.id} was closed on {found.resolved_on}: {found.state.replace('_', ' ')}. A closed"
            " objection stays as it is."
        )
    await client_store.touch(w.db, found.client_id)
    return await store.get(w.db, found.id)


async def _tell(w: Writing, about: Objection, state: str, text: str | None) -> None:
    await notices.tell_outcome(
        w, about.change_id, about.client_id, {"state": state, "text": text, "objection": about.id}
    )
