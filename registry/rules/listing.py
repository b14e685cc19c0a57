"""The published list on a day: each member of the public view named, nothing else shown."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from registry.resources.organisations import OrganisationFacts
from registry.resources.places import Place
from registry.resources.sub_processors import (
    PlannedChange,
    PublicPlace,
    PublicSubProcessor,
    PublicUse,
)
from registry.resources.terms import Terms, Use
from registry.resources.world import KnownSubProcessor, World
from registry.rules.documents import read
from registry.rules.hops import Hop, of_sub_processor
from registry.rules.status import added_on, ends_on, shown, status
from registry.rules.transfers import SEVERITY, Judged, judge
from transfers.law import Law

Verdicts = Mapping[tuple[str, str], Judged]


def public_view(
    world: World,
    sub_processor: KnownSubProcessor,
    *,
    day: date,
    law: Law,
    planned: Sequence[PlannedChange],
    public_url: str,
    entrusted: Sequence[Hop] = (),
) -> PublicSubProcessor | None:
    """The sub-processor as the list of the day shows it; None while nothing about it is published.

    Before a planned start the coming terms are shown, after an end the last ones; the status says so.
    ``entrusted`` are the hops by which a client gave us the data, where the list is that client's.
    """
    period = shown(sub_processor.periods, day)
    stands = status(sub_processor.periods, day)
    if period is None or stands is None or period.first is None:
        return None
    seen_on = max(day, period.first) if period.last is None else min(max(day, period.first), period.last)
    terms = read(period.document, Terms)
    organisation = world.organisations[sub_processor.organisation_id]
    facts = read(organisation.document_on(seen_on), OrganisationFacts)
    verdicts = _verdicts(world, sub_processor, seen_on, law, entrusted)
    return PublicSubProcessor(
        id=sub_processor.id,
        status=stands,
        legal_name=facts.legal_name,
        trading_name=facts.trading_name,
        country=facts.country,
        website=facts.website,
        category=terms.category,
        product=terms.product,
        summary=terms.summary,
        uses=tuple(_use(world, seen_on, key, use, verdicts) for key, use in sorted(terms.uses.items())),
        sub_processors_url=terms.sub_processors_url,
        agreement=terms.agreement.status if terms.agreement else None,
        added_on=added_on(sub_processor.periods),
        valid_from=period.first,
        valid_until=period.last,
        ends_on=ends_on(sub_processor.periods, day),
        planned=tuple(planned),
        url=f"{public_url}/sub-processors/{sub_processor.id}",
    )


def _use(world: World, day: date, key: str, use: Use, verdicts: Verdicts) -> PublicUse:
    return PublicUse(
        key=key,
        purpose=use.purpose,
        services=_services(world, use.services),
        data=tuple(category.text for category in use.data.values()),
        type=use.type,
        optional=use.optional,
        places=tuple(
            _place(world, day, place, verdicts.get((key, place_key)))
            for place_key, place in sorted(use.places.items())
        ),
    )


def _services(world: World, chosen: Collection[str]) -> tuple[str, ...]:
    """The names of services in the order in which they came on the register."""
    return tuple(name for key, name in world.services.items() if key in chosen)


def _place(world: World, day: date, place: Place, judged: Judged | None) -> PublicPlace:
    operator = world.organisations.get(place.operated_by) if place.operated_by else None
    return PublicPlace(
        role=place.role,
        text=place.text,
        country=place.country,
        subdivision=place.subdivision,
        group=place.group,
        operated_by=str(operator.document_on(day)["legal_name"]) if operator else None,
        services=_services(world, place.services),
        verdict=judged.verdict if judged else None,
        safeguard=judged.mechanism if judged else None,
    )


def _verdicts(
    world: World, sub_processor: KnownSubProcessor, day: date, law: Law, entrusted: Sequence[Hop]
) -> Verdicts:
    """The worst verdict for each place, over our exporters and their regimes."""
    worst: dict[tuple[str, str], Judged] = {}
    for hop in of_sub_processor(world, sub_processor, day, law, entrusted):
        judged = judge(hop, day, law)
        known = worst.get((hop.use_key, hop.place_key))
        if known is None or SEVERITY[judged.verdict] > SEVERITY[known.verdict]:
            worst[hop.use_key, hop.place_key] = judged
    return worst


def by_name(entries: Sequence[PublicSubProcessor]) -> list[PublicSubProcessor]:
    """In the order of a published list: by name, whatever its case."""
    return sorted(entries, key=lambda entry: (entry.legal_name.casefold(), entry.id))


def planned_by_subject(
    found: Sequence[tuple[UUID, PlannedChange]],
) -> dict[UUID, list[PlannedChange]]:
    """Planned changes of each subject, in the order of their days."""
    planned: dict[UUID, list[PlannedChange]] = {}
    for subject, change in sorted(found, key=lambda pair: (pair[1].effective_on, pair[1].number)):
        planned.setdefault(subject, []).append(change)
    return planned
