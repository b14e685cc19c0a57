"""Clients by what of them can alter a verdict, and which of them a transfer touches."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct

from registry.resources.bindings import KnownClient
from registry.resources.clients import ClientTerms, DataKind
from registry.resources.world import World
from registry.rules.clients import narrowing
from registry.rules.clients.entrusting import entrusted, signature
from registry.rules.clients.narrowing import Scope, narrowed, scope
from registry.rules.hops import Hop
from transfers.law import Law

Stretch = tuple[date, date | None]
"""Days, both included; None: without an end."""


class Group(Struct, frozen=True, kw_only=True):
    """Clients whose data have the same verdict at the same place."""

    withheld: frozenset[DataKind]
    """Kinds of data that they never give us."""
    entrusted: tuple[Hop, ...]
    """How we got the data, where rules come with them that do not bind us anyway."""
    clients: tuple[KnownClient, ...]

    @property
    def is_plain(self) -> bool:
        """Whether their verdicts are those of the register itself."""
        return not self.withheld and not self.entrusted

    def world(self, register: World) -> World:
        """The register without the data that these clients withhold; with all services, regions and options."""
        if not self.withheld:
            return register
        within = Scope(
            services=frozenset(),
            region=None,
            withheld=self.withheld,
            options=frozenset(),
            every_option=True,
        )
        return narrowing.world(register, within)


def groups(world: World, clients: Iterable[KnownClient], day: date, law: Law) -> list[Group]:
    """The clients whose contract runs on the day or later, by what of them can alter a verdict."""
    found: dict[tuple[object, ...], Group] = {}
    for client in clients:
        terms = _terms(client, day)
        if terms is None:
            continue
        hops = tuple(entrusted(world, client.id, terms, day, law))
        carries = signature(world, hops, day, law)
        withheld = frozenset(terms.data_withheld)
        known = found.get((withheld, carries))
        found[withheld, carries] = Group(
            withheld=withheld,
            entrusted=known.entrusted if known else (hops if carries else ()),
            clients=(*(known.clients if known else ()), client),
        )
    return list(found.values())


def _terms(client: KnownClient, day: date) -> ClientTerms | None:
    """The terms of the day, or else the next to come."""
    there = (one for one in client.periods if one.valid_until is None or one.valid_until >= day)
    first = next(there, None)
    return first.terms if first is not None else None


def touched(clients: Iterable[KnownClient], hop: Hop, stretches: Iterable[Stretch]) -> list[UUID]:
    """The clients whose data go there on any of the days: by services, region and options taken."""
    kept = list(stretches)
    use = hop.period.document["uses"][hop.use_key]
    piece = {"uses": {hop.use_key: {**use, "places": {hop.place_key: use["places"][hop.place_key]}}}}
    return [
        client.id
        for client in clients
        if any(
            narrowed(piece, hop.sub_processor_id, within) is not None
            for first, until in kept
            for within in _scopes(client, first, until)
        )
    ]


def _scopes(client: KnownClient, first: date, until: date | None) -> Iterable[Scope]:
    """What the client takes on the days on which that begins or alters."""
    begins = {first, *(period.valid_from for period in client.periods)}
    begins |= {decision.effective_on for decision in client.decisions}
    for day in sorted(day for day in begins if first <= day and (until is None or day <= until)):
        within = scope(client, day)
        if within is not None:
            yield within
