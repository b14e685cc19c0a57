"""The transfers of the subjects of a change, judged on the data of one client.

Most clients are alike, so what is alike is judged once: by the day, what a client takes, and the rules that
come with its data.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from msgspec import Struct

from registry.resources.bindings import KnownClient
from registry.resources.clients import ClientTerms
from registry.resources.world import World
from registry.rules.clients import narrowing
from registry.rules.clients.entrusting import entrusted, entrusted_id, signature
from registry.rules.clients.narrowing import Scope, scope
from registry.rules.hops import Hop, of_sub_processor
from registry.rules.transfers import Judged, judge
from transfers.law import Law

AFTER = "after"
BEFORE = "before"


class _View(Struct, frozen=True):
    """What of a client decides its transfers on a day."""

    within: Scope
    hops: tuple[Hop, ...]
    carries: tuple[object, ...]


class Judging:
    """Judges the given sub-processors in two worlds, for one client after another."""

    def __init__(self, before: World, after: World, subjects: Collection[UUID], law: Law) -> None:
        self._worlds = {BEFORE: before, AFTER: after}
        self._subjects = sorted(subjects)
        self._law = law
        self._narrowed: dict[tuple[str, Scope], World] = {}
        self._judged: dict[tuple[object, ...], dict[UUID, Judged]] = {}
        self._carried: dict[tuple[object, ...], tuple[tuple[Hop, ...], tuple[object, ...]]] = {}
        self._first: dict[tuple[object, ...], tuple[Judged, ...]] = {}
        self._moves = [own.periods for own in before.own] != [own.periods for own in after.own]

    @property
    def moves_us(self) -> bool:
        """Whether the change is about an organisation of ours, so that what clients entrust to us may turn."""
        return self._moves

    def carries_rules(self, client: KnownClient, day: date) -> bool:
        """Whether rules come with the client's data that do not bind us anyway."""
        view = self._view(AFTER, client, day)
        return view is not None and bool(view.carries)

    def entrusted_before(self, client: KnownClient, day: date) -> dict[UUID, Judged]:
        """The client's transfers to us as they are without the change, by their ids."""
        return self._entrusting(BEFORE, client, day)

    def entrusted_after(self, client: KnownClient, day: date) -> dict[UUID, Judged]:
        """The client's transfers to us as the change would make them, by their ids."""
        return self._entrusting(AFTER, client, day)

    def before(self, client: KnownClient, day: date) -> dict[UUID, Judged]:
        """The transfers as they are without the change, by their ids."""
        return self._of(BEFORE, client, day)

    def after(self, client: KnownClient, day: date) -> dict[UUID, Judged]:
        """The transfers as the change would make them, by their ids."""
        return self._of(AFTER, client, day)

    def _of(self, when: str, client: KnownClient, day: date) -> dict[UUID, Judged]:
        view = self._view(when, client, day)
        if view is None:
            return {}
        key = (when, day, view.within, view.carries)
        if key not in self._judged:
            world = self._world(when, view.within)
            self._judged[key] = {
                hop.id: judge(hop, day, self._law)
                for subject in self._subjects
                for hop in of_sub_processor(world, world.sub_processors[subject], day, self._law, view.hops)
            }
        return self._judged[key]

    def _entrusting(self, when: str, client: KnownClient, day: date) -> dict[UUID, Judged]:
        period = client.on(day)
        if period is None:
            return {}
        key = _carrying(when, period.terms, day)
        if key not in self._first:
            hops, _ = self._entrusted(when, client.id, period.terms, day)
            self._first[key] = tuple(judge(hop, day, self._law) for hop in hops)
        return {entrusted_id(client.id, one.hop): one for one in self._first[key]}

    def _view(self, when: str, client: KnownClient, day: date) -> _View | None:
        period, within = client.on(day), scope(client, day)
        if period is None or within is None:
            return None
        hops, carries = self._entrusted(when, client.id, period.terms, day)
        return _View(within, hops if carries else (), carries)

    def _entrusted(
        self, when: str, client_id: UUID, terms: ClientTerms, day: date
    ) -> tuple[tuple[Hop, ...], tuple[object, ...]]:
        """How the data come to us in one of the worlds: where we are moved, it is not the same in both."""
        key = _carrying(when, terms, day)
        if key not in self._carried:
            hops = tuple(entrusted(self._worlds[when], client_id, terms, day, self._law))
            self._carried[key] = (hops, signature(self._worlds[when], hops, day, self._law))
        return self._carried[key]

    def _world(self, when: str, within: Scope) -> World:
        if (when, within) not in self._narrowed:
            self._narrowed[when, within] = narrowing.world(self._worlds[when], within)
        return self._narrowed[when, within]


def _carrying(when: str, terms: ClientTerms, day: date) -> tuple[object, ...]:
    """What decides the transfers of a client to us: the same for most."""
    return (when, terms.country, terms.public_body, tuple(terms.regimes), str(terms.safeguards), day)
