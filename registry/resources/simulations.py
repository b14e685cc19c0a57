"""Simulations: what would turn if the law were changed. Nothing is stored."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from registry.resources.base import Day, Request
from transfers.facts import Facts
from transfers.findings import ReliedOn
from transfers.simulation import LawChange
from transfers.vocabulary import Verdict


class SimulationRequest(Request, frozen=True, kw_only=True):
    """The body of `POST /v1/simulations`."""

    changes: Annotated[list[LawChange], Meta(max_length=50)]
    """Made in this order; none of them alters the law that others are judged by."""
    as_of: Day | None = None
    """From which day on to look, as far as the law on record reaches; today in the register's time zone if left out."""
    facts: Annotated[list[Facts], Meta(max_length=10_000)] | UnsetType = UNSET
    """What to look at; the transfers that are on the register on the day or later, if left out."""


class Outcome(Struct, frozen=True, kw_only=True):
    """A verdict, and the rung of the ladder on which it rests."""

    verdict: Verdict
    conservative_verdict: Verdict | None
    alternative_verdicts: tuple[Verdict, ...]
    """The other readings of a review."""
    relied_on: ReliedOn | None
    valid_until: date | None
    """The last day of the verdict; of a transfer, the edge of its timeline under that law."""


class TurnedFacts(Struct, frozen=True, kw_only=True):
    """Facts whose answer turns: the verdict, what carries it, or a review's readings.

    `index` is their place in the request, from 0.
    """

    index: int
    day: date
    """The first day on which the two laws disagree."""
    before: Outcome
    after: Outcome


class Turned(Struct, frozen=True, kw_only=True):
    """A stretch of days on which the two laws disagree; `until` is null where nothing on record ends it."""

    first_day: date
    until: date | None
    before: Outcome
    after: Outcome
    carried_by: str | None
    """What carries it under the changed law, in words; null where nothing does."""


class TurnedTransfer(Struct, frozen=True, kw_only=True):
    """A transfer of the register whose answer turns; what is published to come is counted.

    The answer is the verdict, what carries it, how a review is carefully read, and its other readings.
    """

    id: UUID
    sub_processor_id: UUID
    sub_processor: str
    regime: str
    use: str
    place: str
    country: str | None
    group: str | None
    services: tuple[str, ...]
    """Keys of the services that it serves."""
    clients: tuple[UUID, ...]
    """The clients whose data go there on any of the days: by the services, region and options that they take."""
    day: date
    """The first day on which the two laws disagree."""
    before: Outcome
    after: Outcome
    carried_by: str | None
    """What carries it afterwards, in words; null where nothing does."""
    turns: tuple[Turned, ...]
    """Every stretch on which the two laws disagree, in order; `day`, `before` and `after` are those of the first."""


class TouchedSubProcessor(Struct, frozen=True, kw_only=True):
    id: UUID
    legal_name: str


class TouchedService(Struct, frozen=True, kw_only=True):
    key: str
    name: str


class TouchedClient(Struct, frozen=True, kw_only=True):
    id: UUID
    reference: str


class Simulation(Struct, frozen=True, kw_only=True):
    """What turns under the changed law, and what is touched by it; what does not turn is only counted."""

    as_of: date
    law_edition: str
    simulated_edition: str
    looked_at: int
    """How many transfers, or rows of facts, were judged under both laws."""
    turned_transfers: tuple[TurnedTransfer, ...]
    turned_facts: tuple[TurnedFacts, ...]
    sub_processors: tuple[TouchedSubProcessor, ...]
    services: tuple[TouchedService, ...]
    clients: tuple[TouchedClient, ...]
