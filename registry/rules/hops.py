"""Hops: every transfer that the register's terms imply on a day, before it is judged.

Uses × places × regimes. Nothing here is typed in or stored, so nothing can contradict the terms.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID, uuid5

from msgspec import Struct

from registry.resources.organisations import OrganisationFacts
from registry.resources.periods import TermsPeriod
from registry.resources.places import Place
from registry.resources.terms import Terms, Use
from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.documents import read
from registry.rules.fold import on
from transfers.codes import KNOWN, canonical
from transfers.ladder import HOLDS
from transfers.law import Law
from transfers.standing import FIRST_DAY
from transfers.vocabulary import BindingLaw, Regime, Upstream

TERRITORIES = {"GB": "uk_gdpr", "CH": "ch_fadp"}
"""Countries with rules of their own on transfers; the EEA's are the GDPR's."""

NAMESPACE = UUID("6f6e7761-7264-5e65-8e61-676167656d65")
"""The namespace of derived ids: the same through all periods, on every machine."""


class Party(Struct, frozen=True, kw_only=True):
    """An organisation as it is on the day."""

    id: UUID
    own: bool
    facts: OrganisationFacts

    @property
    def record(self) -> str:
        """How a source names the record."""
        return f"organisation {self.facts.legal_name}"


class Received(Struct, frozen=True, kw_only=True):
    """The ground under which an exporter itself received the data, and the transfer that rests on it."""

    upstream: Upstream
    module: int | None
    by: str


class Hop(Struct, frozen=True, kw_only=True):
    """Exporter to importer, at one place of one use, under one regime."""

    id: UUID
    regime: str
    exporter: Party
    importer: Party
    sub_processor_id: UUID
    sub_processor: str
    contractor: UUID
    """The sub-processor's own organisation: the party to its safeguards, whoever operates the place."""
    terms: Terms
    period: TermsPeriod
    use_key: str
    use: Use
    place_key: str
    place: Place
    upstream: tuple["Hop", ...] = ()
    """Beyond the first hop, for an exporter outside the regime: how it received the data."""
    received: Received | None = None
    """What carried those, once they are judged."""
    exporter_role: str = "processor"
    """A client, which entrusts us with the data, is their controller."""


def engagement_id(engaged_by: UUID, sub_processor_id: UUID) -> UUID:
    """Who engages whom; the same through all periods."""
    return uuid5(NAMESPACE, f"{engaged_by}/{sub_processor_id}")


def transfer_id(engagement: UUID, use_key: str, place_key: str, regime: str) -> UUID:
    """As ``uuid5`` of all four, in a third of its time: a register has thousands."""
    hashed = _begun(engagement).copy()
    hashed.update(f"{use_key}/{place_key}/{regime}".encode())
    return UUID(bytes=hashed.digest()[:16], version=5)


@lru_cache(maxsize=10_000)
def _begun(engagement: UUID) -> "hashlib._Hash":
    return hashlib.sha1(NAMESPACE.bytes + f"{engagement}/".encode(), usedforsecurity=False)


def hops(world: World, day: date, law: Law, entrusted: Sequence[Hop] = ()) -> list[Hop]:
    """Every hop of every sub-processor whose terms cover the day."""
    return [
        hop
        for sub_processor in world.sub_processors.values()
        for hop in of_sub_processor(world, sub_processor, day, law, entrusted)
    ]


Wanted: TypeAlias = Callable[[str, Place, Party], bool]
"""Whether a hop is wanted under a regime, at a place, to an importer; only asked of what hangs from no chain."""


def of_sub_processor(
    world: World,
    sub_processor: KnownSubProcessor,
    day: date,
    law: Law,
    entrusted: Sequence[Hop] = (),
    *,
    wanted: Wanted | None = None,
) -> list[Hop]:
    """The hops of one sub-processor on the day; none where no terms cover it.

    ``entrusted`` are the hops by which a client gave us the data: their regimes go with the data through the
    whole chain, beside those that bind each exporter itself. What is not ``wanted`` is not made.
    """
    return list(_hops(world, sub_processor, day, law, frozenset(), entrusted, wanted))


