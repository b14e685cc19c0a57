"""Two laws side by side: which transfers they disagree about, on which days, and where those land."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from msgspec import convert
from msgspec.structs import replace

from registry.resources.bindings import KnownClient
from registry.resources.places import Place
from registry.resources.simulations import (
    Outcome,
    Simulation,
    TouchedClient,
    TouchedService,
    TouchedSubProcessor,
    Turned,
    TurnedFacts,
    TurnedTransfer,
)
from registry.resources.world import World
from registry.rules.clients.grouping import Group, groups, touched
from registry.rules.facts import question
from registry.rules.hops import Hop, Party
from registry.rules.laws import Laws
from registry.rules.spans import Asked, Span, spans
from registry.rules.timelines import Readings, Turn, course, ever_members
from registry.rules.transfers import with_country
from transfers import assess
from transfers.facts import Facts
from transfers.findings import Assessment
from transfers.judging import judge as judge_facts
from transfers.standing import require_reach
from transfers.timeline import reading_of
from transfers.turning import next_turning_days


def of_facts(rows: Iterable[Facts], laws: Laws, day: date) -> list[TurnedFacts]:
    """The rows whose answer turns, each from its own day on or else from ``day``.

    Raises ``UnsupportedError`` for a day that the law on record does not reach.
    """
    require_reach(day)
    found = []
    known: dict[Facts, TurnedFacts | None] = {}
    for index, facts in enumerate(rows):
        if facts not in known:
            known[facts] = _turned_facts(facts, laws, facts.as_of or day)
        turned = known[facts]
        if turned is not None:
            found.append(replace(turned, index=index))
    return found


class Looked(NamedTuple):
    """What a look over the register has found."""

    looked_at: int
    transfers: list[TurnedTransfer]
    sub_processors: list[TouchedSubProcessor]
    services: list[TouchedService]
    clients: list[TouchedClient]


def of_register(world: World, laws: Laws, day: date, clients: Sequence[KnownClient] = ()) -> Looked:
    """The transfers that are on the register on the day or later and turn, with what they touch.

    Data to which other rules come with their client, or of which a client withholds kinds, are looked at beside:
    the same transfer may turn on them alone. Raises ``UnsupportedError`` for a day that the law does not reach.
    """
    require_reach(day)
    courses = Courses(laws, day)
    looked_at: set[UUID] = set()
    found: dict[UUID, TurnedTransfer] = {}
    grouped = groups(world, clients, day, laws.now)
    plain = Group(withheld=frozenset(), entrusted=(), clients=())
    plain = next((group for group in grouped if group.is_plain), plain)
    others = [group for group in grouped if not group.is_plain]
    # What is left out unseen is counted, which is right only where nothing is looked at twice.
    wanted = None if others else courses.can_turn
    for group in (plain, *others):
        register = group.world(world)
        for sub_processor in register.sub_processors.values():
            rested = spans(register, sub_processor, laws.now, day, group.entrusted, wanted=wanted)
            looked_at.update(rested)
            for key, rests in rested.items():
                turns = courses.turns(rests)
                if not turns:
                    continue
                shown = _shown(world, rests, turns, group.clients)
                known = found.get(key)
                if known is not None:
                    shown = replace(known, clients=tuple(sorted({*known.clients, *shown.clients})))
                if group is plain or shown.clients:
                    found[key] = shown
    turned = sorted(found.values(), key=lambda one: one.id.int)
    names = {one.sub_processor_id: one.sub_processor for one in turned}
    keys = {key for one in turned for key in one.services}
    touched_ones = {key for one in turned for key in one.clients}
    return Looked(
        len(looked_at) + courses.left_out,
        turned,
        [TouchedSubProcessor(id=key, legal_name=names[key]) for key in sorted(names)],
        [TouchedService(key=key, name=world.services.get(key, key)) for key in sorted(keys)],
        [TouchedClient(id=one.id, reference=one.reference) for one in clients if one.id in touched_ones],
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
        clients=(),
    )


class Courses:
    """Transfers through time under both laws, from a day on."""

    def __init__(self, laws: Laws, start: date) -> None:
        self._laws = laws
        self._start = start
        self._now = Readings(laws.now)
        self._then = Readings(laws.then, self._now, laws.differ_from)
        self._known: dict[tuple[object, ...], bool] = {}
        self.left_out = 0
        self._turned: dict[tuple[tuple[Asked, date, date | None], ...], tuple[Turned, ...]] = {}

    def turns(self, rests: Sequence[Span]) -> tuple[Turned, ...]:
        """Every stretch from the start on, in order, on which the two laws disagree about the transfer."""
        if not any(self._differ(span) for span in rests):
            return ()
        key = tuple([(span.asked, span.first_day, span.until) for span in rests])
        found = self._turned.get(key)
        if found is None:
            agree = all(self._agree(span) for span in rests)
            found = self._turned[key] = () if agree else tuple(self._compared(rests))
        return found

    def _compared(self, rests: Sequence[Span]) -> Iterator[Turned]:
        before = course(rests, self._laws.now, self._start, self._now)
        after = course(rests, self._laws.then, self._start, self._then)
        for turn in before:
            for there in after:
                first, until = max(turn.first_day, there.first_day), _earlier(turn.until, there.until)
                if turn.said != there.said and (until is None or first <= until):
                    yield Turned(
                        first_day=first,
                        until=until,
                        before=_outcome_of(turn),
                        after=_outcome_of(there),
                        carried_by=there.mechanism(self._laws.then),
                    )

    def _differ(self, span: Span) -> bool:
        """Whether they can disagree on any day of it: only the standing of the places in question counts."""
        hop = span.hop
        if hop.exporter.facts.country is None or hop.place.country is None or hop.upstream:
            return self._differ_as_a_whole(hop, span.first_day)
        key = _standing_at(hop.regime, hop.place, hop.importer)
        found = self._known.get(key)
        if found is None:
            if span.facts is None:
                return False
            found = self._known[key] = self._laws.differ(span.facts)
        return found

    def _agree(self, span: Span) -> bool:
        """Whether both say the same of plain facts on every day of the span."""
        facts, begin = span.facts, max(span.first_day, self._start)
        if facts is None:
            return False
        return self._now.of(facts, begin, span.until) == self._then.of(facts, begin, span.until)

    def can_turn(self, regime: str, place: Place, importer: Party) -> bool:
        """Whether a transfer to there may turn, as far as is known; what cannot is counted as left out."""
        found = place.country is None or self._known.get(_standing_at(regime, place, importer), True)
        self.left_out += not found
        return found

    def _differ_as_a_whole(self, hop: Hop, day: date) -> bool:
        """For a place that is a group, and an exporter that hangs from a chain: several facts make one answer."""
        if any(self._differ_as_a_whole(upstream, day) for upstream in hop.upstream):
            return True
        if hop.exporter.facts.country is None or (hop.place.country is None and hop.place.group is None):
            return False
        body = question(hop, day)
        if hop.place.country is not None:
            bodies = [body]
        else:
            members = ever_members(str(hop.place.group), self._laws.now)
            bodies = [with_country(body, code) for code in members]
        return any(self._laws.differ(convert(one, Facts)) for one in bodies)


def _standing_at(regime: str, place: Place, importer: Party) -> tuple[object, ...]:
    """All that a standing of plain facts is found by."""
    facts = importer.facts
    return regime, place.country, place.subdivision, place.area, facts.kind, facts.organisation_code


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _turned_facts(facts: Facts, laws: Laws, start: date) -> TurnedFacts | None:
    require_reach(start)
    turned = _turn(facts, laws, start) if laws.differ(facts) else None
    if turned is None:
        return None
    before, after = assess(facts, laws.now, turned), assess(facts, laws.then, turned)
    return TurnedFacts(index=0, day=turned, before=_outcome(before), after=_outcome(after))


def _turn(facts: Facts, laws: Laws, start: date) -> date | None:
    """The first day from ``start`` on which the answers differ: only turning days need a look."""
    days = {start, *next_turning_days(facts, laws.now, start), *next_turning_days(facts, laws.then, start)}
    for day in sorted(days):
        now, then = judge_facts(facts, laws.now, day), judge_facts(facts, laws.then, day)
        if reading_of(now) != reading_of(then):
            return day
    return None


def _shown(
    world: World, rests: Sequence[Span], turns: tuple[Turned, ...], clients: Sequence[KnownClient]
) -> TurnedTransfer:
    first = turns[0]
    hop = next(span.hop for span in rests if span.until is None or first.first_day <= span.until)
    return TurnedTransfer(
        id=hop.id,
        sub_processor_id=hop.sub_processor_id,
        sub_processor=hop.sub_processor,
        regime=hop.regime,
        use=hop.use.purpose,
        place=hop.place.text,
        country=hop.place.country,
        group=hop.place.group,
        services=services_of(world, hop),
        clients=tuple(sorted(touched(clients, hop, [(turn.first_day, turn.until) for turn in turns]))),
        day=first.first_day,
        before=first.before,
        after=first.after,
        carried_by=first.carried_by,
        turns=turns,
    )


def services_of(world: World, hop: Hop) -> tuple[str, ...]:
    """The services that a transfer serves: whoever takes one of them is touched by what becomes of it."""
    return tuple(sorted(hop.place.services or hop.use.services or world.services))


def _outcome_of(turn: Turn) -> Outcome:
    read, _ = turn.said
    return Outcome(
        verdict=read.verdict,
        conservative_verdict=read.conservative_verdict,
        alternative_verdicts=read.alternative_verdicts,
        relied_on=read.relied_on,
        valid_until=turn.valid_until,
    )


def _outcome(assessment: Assessment) -> Outcome:
    return Outcome(
        verdict=assessment.verdict,
        conservative_verdict=assessment.conservative_verdict,
        alternative_verdicts=assessment.alternative_verdicts,
        relied_on=assessment.relied_on,
        valid_until=assessment.valid_until,
    )
