"""Until when a verdict on a client's data holds, counting what is published to come."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from registry.resources.world import World
from registry.rules.hops import Hop, of_sub_processor
from registry.rules.spans import resting
from registry.rules.transfers import Judged, judge
from transfers.law import Law

ONE_DAY = timedelta(days=1)


class Holding:
    """Looks ahead through the register as one client has it."""

    def __init__(self, world: World, entrusted: Sequence[Hop], law: Law) -> None:
        self._world = world
        self._entrusted = entrusted
        self._law = law
        self._days: dict[UUID, list[date]] = {}
        self._hops: dict[tuple[UUID, date], dict[UUID, Hop]] = {}

    def until(self, judged: Judged) -> date | None:
        """The last day of the unbroken span with this verdict on this ground; None where nothing ends it."""
        until = judged.assessment.valid_until
        for day in self._turns(judged.hop.sub_processor_id):
            if day <= judged.day:
                continue
            if until is not None and until < day:
                return until
            hop = self._on(judged.hop.sub_processor_id, day).get(judged.hop.id)
            if hop is None:
                return day - ONE_DAY
            again = judge(hop, day, self._law)
            if (again.verdict, again.mechanism) != (judged.verdict, judged.mechanism):
                return day - ONE_DAY
            until = again.assessment.valid_until
        return until

    def _turns(self, sub_processor_id: UUID) -> list[date]:
        if sub_processor_id not in self._days:
            known = self._world.sub_processors[sub_processor_id]
            self._days[sub_processor_id] = list(resting(self._world, known).days)
        return self._days[sub_processor_id]

    def _on(self, sub_processor_id: UUID, day: date) -> dict[UUID, Hop]:
        key = (sub_processor_id, day)
        if key not in self._hops:
            known = self._world.sub_processors[sub_processor_id]
            found = of_sub_processor(self._world, known, day, self._law, self._entrusted)
            self._hops[key] = {hop.id: hop for hop in found}
        return self._hops[key]
