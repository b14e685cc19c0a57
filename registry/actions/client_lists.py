"""The list of one client on a day, and the safeguards for its data: read in the transaction of the caller."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from registry.actions import world as worlds
from registry.actions.listing import ON_THE_LIST, planned
from registry.database import Connection
from registry.errors import Fault, InvalidError, Source, no_client
from registry.resources.bindings import KnownClient
from registry.resources.client_lists import ClientList, ClientSafeguards, Deviation
from registry.resources.clients import ClientPeriod
from registry.resources.periods import PublishedPart, TermsPeriod
from registry.resources.sub_processors import PlannedChange
from registry.resources.world import World
from registry.rules.clients import answers, narrowing
from registry.rules.clients.binding import LeftOut, bound_world
from registry.rules.clients.entrusting import entrusted, regimes
from registry.rules.clients.holding import Holding
from registry.rules.clients.narrowing import Scope, scope
from registry.rules.fold import on
from registry.rules.hops import Hop, hops
from registry.rules.listing import by_name, public_view
from registry.rules.news import planned_title
from registry.rules.transfers import Judged, judge, worst
from registry.rules.views import public_view as public_change
from registry.store import changes as change_store
from registry.store import known_clients, subjects
from registry.store.subjects import Subject
from transfers.law import Law

ONE_DAY = timedelta(days=1)


class ClientView(Struct, frozen=True, kw_only=True):
    """The register on a day as one client has it."""

    client: KnownClient
    period: ClientPeriod | None
    register: World
    """The register as it is for everybody, narrowed to what the client takes."""
    world: World
    """The same without what does not bind the client."""
    entrusted: Sequence[Hop]
    deviations: tuple[Deviation, ...]
    announced: Mapping[UUID, Sequence[PlannedChange]]


async def view(
    db: Connection,
    client_id: UUID,
    *,
    day: date,
    law: Law,
    public_url: str,
    service: str | None = None,
    all_options: bool = False,
) -> ClientView:
    """Everything that the client's answers are made of; `service` narrows it to one that the client takes.

    With `all_options` it is as if the client had switched on every optional use.
    """
    known = await known_clients.read(db, [client_id])
    if not known:
        raise no_client(client_id)
    [client] = known
    register = await worlds.within(db)
    parts = await contested_parts(db, client)
    bound, left_out = bound_world(register, client, parts)
    # A past day has its deviation still; from the day on which the change binds the client there is none.
    standing = [one for one in left_out if one.binds_from is None or day < one.binds_from]
    deviations = await _deviations(db, register, standing, public_url)
    coming = await planned(db, register, day, public_url)
    period, within = client.on(day), scope(client, day)
    if within is not None and all_options:
        within = replace(within, every_option=True)
    if service is not None:
        within = _of_service(register, within, service)
    if period is None or within is None:
        nothing = replace(register, sub_processors={})
        return ClientView(
            client=client,
            period=period,
            register=nothing,
            world=nothing,
            entrusted=(),
            deviations=(),
            announced={},
        )
    narrowed = narrowing.world(register, within)
    return ClientView(
        client=client,
        period=period,
        register=narrowed,
        world=narrowing.world(bound, within),
        entrusted=entrusted(register, client.id, period.terms, day, law),
        deviations=deviations,
        announced=_touching(narrowed, coming),
    )


async def listed(
    db: Connection, client_id: UUID, *, day: date, law: Law, public_url: str
) -> tuple[int, ClientList]:
    """The client's list, and the journal number used."""
    seen = await view(db, client_id, day=day, law=law, public_url=public_url)
    shown = [
        public_view(
            seen.world,
            sub_processor,
            day=day,
            law=law,
            planned=seen.announced.get(sub_processor.id, ()),
            public_url=public_url,
            entrusted=seen.entrusted,
        )
        for sub_processor in seen.world.sub_processors.values()
    ]
    return seen.world.journal_no, ClientList(
        client_id=client_id,
        reference=seen.client.reference,
        as_of=day,
        runs=seen.period is not None,
        change_number=seen.world.change_no,
        data=tuple(by_name([one for one in shown if one is not None and one.status in ON_THE_LIST])),
        deviations=seen.deviations,
    )