def _hops(  # noqa: PLR0917 - calls itself alone
    world: World,
    sub_processor: KnownSubProcessor,
    day: date,
    law: Law,
    seen: frozenset[UUID],
    entrusted: Sequence[Hop],
    wanted: Wanted | None = None,
) -> Iterator[Hop]:
    """The hops, with the chain that leads to each exporter; ``seen`` ends a chain that bites its tail."""
    period = on(sub_processor.periods, day)
    if period is None or sub_processor.id in seen:
        return
    terms = read(period.document, Terms)
    itself = party(world.organisations[sub_processor.organisation_id], day)
    for engager in engagers(world, terms):
        exporter = party(engager, day)
        bound = own_regimes(exporter, day, law)
        chain: tuple[Hop, ...] = ()
        above = world.engaged.get(engager.id)
        if engager.own:
            chain = tuple(hop for hop in entrusted if hop.importer.id == engager.id)
        elif above is not None and (entrusted or not bound):
            further = world.sub_processors[above]
            chain = tuple(_hops(world, further, day, law, seen | {sub_processor.id}, entrusted))
        chain = tuple(hop for hop in chain if hop.regime not in bound)
        engagement = engagement_id(exporter.id, sub_processor.id)
        for regime in regimes(bound, chain):
            upstream = tuple(hop for hop in chain if hop.regime == regime)
            for use_key, use in terms.uses.items():
                for place_key, place in use.places.items():
                    operator = world.organisations.get(place.operated_by) if place.operated_by else None
                    importer = party(operator, day) if operator else itself
                    if wanted is not None and not upstream and not wanted(regime, place, importer):
                        continue
                    yield Hop(
                        id=transfer_id(engagement, use_key, place_key, regime),
                        regime=regime,
                        exporter=exporter,
                        importer=importer,
                        sub_processor_id=sub_processor.id,
                        sub_processor=itself.facts.legal_name,
                        contractor=itself.id,
                        terms=terms,
                        period=period,
                        use_key=use_key,
                        use=use,
                        place_key=place_key,
                        place=place,
                        upstream=upstream,
                    )


def engagers(world: World, terms: Terms) -> list[KnownOrganisation]:
    """Who engages a sub-processor with these terms: those that they name, or else our first own entity.

    Another entity of ours exports only once a change says so: its mere record alters no verdict.
    """
    if not terms.engaged_by:
        return world.own[:1]
    return [world.organisations[key] for key in terms.engaged_by if key in world.organisations]


def party(organisation: KnownOrganisation, day: date) -> Party:
    return Party(
        id=organisation.id,
        own=organisation.own,
        facts=read(organisation.document_on(day), OrganisationFacts),
    )


def own_regimes(exporter: Party, day: date, law: Law) -> list[str]:
    """The regimes that bind an exporter itself: that of its territory, and the GDPR where Article 3(2) does."""
    country = exporter.facts.country or ""
    found = []
    if country in TERRITORIES:
        found.append(TERRITORIES[country])
    elif country in KNOWN and _inside(country, day, law):
        found.append("eu_gdpr")
    if exporter.facts.subject_to.get(BindingLaw.GDPR) and "eu_gdpr" not in found:
        found.append("eu_gdpr")
    return found


def _inside(country: str, day: date, law: Law) -> bool:
    """Whether the Union's rules on transfers hold there: member states, EFTA states, outermost regions."""
    return law.standing(Regime.EU_GDPR, canonical(country)).on(max(day, FIRST_DAY)).inside == HOLDS


def regimes(bound: Sequence[str], chain: Sequence[Hop]) -> list[str]:
    """Whose rules a hop is judged under: those that bind the exporter, and those that came with the data.

    Where nothing tells, it is the GDPR: where the country is not on record the verdict asks for it.
    """
    return [*bound, *sorted({hop.regime for hop in chain})] or ["eu_gdpr"]
