"""The first hop of a client's chain: from the client to us, under the client's own rules."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid5

from msgspec.structs import replace

from registry.resources.clients import ClientTerms
from registry.resources.organisations import OrganisationFacts
from registry.resources.periods import TermsPeriod
from registry.resources.places import Place, PlaceRole
from registry.resources.terms import Safeguard, Terms, Use
from registry.resources.world import World
from registry.rules.hops import NAMESPACE, Hop, Party, own_regimes, party
from transfers.law import Law
from transfers.vocabulary import ImporterKind

PURPOSE = "Our services to the client"
KEY = "entrusted"


def regimes(client_id: UUID, terms: ClientTerms, day: date, law: Law) -> list[str]:
    """Whose rules on transfers come with the client's data: those said, or those of its country."""
    if terms.regimes:
        return sorted(regime.value for regime in terms.regimes)
    return own_regimes(_party(client_id, terms), day, law)


def entrusted(world: World, client_id: UUID, terms: ClientTerms, day: date, law: Law) -> list[Hop]:
    """A hop to each entity of ours, under each of the client's regimes; none of it is any sub-processor's."""
    exporter = _party(client_id, terms)
    safeguards = {
        key: Safeguard(tool=held.tool, position=held.position, reference=held.reference)
        for key, held in terms.safeguards.items()
    }
    return [
        _hop(exporter, safeguards, party(own, day), regime)
        for own in world.own
        for regime in regimes(client_id, terms, day, law)
    ]


def signature(world: World, hops: Sequence[Hop], day: date, law: Law) -> tuple[object, ...]:
    """What of the first hops can alter a verdict further down: the same for most clients."""
    bound = {own.id: own_regimes(party(own, day), day, law) for own in world.own}
    return tuple(
        (hop.regime, hop.exporter.facts.country, hop.exporter.facts.kind, str(hop.terms.safeguards))
        for hop in hops
        if hop.regime not in bound[hop.importer.id]
    )


def entrusted_id(client_id: UUID, hop: Hop) -> UUID:
    """The id that a first hop has for a client, where it was made for another that is alike."""
    return _id(client_id, hop.importer.id, hop.regime)


def _id(client_id: UUID, importer_id: UUID, regime: str) -> UUID:
    return uuid5(NAMESPACE, f"{client_id}/{importer_id}/{KEY}/{regime}")


def _party(client_id: UUID, terms: ClientTerms) -> Party:
    kind = ImporterKind.PUBLIC if terms.public_body else ImporterKind.PRIVATE
    facts = OrganisationFacts(legal_name=terms.name, country=terms.country, kind=kind)
    return Party(id=client_id, own=False, facts=facts)


def _hop(exporter: Party, safeguards: dict[str, Safeguard], importer: Party, regime: str) -> Hop:
    country = importer.facts.country
    place = Place(role=PlaceRole.PROCESSING, text=country or importer.facts.legal_name, country=country)
    use = Use(purpose=PURPOSE, places={KEY: place})
    engagement = Terms(uses={KEY: use}, safeguards=safeguards)
    return Hop(
        id=_id(exporter.id, importer.id, regime),
        regime=regime,
        exporter=exporter,
        importer=importer,
        sub_processor_id=importer.id,
        sub_processor=importer.facts.legal_name,
        contractor=importer.id,
        terms=engagement,
        period=TermsPeriod(first=None, last=None, document={}, changes=()),
        use_key=KEY,
        use=use,
        place_key=KEY,
        place=place,
        exporter_role="controller",
    )


def demanded_hop(world: World, vendor: UUID | None, terms: Terms | None, day: date, law: Law) -> Hop:
    """A transfer that a client demands, from our company to a vendor, or to anybody, under our own rules."""
    exporter = party(world.own[0], day)
    known = world.organisations.get(vendor) if vendor is not None else None
    anybody = Party(id=NAMESPACE, own=False, facts=OrganisationFacts(legal_name="a recipient"))
    importer = party(known, day) if known is not None else anybody
    safeguards = terms.safeguards if terms is not None else {}
    regime = own_regimes(exporter, day, law)[:1] or ["eu_gdpr"]
    return replace(_hop(exporter, safeguards, importer, regime[0]), exporter_role="processor")
