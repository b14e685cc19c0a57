"""A client's own decisions: optional uses, and changes under specific authorisation."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from msgspec import to_builtins
from msgspec.structs import replace

from registry.actions import links
from registry.actions.client_lists import view
from registry.actions.coming import owe_what_comes
from registry.actions.writing import Writing, writing
from registry.clock import Clock
from registry.database import Connection
from registry.errors import ConflictError, Fault, InvalidError, NotFoundError, UnprocessableError, no_client
from registry.resources.actors import Actor
from registry.resources.authorisations import (
    Authorisation,
    AuthorisationDraft,
    Decision,
    DecisionState,
    Option,
    OptionSwitch,
)
from registry.resources.bindings import KnownClient
from registry.resources.links import LinkPurpose
from registry.rules.clients import options as rules
from registry.rules.clients.authorising import authorisations
from registry.rules.views import published_parts
from registry.settings import Settings
from registry.store import authorisations as store
from registry.store import changes as change_store
from registry.store import clients as client_store
from registry.store import known_clients
from registry.store import link_tokens as token_store
from transfers.law import Law
from transfers.vocabulary import Verdict


async def options(
    db: Connection, client_id: UUID, *, day: date, law: Law, public_url: str
) -> tuple[Option, ...]:
    """Every optional use that is there for the client on the day, on or off, with its verdicts."""
    seen = await view(db, client_id, day=day, law=law, public_url=public_url, all_options=True)
    if seen.period is None:
        return ()
    return rules.options(seen.world, seen.client, seen.entrusted, day, law)


async def option(
    db: Connection, client_id: UUID, *, key: tuple[UUID, str], day: date, law: Law, public_url: str
) -> Option:
    for one in await options(db, client_id, day=day, law=law, public_url=public_url):
        if (one.sub_processor_id, one.use_key) == key:
            return one
    raise NotFoundError(
        f"There is no optional use {key[1]} of a sub-processor {key[0]} for this client on {day}."
    )


async def switch(
    db: Connection,
    actor: Actor,
    clock: Clock,
    settings: Settings,
    client_id: UUID,
    *,
    key: tuple[UUID, str],
    given: OptionSwitch,
    law: Law,
    seen: Callable[[Option], None],
) -> Option:
    """Switch an optional use on or off, recorded with the verdicts that the client saw.

    `seen` raises when it saw others.
    """
    async with writing(db, actor, clock) as w:
        await client_store.get_for_update(db, client_id)
        day = given.effective_on or w.today
        if day < w.today:
            message = f"{day} is past. A client switches from today on; what was is not altered by it."
            raise InvalidError(message, [Fault(member="effective_on", message=message)])
        shown = await option(db, client_id, key=key, day=w.today, law=law, public_url=settings.public_url)
        seen(shown)
        # What counts is the day from which it holds, on which another law or other terms may.
        then = await option(db, client_id, key=key, day=day, law=law, public_url=settings.public_url)
        if given.on and any(place.verdict is Verdict.NOT_COVERED for place in then.places):
            raise UnprocessableError(
                f"“{then.purpose}” of {then.sub_processor} includes a transfer that nothing covers on {day}, so it"
                " cannot be switched on. Ask us for a safeguard first."
            )
        if given.on == then.on:
            raise ConflictError(
                f"On {day} it is {'on' if then.on else 'off'} already; there is nothing to do."
            )
        await store.add(
            db,
            Decision(
                client_id=client_id,
                sub_processor_id=key[0],
                use_key=key[1],
                change_id=None,
                state=DecisionState.AUTHORISED if given.on else DecisionState.REFUSED,
                effective_on=day,
                reason=given.reason,
                seen=to_builtins(shown.places),
                decided_at=w.at,
                decided_by=actor.name,
            ),
        )
        await client_store.touch(db, client_id)
        operation = "switched_on" if given.on else "switched_off"
        payload = {"client": client_id, "use": key[1], "given": given, "seen": shown.places}
        await w.journal(operation, "option", key[0], payload)
        await owe_what_comes(w, client_id, settings.time_zone)
        if day > w.today:
            return replace(shown, since=day)
        return await option(db, client_id, key=key, day=w.today, law=law, public_url=settings.public_url)


async def listed(db: Connection, client_id: UUID) -> Sequence[Authorisation]:
    """What the client authorises itself: pending, authorised or refused, the newest change first."""
    return await _of(db, await _client(db, client_id))


async def decide(
    db: Connection, actor: Actor, clock: Clock, client_id: UUID, given: AuthorisationDraft
) -> Sequence[Authorisation]:
    """Authorise or refuse a change that the client was given notice of; a later decision replaces it."""
    async with writing(db, actor, clock) as w:
        await client_store.get_for_update(db, client_id)
        before = await of_change(db, given.change_id, client_id)
        if not before:
            message = (
                f"No change {given.change_id} waits for this client's authorisation; those that do are listed at"
                f" /v1/clients/{client_id}/authorisations."
            )
            raise InvalidError(message, [Fault(member="change_id", message=message)])
        subjects = {one.sub_processor_id for one in before}
        if given.sub_processor_id is not None and given.sub_processor_id not in subjects:
            message = f"The change is not about the sub-processor {given.sub_processor_id}."
            raise InvalidError(message, [Fault(member="sub_processor_id", message=message)])
        await _record(w, client_id, given)
        return await of_change(db, given.change_id, client_id)


async def decide_by_link(w: Writing, token: str, state: DecisionState, reason: str | None) -> None:
    """A button of the page behind a notice's link was pressed; the same one twice has acted once.

    `ConflictError` where the change does not wait for the client's authorisation any more.
    """
    link = await links.find(w.db, token, LinkPurpose.OBJECT, w.at)
    change_id, client_id = await links.concerned(w.db, link)
    await client_store.get_for_update(w.db, client_id)
    before = await of_change(w.db, change_id, client_id)
    if not before:
        raise ConflictError("This change does not wait for your authorisation, or not any more.")
    if all(one.state.value == state.value for one in before):
        return
    await _record(w, client_id, AuthorisationDraft(change_id=change_id, state=state, reason=reason))
    await token_store.use(w.db, links.digest(token), w.at)


async def of_change(db: Connection, change_id: UUID, client_id: UUID) -> list[Authorisation]:
    """Where the client's authorisation of a change stands, subject by subject; empty where none is asked for."""
    return [one for one in await _of(db, await _client(db, client_id)) if one.change_id == change_id]


async def _record(w: Writing, client_id: UUID, given: AuthorisationDraft) -> None:
    await store.add(
        w.db,
        Decision(
            client_id=client_id,
            sub_processor_id=given.sub_processor_id,
            use_key=None,
            change_id=given.change_id,
            state=given.state,
            effective_on=w.today,
            reason=given.reason,
            seen=None,
            decided_at=w.at,
            decided_by=w.actor.name,
        ),
    )
    await client_store.touch(w.db, client_id)
    await w.journal(given.state.value, "change", given.change_id, {"client": client_id, "given": given})


async def _client(db: Connection, client_id: UUID) -> KnownClient:
    found = await known_clients.read(db, [client_id])
    if not found:
        raise no_client(client_id)
    return found[0]


async def _of(db: Connection, client: KnownClient) -> list[Authorisation]:
    numbers = sorted({one.number for one in client.contested if one.objection is None})
    rows = await change_store.numbered(db, numbers)
    standing = [row for row in rows if row.withdrawn_by is None]
    return [
        one
        for row in reversed(standing)
        for one in authorisations(client, row.id, row.number or 0, published_parts(row))
    ]
