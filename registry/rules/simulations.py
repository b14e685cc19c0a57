"""Two laws side by side: which transfers they disagree about, from which day on, and where those land."""

from collections.abc import Iterable
from datetime import date

from msgspec import convert
from msgspec.structs import replace

from registry.resources.simulations import (
    Outcome,
    Simulation,
    TouchedService,
    TouchedSubProcessor,
    TurnedFacts,
    TurnedTransfer,
)
from registry.resources.world import World
from registry.rules.facts import question
from registry.rules.hops import Hop
from registry.rules.timelines import law_days
from registry.rules.transfers import Judged, judge, with_country
from transfers import assess
from transfers.facts import Facts
from transfers.findings import Assessment
from transfers.judging import judge as judge_facts
from transfers.law import Law
from transfers.standing import FIRST_DAY, LAST_DAY
from transfers.turning import next_turning_days, standings


class Laws:
    """The law as it is and as it would be, with what the two say of each destination compared once."""

    def __init__(self, now: Law, then: Law) -> None:
        self.now = now
        self.then = then
        self._same: dict[tuple[int, int], bool] = {}

    def differ(self, facts: Facts) -> bool:
        """Whether they can disagree about these facts on any day.

        Decisions and lists reach a verdict only through the standing of the places in question.
        """
        pairs = zip(standings(facts, self.now), standings(facts, self.then), strict=True)
        for now, then in pairs:
            key = (id(now), id(then))
            same = self._same.get(key)
            if same is None:
                same = self._same[key] = now == then
            if not same:
                return True
        return False


def of_facts(rows: Iterable[Facts], laws: Laws, day: date) -> list[TurnedFacts]:
    """The rows whose verdict turns, each from its own day on or else from ``day``.

    Raises ``UnsupportedError`` for a day that the law on record does not reach.
    """
    found = []
    known: dict[Facts, TurnedFacts | None] = {}
    for index, facts in enumerate(rows):
        if facts not in known:
            known[facts] = _turned_facts(facts, laws, facts.as_of or day)
        turned = known[facts]
        if turned is not None:
            found.append(replace(turned, index=index))
    return found


def of_register(
    world: World, hops: Iterable[Hop], laws: Laws, day: date
) -> tuple[list[TurnedTransfer], list[TouchedSubProcessor], list[TouchedService]]:
    """The transfers whose verdict turns, and the sub-processors and services that they touch."""
    turned: list[TurnedTransfer] = []
    known: dict[Facts, date | None] = {}
    for hop in hops:
        pair = _turned(hop, laws, day, known)
        if pair is not None:
            turned.append(_shown(world, *pair))
    names = {one.sub_processor_id: one.sub_processor for one in turned}
    keys = {key for one in turned for key in one.services}
    return (
        sorted(turned, key=lambda one: one.id),
        [TouchedSubProcessor(id=key, legal_name=names[key]) for key in sorted(names)],
        [TouchedService(key=key, name=world.services.get(key, key)) for key in sorted(keys)],
    )


def answer(laws: Laws, day: date, looked_at: int) -> Simulation:
    """The answer in which nothing turns; what does is put into it."""
    return Simulation(
        as_of=day,
        law_edition=laws.now.edition,
        simulated_edition=laws.then.edition,
        looked_at=looked_at,
        turned_transfers=(),
        turned_facts=(),
        sub_processors=(),
        services=(),
    )


def _turned_facts(facts: Facts, laws: Laws, start: date) -> TurnedFacts | None:
    if not FIRST_DAY <= start <= LAST_DAY:
        judge_facts(facts, laws.now, start)  # It says why such a day cannot be judged.
    turned = _turn(facts, laws, start) if laws.differ(facts) else None
    if turned is None:
        return None
    before, after = assess(facts, laws.now, turned), assess(facts, laws.then, turned)
    return TurnedFacts(index=0, day=turned, before=_outcome(before), after=_outcome(after))


def _turn(facts: Facts, laws: Laws, start: date) -> date | None:
    """The first day from ``start`` on which the verdicts differ: only turning days need a look."""
    days = {start, *next_turning_days(facts, laws.now, start), *next_turning_days(facts, laws.then, start)}
    for day in sorted(days):
        now, then = judge_facts(facts, laws.now, day), judge_facts(facts, laws.then, day)
        if now.outcome.verdict is not then.outcome.verdict:
            return day
    return None


def _turned(
    hop: Hop, laws: Laws, start: date, known: dict[Facts, date | None]
) -> tuple[Judged, Judged] | None:
    """The hop under both laws on the first day on which they disagree; equal facts are looked at once."""
    if hop.exporter.facts.country is None:
        return None
    if hop.place.country is None or hop.upstream:
        return _turned_as_a_whole(hop, laws, start) if _differ(hop, laws, start) else None
    facts = convert(question(hop, start), Facts)
    if facts not in known:
        known[facts] = _turn(facts, laws, start) if laws.differ(facts) else None
    day = known[facts]
    return None if day is None else (judge(hop, day, laws.now), judge(hop, day, laws.then))


def _turned_as_a_whole(hop: Hop, laws: Laws, start: date) -> tuple[Judged, Judged] | None:
    """For a place that is a group, and an exporter that hangs from a chain: several facts make one verdict."""
    days = law_days(hop, start, laws.now) | law_days(hop, start, laws.then)
    for day in sorted({start, *(day for day in days if day > start)}):
        now, then = judge(hop, day, laws.now), judge(hop, day, laws.then)
        if now.verdict is not then.verdict:
            return now, then
    return None


def _differ(hop: Hop, laws: Laws, day: date) -> bool:
    """As ``Laws.differ``, for all facts that such a verdict is made of."""
    if any(_differ(upstream, laws, day) for upstream in hop.upstream):
        return True
    if hop.exporter.facts.country is None or (hop.place.country is None and hop.place.group is None):
        return False
    body = question(hop, day)
    if hop.place.country is not None:
        return laws.differ(convert(body, Facts))
    codes = laws.now.members(str(hop.place.group), day)
    return any(laws.differ(convert(with_country(body, code), Facts)) for code in codes)


def _shown(world: World, before: Judged, after: Judged) -> TurnedTransfer:
    hop = after.hop
    return TurnedTransfer(
        id=hop.id,
        sub_processor_id=hop.sub_processor_id,
        sub_processor=hop.sub_processor,
        regime=hop.regime,
        use=hop.use.purpose,
        place=hop.place.text,
        country=hop.place.country,
        group=hop.place.group,
        services=tuple(sorted(hop.place.services or hop.use.services or world.services)),
        day=after.day,
        before=_outcome(before.assessment),
        after=_outcome(after.assessment),
        carried_by=after.mechanism,
    )


def _outcome(assessment: Assessment) -> Outcome:
    return Outcome(
        verdict=assessment.verdict,
        conservative_verdict=assessment.conservative_verdict,
        relied_on=assessment.relied_on,
        valid_until=assessment.valid_until,
    )
