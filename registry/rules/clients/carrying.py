"""Transfers under the rules that come with a client's data: whose an id is, and its course through time."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from uuid import UUID

from registry.resources.bindings import KnownClient
from registry.resources.world import KnownSubProcessor, World
from registry.rules.clients import narrowing
from registry.rules.clients.entrusting import entrusted
from registry.rules.clients.narrowing import Scope, scope
from registry.rules.hops import Hop, engagement_id, of_sub_processor, transfer_id
from registry.rules.spans import ONE_DAY, Asked, Span, spans
from transfers.law import Law
from transfers.standing import FIRST_DAY
from transfers.vocabulary import Regime


def located(world: World, key: UUID) -> KnownSubProcessor | None:
    """The sub-processor that an id is made of; None where it is that of no transfer to any."""
    ours = [own.id for own in world.own]
    for known in world.sub_processors.values():
        for period in known.periods:
            engagers = [UUID(one) for one in period.document.get("engaged_by") or {}] or ours
            for engagement in (engagement_id(engager, known.id) for engager in engagers):
                for use_key, use in period.document.get("uses", {}).items():
                    for place_key in use.get("places", {}):
                        for regime in Regime:
                            if transfer_id(engagement, use_key, place_key, regime.value) == key:
                                return known
    return None


class Carrying:
    """Finds a transfer by its id among those of clients."""

    def __init__(self, world: World, key: UUID, law: Law) -> None:
        self._world = world
        self._key = key
        self._law = law
        self._located = located(world, key)
        self._narrowed: dict[Scope, World] = {}

    def on(self, clients: Iterable[KnownClient], day: date) -> KnownClient | None:
        """The first of the clients whose data take this way on the day."""
        return next((client for client in clients if self._hop(client, day) is not None), None)

    def ever(self, clients: Iterable[KnownClient]) -> KnownClient | None:
        """The first of the clients whose data take this way on any day."""
        return next((client for client in clients if self.spans(client)), None)

    def spans(self, client: KnownClient) -> list[Span]:
        """The spans of the transfer for a client, in order: its terms, what it takes, and where we are may turn it."""
        return [
            span for first, last in _stretches(self._world, client) for span in self._of(client, first, last)
        ]

    def _of(self, client: KnownClient, first: date, last: date | None) -> Iterator[Span]:
        period, within = client.on(first), scope(client, first)
        if period is None or within is None:
            return
        hops = entrusted(self._world, client.id, period.terms, first, self._law)
        for hop in hops:
            if hop.id == self._key:
                changes = {
                    number
                    for own in self._world.own
                    if own.id == hop.importer.id
                    for one in own.periods
                    if one.first == first
                    for number in one.changes[-1:]
                }
                asked = Asked(hop, first)
                yield Span(
                    first_day=first,
                    until=last,
                    hop=hop,
                    asked=asked,
                    event="" if changes else "the terms of the client",
                    changes=tuple(sorted(changes)),
                )
        known = self._taken(within)
        if known is None:
            return
        found = spans(self._within(within), known, self._law, first, hops).get(self._key, [])
        for span in found:
            begins = max(span.first_day, first)
            ends = min((day for day in (span.until, last) if day is not None), default=None)
            if ends is None or begins <= ends:
                yield Span(
                    first_day=begins,
                    until=ends,
                    hop=span.hop,
                    asked=span.asked,
                    event=span.event if span.first_day >= first else "the terms of the client",
                    changes=span.changes if span.first_day >= first else (),
                )

    def _hop(self, client: KnownClient, day: date) -> Hop | None:
        period, within = client.on(day), scope(client, day)
        if period is None or within is None:
            return None
        hops = entrusted(self._world, client.id, period.terms, day, self._law)
        known = self._taken(within)
        if known is not None:
            hops += of_sub_processor(self._within(within), known, day, self._law, hops)
        return next((hop for hop in hops if hop.id == self._key), None)

    def _taken(self, within: Scope) -> KnownSubProcessor | None:
        """The sub-processor of the id as the client has it."""
        return self._within(within).sub_processors[self._located.id] if self._located is not None else None

    def _within(self, within: Scope) -> World:
        if within not in self._narrowed:
            self._narrowed[within] = narrowing.world(self._world, within)
        return self._narrowed[within]


def _stretches(world: World, client: KnownClient) -> Iterator[tuple[date, date | None]]:
    """The days between two on which the client's terms or options, or an organisation of ours, turn."""
    turns = {period.valid_from for period in client.periods}
    turns |= {period.valid_until + ONE_DAY for period in client.periods if period.valid_until is not None}
    turns |= {one.effective_on for one in client.decisions if one.use_key is not None}
    turns |= {one.first for own in world.own for one in own.periods if one.first is not None}
    firsts = sorted({max(day, FIRST_DAY) for day in turns})
    for first, following in pairwise([*firsts, None]):
        if first is not None:
            yield first, following - ONE_DAY if following is not None else None
