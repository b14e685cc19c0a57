"""The answer to a contract tool: sub-processors, uses, places and routes of one client's data on a day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

from registry.resources.client_lists import (
    ClientPlace,
    ClientRoute,
    ClientSubProcessor,
    ClientUse,
    InstructionStanding,
)
from registry.resources.instructions import Instruction, TransferDemanded
from registry.resources.sub_processors import Status
from registry.resources.transfers import MissingFact
from registry.resources.world import World
from registry.rules.clients.instructions import contravened, demanded
from registry.rules.clients.reserve import behind
from registry.rules.hops import Hop
from registry.rules.status import status
from registry.rules.transfers import COVERED, Judged, worst
from transfers.law import Law
from transfers.vocabulary import Level, Verdict

Until = Callable[[Judged], date | None]


def sub_processors(
    world: World, found: Iterable[Judged], day: date, law: Law, until: Until
) -> tuple[ClientSubProcessor, ...]:
    """The judged transfers of a day by sub-processor, use and place, in the order of names."""
    grouped: defaultdict[UUID, list[Judged]] = defaultdict(list)
    for judged in found:
        grouped[judged.hop.sub_processor_id].append(judged)
    shown = [_sub_processor(world, of_one, day, law, until) for of_one in grouped.values()]
    return tuple(sorted(shown, key=lambda one: (one.legal_name.casefold(), one.id)))


def route(judged: Judged, law: Law, until: date | None) -> ClientRoute:
    hop = judged.hop
    return ClientRoute(
        transfer_id=hop.id,
        regime=hop.regime,
        exporter=hop.exporter.facts.legal_name,
        importer=hop.importer.facts.legal_name,
        verdict=judged.verdict,
        relied_on=judged.mechanism,
        behind=tuple(one.name for one in behind(judged, law)),
        valid_until=until,
        missing=tuple(MissingFact(fact=one.fact, ask=one.ask) for one in judged.assessment.missing),
        why=why(judged),
    )


def why(judged: Judged) -> tuple[str, ...]:
    """What stands against a transfer that is not covered or in doubt; nothing where it is covered."""
    if judged.verdict in COVERED:
        return ()
    found = judged.assessment.findings
    against = [one for one in found if one.level is Level.REFUSES] or [
        one for one in found if one.level is not Level.SUPPORTS
    ]
    return tuple(dict.fromkeys(one.message for one in against or found))


def instructions(
    known: Iterable[Instruction], found: Sequence[Judged], day: date, law: Law
) -> tuple[InstructionStanding, ...]:
    """Each instruction that holds on the day, with what stands against it."""
    return tuple(_instruction(one, found, day, law) for one in known if one.covers(day))


def worst_of(verdicts: Iterable[Verdict]) -> Verdict:
    found = worst(list(verdicts))
    if found is None:
        raise ValueError("There is no worst of no verdicts.")
    return found


def _instruction(
    instruction: Instruction, found: Sequence[Judged], day: date, law: Law
) -> InstructionStanding:
    against: list[str] = []
    if instruction.flagged is None:
        if isinstance(instruction.rule, TransferDemanded):
            why = demanded(instruction.rule, found, day)
            against = [why] if why is not None else []
        for judged in found:
            why = contravened(instruction.rule, judged, law)
            if why is not None:
                hop = judged.hop
                against.append(f"{hop.sub_processor}, “{hop.use.purpose}” at “{hop.place.text}”: {why}")
    return InstructionStanding(
        id=instruction.id,
        kind=instruction.kind,
        kept=instruction.flagged is None and not against,
        contravened_by=tuple(dict.fromkeys(against)),
        flagged=instruction.flagged.reason if instruction.flagged else None,
    )


def _sub_processor(
    world: World, found: Sequence[Judged], day: date, law: Law, until: Until
) -> ClientSubProcessor:
    hop = found[0].hop
    known = world.sub_processors[hop.sub_processor_id]
    organisation = world.organisations[known.organisation_id].document_on(day)
    by_use: defaultdict[str, list[Judged]] = defaultdict(list)
    for judged in found:
        by_use[judged.hop.use_key].append(judged)
    return ClientSubProcessor(
        id=known.id,
        status=status(known.periods, day) or Status.ACTIVE,
        legal_name=hop.sub_processor,
        country=organisation.get("country"),
        category=hop.terms.category,
        agreement=hop.terms.agreement.status if hop.terms.agreement else None,
        engaged_by=tuple(sorted({judged.hop.exporter.facts.legal_name for judged in found})),
        verdict=worst_of(judged.verdict for judged in found),
        uses=tuple(_use(of_use, law, until) for _, of_use in sorted(by_use.items())),
    )


def _use(found: Sequence[Judged], law: Law, until: Until) -> ClientUse:
    hop = found[0].hop
    by_place: defaultdict[str, list[Judged]] = defaultdict(list)
    for judged in found:
        by_place[judged.hop.place_key].append(judged)
    return ClientUse(
        use_key=hop.use_key,
        purpose=hop.use.purpose,
        type=hop.use.type,
        optional=hop.use.optional,
        services=tuple(sorted(hop.use.services)),
        data=tuple(category.text for category in hop.use.data.values()),
        places=tuple(_place(of_place, law, until) for _, of_place in sorted(by_place.items())),
    )


def _place(found: Sequence[Judged], law: Law, until: Until) -> ClientPlace:
    hop = found[0].hop
    place = hop.place
    routes = sorted(found, key=lambda judged: (judged.hop.regime, judged.hop.exporter.facts.legal_name))
    return ClientPlace(
        place_key=hop.place_key,
        role=place.role,
        text=place.text,
        country=place.country,
        subdivision=place.subdivision,
        group=place.group,
        operated_by=_operator(hop),
        services=tuple(sorted(place.services)),
        verdict=worst_of(judged.verdict for judged in found),
        routes=tuple(route(judged, law, until(judged)) for judged in routes),
    )


def _operator(hop: Hop) -> str | None:
    return hop.importer.facts.legal_name if hop.importer.id != hop.contractor else None
