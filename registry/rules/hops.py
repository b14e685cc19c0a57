"""Hops: every transfer that the register's terms imply on a day, before it is judged.

Uses × places × regimes. Nothing here is typed in or stored, so nothing can contradict the terms.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid5

from msgspec import Struct

from registry.resources.organisations import OrganisationFacts
from registry.resources.periods import TermsPeriod
from registry.resources.places import Place
from registry.resources.terms import Terms, Use
from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.documents import read
from registry.rules.fold import on
from transfers.law import Law

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


class Hop(Struct, frozen=True, kw_only=True):
    """Exporter to importer, at one place of one use, under one regime."""

    id: UUID
    regime: str
    exporter: Party
    importer: Party
    sub_processor_id: UUID
    sub_processor: str
    terms: Terms
    period: TermsPeriod
    use_key: str
    use: Use
    place_key: str
    place: Place


def engagement_id(engaged_by: UUID, sub_processor_id: UUID) -> UUID:
    """Who engages whom; the same through all periods."""
    return uuid5(NAMESPACE, f"{engaged_by}/{sub_processor_id}")


def transfer_id(engagement: UUID, use_key: str, place_key: str, regime: str) -> UUID:
    return uuid5(NAMESPACE, f"{engagement}/{use_key}/{place_key}/{regime}")


def hops(world: World, day: date, law: Law) -> list[Hop]:
    """Every hop of every sub-processor whose terms cover the day."""
    return [
        hop
        for sub_processor in world.sub_processors.values()
        for hop in of_sub_processor(world, sub_processor, day, law)
    ]


def of_sub_processor(world: World, sub_processor: KnownSubProcessor, day: date, law: Law) -> list[Hop]:
    """The hops of one sub-processor on the day; none where no terms cover it."""
    period = on(sub_processor.periods, day)
    if period is None:
        return []
    return list(_of_terms(world, sub_processor, period, day, law))


def _of_terms(
    world: World, sub_processor: KnownSubProcessor, period: TermsPeriod, day: date, law: Law
) -> Iterator[Hop]:
    terms = read(period.document, Terms)
    itself = party(world.organisations[sub_processor.organisation_id], day)
    engagers = [
        organisation
        for organisation in world.organisations.values()
        if (organisation.id in terms.engaged_by if terms.engaged_by else organisation.own)
    ]
    for engager in engagers:
        exporter = party(engager, day)
        engagement = engagement_id(exporter.id, sub_processor.id)
        regime = regime_of(exporter.facts.country, day, law)
        for use_key, use in terms.uses.items():
            for place_key, place in use.places.items():
                operator = world.organisations.get(place.operated_by) if place.operated_by else None
                yield Hop(
                    id=transfer_id(engagement, use_key, place_key, regime),
                    regime=regime,
                    exporter=exporter,
                    importer=party(operator, day) if operator else itself,
                    sub_processor_id=sub_processor.id,
                    sub_processor=itself.facts.legal_name,
                    terms=terms,
                    period=period,
                    use_key=use_key,
                    use=use,
                    place_key=place_key,
                    place=place,
                )


def party(organisation: KnownOrganisation, day: date) -> Party:
    return Party(
        id=organisation.id,
        own=organisation.own,
        facts=read(organisation.document_on(day), OrganisationFacts),
    )


def regime_of(country: str | None, day: date, law: Law) -> str:
    """Whose rules bind the exporter: the UK's, Switzerland's, or else the GDPR.

    The GDPR is the regime of an exporter in the EEA, and of one elsewhere that is held to it through
    the chain; where the country is not on record the verdict asks for it.
    """
    del day, law
    return {"GB": "uk_gdpr", "CH": "ch_fadp"}.get(country or "", "eu_gdpr")