async def safeguards(
    db: Connection, client_id: UUID, *, day: date, law: Law, public_url: str, service: str | None
) -> tuple[int, ClientSafeguards]:
    """Every sub-processor that touches the client's data, place by place, and the journal number used."""
    seen = await view(db, client_id, day=day, law=law, public_url=public_url, service=service)
    first = [judge(hop, day, law) for hop in seen.entrusted]
    found = judged(seen, day, law)
    holding = Holding(seen.world, seen.entrusted, law)
    terms = seen.period.terms if seen.period is not None else None
    shown = answers.sub_processors(seen.world, found, day, law, holding.until)
    coming = {one.id: one for each in seen.announced.values() for one in each}
    return seen.world.journal_no, ClientSafeguards(
        client_id=client_id,
        reference=seen.client.reference,
        as_of=day,
        runs=terms is not None,
        service=service,
        change_number=seen.world.change_no,
        law_edition=law.edition,
        regimes=tuple(regimes(client_id, terms, day, law)) if terms is not None else (),
        verdict=worst([one.verdict for one in shown]),
        entrusted=tuple(answers.route(one, law, one.assessment.valid_until) for one in first),
        sub_processors=shown,
        instructions=answers.instructions(seen.client.instructions, [*first, *found], day, law),
        announced=tuple(sorted(coming.values(), key=lambda one: (one.effective_on, one.number))),
        deviations=seen.deviations,
    )


def judged(seen: ClientView, day: date, law: Law) -> list[Judged]:
    """The transfers of the client's data on the day, judged."""
    return [judge(hop, day, law) for hop in hops(seen.world, day, law, seen.entrusted)]


def _of_service(register: World, within: Scope | None, service: str) -> Scope | None:
    if service not in register.services:
        known = ", ".join(sorted(register.services)) or "none yet"
        message = f"There is no service with the key {service}; there are: {known}."
        raise InvalidError(message, [Fault(member="service", message=message, source=Source.QUERY)])
    if within is None or (within.services and service not in within.services):
        return None
    return replace(within, services=frozenset({service}))


async def contested_parts(db: Connection, client: KnownClient) -> dict[UUID, list[PublishedPart]]:
    """The published parts about every subject of a change that the client contests."""
    ids = sorted({subject for one in client.contested for subject in one.subjects})
    found = await subjects.parts(db, Subject.SUB_PROCESSOR, ids)
    found = {key: parts for key, parts in found.items() if parts}
    organisations = [key for key in ids if key not in found]
    return {**found, **await subjects.parts(db, Subject.ORGANISATION, organisations)}


async def _deviations(
    db: Connection, register: World, left_out: Sequence[LeftOut], public_url: str
) -> tuple[Deviation, ...]:
    numbers = sorted({one.number for one in left_out})
    rows = {row.number: row for row in await change_store.numbered(db, numbers)}
    return tuple(
        Deviation(
            change_id=rows[one.number].id,
            change_number=one.number,
            title=planned_title(
                public_change(rows[one.number], public_url), {one.subject_id}, one.effective_on
            ),
            subject=_named(register, one.subject_id, one.effective_on),
            effective_on=one.effective_on,
            reason=one.reason,
            binds_from=one.binds_from,
        )
        for one in sorted(left_out, key=lambda one: (one.effective_on, one.number))
        if rows[one.number].withdrawn_by is None
    )


def _named(register: World, subject_id: UUID, day: date) -> str:
    known = register.sub_processors.get(subject_id)
    organisation = register.organisations[known.organisation_id if known else subject_id]
    return str(organisation.document_on(day)["legal_name"])


def _touching(
    narrowed: World, coming: Mapping[UUID, Sequence[PlannedChange]]
) -> dict[UUID, list[PlannedChange]]:
    """What is published to come and alters something for the client."""
    found: dict[UUID, list[PlannedChange]] = {}
    for key, changes in coming.items():
        known = narrowed.sub_processors[key]
        organisation = narrowed.organisations[known.organisation_id]
        for change in changes:
            days = (change.effective_on - ONE_DAY, change.effective_on)
            was, becomes = (_document(known.periods, day) for day in days)
            facts = organisation.document_on(days[0]) != organisation.document_on(days[1])
            if was != becomes or (becomes is not None and facts):
                found.setdefault(key, []).append(change)
    return found


def _document(periods: Sequence[TermsPeriod], day: date) -> object:
    period = on(periods, day)
    return None if period is None else period.document
