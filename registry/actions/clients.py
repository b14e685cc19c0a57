"""Clients: taken on, given other terms from a day on, ended; each in one journalled transaction."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import UNSET

from registry.actions.coming import owe_what_comes
from registry.actions.writing import Writing, writing
from registry.clock import Clock
from registry.database import Connection
from registry.errors import Fault, InvalidError, UnprocessableError
from registry.resources.actors import Actor
from registry.resources.bindings import KnownClient
from registry.resources.clients import (
    Client,
    ClientDraft,
    ClientPatch,
    ClientPeriod,
    ClientTerms,
    ContractEnd,
)
from registry.rules.client_checks.telling import PUBLIC
from registry.rules.clients.narrowing import has_contract_contact, reachable
from registry.rules.clients.periods import altered, ended
from registry.rules.documents import DocumentError
from registry.rules.patches import MissingKeyError
from registry.settings import Settings
from registry.store import clients as store
from registry.store import known_clients
from registry.store import services as service_store
from registry.store import sub_processors as sub_processor_store
from registry.store.clients import ClientRow


async def add(db: Connection, actor: Actor, clock: Clock, settings: Settings, given: ClientDraft) -> Client:
    """Take a client on; it gets its notice of what is announced already."""
    if given.valid_until is not None and given.valid_until < given.valid_from:
        message = f"The contract would end on {given.valid_until}, before it begins on {given.valid_from}."
        raise InvalidError(message, [Fault(member="valid_until", message=message)])
    _check_reference(given.reference)
    async with writing(db, actor, clock) as w:
        await _check(w.db, given.terms)
        row = await store.add(w.db, given.reference, w.at, actor.name)
        period = ClientPeriod(valid_from=given.valid_from, valid_until=given.valid_until, terms=given.terms)
        await store.write_terms(w.db, row.id, [period])
        await w.journal("created", "client", row.id, given)
        await owe_what_comes(w, row.id, settings.time_zone)
        return await _shown(w.db, row, w.today, settings)


async def get(db: Connection, settings: Settings, client_id: UUID, day: date) -> Client:
    return await _shown(db, await store.get(db, client_id), day, settings)


async def listed(
    db: Connection,
    settings: Settings,
    day: date,
    *,
    only: UUID | None,
    reference: str | None,
    after: UUID | None,
    limit: int,
) -> list[Client]:
    """In the order of their making; `only` is the one client whose key asks."""
    rows = await store.find(db, None if only is None else [only], reference)
    rows = [row for row in rows if after is None or row.id > after][:limit]
    known = {one.id: one for one in await known_clients.read(db, [row.id for row in rows])}
    return [_view(row, known[row.id], day, settings) for row in rows]


async def alter(
    db: Connection,
    actor: Actor,
    clock: Clock,
    settings: Settings,
    client_id: UUID,
    *,
    given: ClientPatch,
    seen: Callable[[Client], None],
) -> Client:
    """Other terms from a day on. `seen` raises when the asker looked at an older version."""
    async with writing(db, actor, clock) as w:
        before = await _locked(w, settings, client_id, seen)
        first = w.today if given.valid_from is UNSET else given.valid_from
        last = None if given.valid_until is UNSET else given.valid_until
        if last is not None and last < first:
            message = f"The terms would hold until {last}, but only from {first} on."
            raise InvalidError(message, [Fault(member="valid_until", message=message)])
        periods = list(before.periods)
        if given.terms:
            periods = _altered(periods, given.terms, first, last)
            for period in periods:
                if period not in before.periods:
                    await _check(w.db, period.terms, before.periods)
            _check_contacts(before.periods, periods, w.today)
        renamed = given.reference is not UNSET and given.reference != before.reference
        if not renamed and periods == list(before.periods):
            message = "It alters nothing: the client has these terms already."
            raise InvalidError(message, [Fault(member="terms", message=message)])
        if given.reference is not UNSET:
            _check_reference(given.reference)
            await store.rename(w.db, client_id, given.reference)
        await _write(w, client_id, periods)
        operation = "corrected" if first < w.today and given.terms else "edited"
        await w.journal(operation, "client", client_id, {"given": given, "periods": periods})
        await owe_what_comes(w, client_id, settings.time_zone)
        return await _shown(w.db, await store.get(w.db, client_id), w.today, settings)


async def end(
    db: Connection,
    actor: Actor,
    clock: Clock,
    settings: Settings,
    client_id: UUID,
    *,
    given: ContractEnd,
    seen: Callable[[Client], None],
) -> Client:
    """End the contract: from the day after its last day on the client has no list and is told nothing."""
    async with writing(db, actor, clock) as w:
        before = await _locked(w, settings, client_id, seen)
        periods = ended(before.periods, given.valid_until)
        if periods == list(before.periods):
            raise UnprocessableError(
                f"The contract of {before.reference} does not run after {given.valid_until}; there is nothing to end."
            )
        await _write(w, client_id, periods)
        await w.journal("ended", "client", client_id, given)
        return await _shown(w.db, await store.get(w.db, client_id), w.today, settings)


def _altered(
    periods: Sequence[ClientPeriod], patch: dict[str, Any], first: date, last: date | None
) -> list[ClientPeriod]:
    try:
        return altered(periods, patch, first, last)
    except DocumentError as error:
        member = f"terms.{error.fault.member}" if error.fault.member else "terms"
        covered = any(period.covers(first) for period in periods)
        hint = "" if covered else f" No terms hold on {first}, so the patch must bring all of them."
        message = f"With this patch the client's terms would not be whole: {error.fault.message}.{hint}"
        raise InvalidError(message, [Fault(member=member, message=message)]) from error
    except MissingKeyError as error:
        known = ", ".join(error.known) or "none"
        message = f"{'.'.join(error.path)} is not there, so it cannot be removed; there are: {known}."
        raise InvalidError(
            message, [Fault(member=f"terms.{'.'.join(error.path)}", message=message)]
        ) from error


async def _locked(w: Writing, settings: Settings, client_id: UUID, seen: Callable[[Client], None]) -> Client:
    row = await store.get_for_update(w.db, client_id)
    found = await _shown(w.db, row, w.today, settings)
    seen(found)
    return found


async def _write(w: Writing, client_id: UUID, periods: Sequence[ClientPeriod]) -> None:
    await store.write_terms(w.db, client_id, periods)
    await store.touch(w.db, client_id)


async def _check(db: Connection, terms: ClientTerms, before: Sequence[ClientPeriod] = ()) -> None:
    """What terms name must be on the register; what the client had chosen ``before`` it keeps."""
    known = {service.key for service in await service_store.everything(db)}
    faults = [
        Fault(
            member=f"terms.services.{key}",
            message=f"There is no service with the key {key}; there are: {', '.join(sorted(known)) or 'none yet'}.",
        )
        for key in terms.services
        if key not in known
    ]
    if terms.region is not None and all(period.terms.region != terms.region for period in before):
        regions = await sub_processor_store.regions(db)
        # Where no place names any yet, the client's choice may well be the first.
        if regions and terms.region not in regions:
            message = f"No place serves a region {terms.region}; there are: {', '.join(regions)}."
            faults.append(Fault(member="terms.region", message=message))
    if faults:
        raise InvalidError(faults[0].message, faults)


def _check_reference(reference: str) -> None:
    """Raise ``InvalidError`` for the word by which checks name everybody."""
    if reference.casefold() == PUBLIC:
        message = f"`{PUBLIC}` names everybody, so no client can be called that; choose another reference."
        raise InvalidError(message, [Fault(member="reference", message=message)])


def _check_contacts(before: Sequence[ClientPeriod], after: Sequence[ClientPeriod], today: date) -> None:
    """Raise ``InvalidError`` where the last contact for the contract would be taken away, now or on a day to come."""
    for period in after:
        day = max(period.valid_from, today)
        if has_contract_contact(period.terms) or not period.covers(day):
            continue
        if any(one.covers(day) and has_contract_contact(one.terms) for one in before):
            message = (
                f"From {day} on nobody would be left to get the notices of the contract. Name another contact"
                " with `contract` first, or in the same patch."
            )
            raise InvalidError(message, [Fault(member="terms.contacts", message=message)])


async def _shown(db: Connection, row: ClientRow, day: date, settings: Settings) -> Client:
    [known] = await known_clients.read(db, [row.id])
    return _view(row, known, day, settings)


def _view(row: ClientRow, known: KnownClient, day: date, settings: Settings) -> Client:
    period = known.on(day)
    return Client(
        id=row.id,
        version=row.version,
        reference=row.reference,
        as_of=day,
        terms=period.terms if period else None,
        valid_from=period.valid_from if period else None,
        valid_until=period.valid_until if period else None,
        periods=known.periods,
        reachable=reachable(known, day, mails=settings.smtp is not None),
        created_at=row.created_at,
    )
