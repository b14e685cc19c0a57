"""The optional uses that a client may switch on, with the verdicts on its data."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from registry.resources.authorisations import Option, OptionPlace
from registry.resources.bindings import KnownClient
from registry.resources.world import World
from registry.rules.clients import narrowing
from registry.rules.hops import Hop, hops
from registry.rules.transfers import Judged, judge
from transfers.law import Law


def options(
    world: World, client: KnownClient, entrusted: Sequence[Hop], day: date, law: Law
) -> tuple[Option, ...]:
    """Of a world narrowed to the client with every option on: its optional uses, by name and key."""
    switched_on = narrowing.options(client.decisions, day)
    found: defaultdict[tuple[UUID, str], list[Judged]] = defaultdict(list)
    for hop in hops(world, day, law, entrusted):
        if hop.use.optional:
            found[hop.sub_processor_id, hop.use_key].append(judge(hop, day, law))
    shown = [_option(client, key, judged, on=key in switched_on, day=day) for key, judged in found.items()]
    return tuple(sorted(shown, key=lambda one: (one.sub_processor.casefold(), one.use_key)))


def _option(
    client: KnownClient, key: tuple[UUID, str], found: Sequence[Judged], *, on: bool, day: date
) -> Option:
    hop = found[0].hop
    switches = [
        one.effective_on
        for one in client.decisions
        if (one.sub_processor_id, one.use_key) == key and one.effective_on <= day
    ]
    return Option(
        sub_processor_id=hop.sub_processor_id,
        sub_processor=hop.sub_processor,
        use_key=hop.use_key,
        purpose=hop.use.purpose,
        data=tuple(category.text for category in hop.use.data.values()),
        on=on,
        since=max(switches, default=None),
        places=tuple(
            OptionPlace(
                place=judged.hop.place.text,
                role=judged.hop.place.role,
                country=judged.hop.place.country,
                group=judged.hop.place.group,
                regime=judged.hop.regime,
                verdict=judged.verdict,
                relied_on=judged.mechanism,
            )
            for judged in sorted(found, key=lambda judged: (judged.hop.place_key, judged.hop.regime))
        ),
    )
