"""A transfer through time: the spans of the register by the turning days of the law."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct, ValidationError, convert, to_builtins
from msgspec.structs import replace

from registry.resources.world import KnownSubProcessor, World
from registry.rules.facts import question
from registry.rules.hops import Hop
from registry.rules.spans import ONE_DAY, Resting, Span, meets, spans
from registry.rules.transfers import COVERED, Judged, carried_by, judge, mechanism, with_country
from transfers.facts import Facts
from transfers.judging import judge as judge_facts
from transfers.law import Law
from transfers.likeness import Likeness
from transfers.standing import FIRST_DAY, LAST_DAY
from transfers.timeline import Reading, reading, reading_of, verdict_ends
from transfers.turning import next_turning_days, turning_days
from transfers.vocabulary import Verdict

BEGINNING = "The law on record begins"

Said = tuple[Reading, str | None]
"""What an answer says in short, and what carries it in words: of two instruments at one place in the ladder."""

Short = tuple[Verdict, Verdict | None]
"""A verdict, and how it is carefully read where it is a review."""


class Turn(Struct, frozen=True, kw_only=True):
    """Days with one answer; its verdict may last longer. Told and judged in full only when asked."""

    first_day: date
    until: date | None
    valid_until: date | None
    """The last day of the verdict alone."""
    said: Said
    span: Span

    @property
    def verdict(self) -> Verdict:
        return self.said[0].verdict

    @property
    def changes(self) -> tuple[int, ...]:
        """The changes that take effect on the first day."""
        return self.span.changes if self.first_day == self.span.first_day else ()

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.until is None or day <= self.until)

    def mechanism(self, law: Law) -> str | None:
        """What carries it, in the words of a published list; None where nothing does."""
        read, words = self.said
        if read.verdict not in COVERED:
            return None
        return words or mechanism(read.verdict, read.relied_on, law) or self.judged(law).mechanism

    def judged(self, law: Law) -> Judged:
        """The full answer of the first day, with the day until which its verdict holds."""
        return replace(judge(self.span.hop, self.first_day, law), valid_until=self.valid_until)


class Readings:
    """What is said of plain facts from a day on, each question looked at once: registers repeat themselves.

    And what is alike before the law on a day is judged once for that day. ``like`` are those of another law that
    says the same on every day before ``differ_from``.
    """

    def __init__(self, law: Law, like: "Readings | None" = None, differ_from: date = FIRST_DAY) -> None:
        self._law = law
        self._like = like
        self._differ_from = differ_from
        self._known: dict[tuple[Facts, date, date | None], list[tuple[date, Reading]]] = {}
        self._likeness = Likeness(law)
        self._judged: dict[Hashable, Reading] = {}

    def of(self, facts: Facts, begin: date, until: date | None) -> list[tuple[date, Reading]]:
        """The answer of the first day, and of each later one on which it turns."""
        key = (facts, begin, until)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = []
            for one in self._read(facts, begin, until):
                if not found or found[-1][1] != one[1]:
                    found.append(one)
        return found

    def _read(self, facts: Facts, begin: date, until: date | None) -> Iterator[tuple[date, Reading]]:
        if self._like is not None and begin < self._differ_from:
            alike = [one for one in self._like.of(facts, begin, until) if one[0] < self._differ_from]
            yield from alike
            days = [day for day in next_turning_days(facts, self._law, begin) if day >= self._differ_from]
        else:
            days = [begin, *next_turning_days(facts, self._law, begin)]
        for day in days:
            if until is None or day <= until:
                yield day, self._on(facts, day)

    def _on(self, facts: Facts, day: date) -> Reading:
        key = self._likeness.of(facts, day)
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = reading_of(judge_facts(facts, self._law, day))
        return found


def find(world: World, transfer_id: UUID, law: Law) -> list[Span]:
    """The spans of a transfer; empty where no sub-processor has it on any day."""
    for sub_processor in world.sub_processors.values():
        found = spans(world, sub_processor, law).get(transfer_id)
        if found is not None:
            return found
    return []


def course(
    rests: Sequence[Span], law: Law, start: date = FIRST_DAY, known: Readings | None = None
) -> list[Turn]:
    """Every answer on a transfer from a day on, computed from the days on which anything can turn.

    ``known`` is shared by the courses of many transfers under one law.
    """
    known = known or Readings(law)
    found: list[Turn] = []
    for span in rests:
        begin = max(span.first_day, start)
        if span.until is not None and span.until < begin:
            continue
        for day, said in _answers(span, begin, law, known):
            before = found[-1] if found and meets(found[-1].until, day) else None
            if before is not None and before.said == said:
                found[-1] = replace(before, until=span.until)
                continue
            if before is not None:
                found[-1] = replace(before, until=day - ONE_DAY)
            found.append(Turn(first_day=day, until=span.until, valid_until=None, said=said, span=span))
    ends = verdict_ends(found)
    return [replace(turn, valid_until=until) for turn, until in zip(found, ends, strict=True)]


def told(turn: Turn, law: Law) -> tuple[str, tuple[str, ...]]:
    """What turned it on its first day, in words, and the records of the law that name the day."""
    day, span = turn.first_day, turn.span
    event = law_days(span.hop, day, law).get(day, "")
    if day == span.first_day and span.event and span.event not in event:
        event = "; ".join(filter(None, (span.event, event)))
    return _event(turn.changes, event, day), tuple(_records(law, day, event))


def short(turn: Turn) -> Short:
    """What is news when it turns: what carries a transfer may change without any."""
    read, _ = turn.said
    return read.verdict, read.conservative_verdict


def since(turns: Sequence[Turn]) -> date:
    """The first day of the last verdict: turns that meet and agree in it are one."""
    first = turns[-1].first_day
    for turn in reversed(turns[:-1]):
        if short(turn) != short(turns[-1]) or turn.until != first - ONE_DAY:
            break
        first = turn.first_day
    return first


def held_until(world: World, judged: Judged, rests: Resting, law: Law) -> date | None:
    """The last day of the verdict, counting what is published to come."""
    hop = judged.hop
    until = judged.assessment.valid_until
    plain = hop.place.group is None or until is None
    if plain and not hop.upstream and rests.last <= judged.day:
        return until
    sub_processor: KnownSubProcessor = world.sub_processors[hop.sub_processor_id]
    found = spans(world, sub_processor, law, judged.day).get(hop.id, [])
    turns = course(found, law, judged.day)
    return turns[0].valid_until if turns and turns[0].covers(judged.day) else until


def said(judged: Judged) -> Said:
    """What must stay the same within one span of a timeline."""
    return reading(judged.assessment), carried_by(judged.hop, judged.assessment.relied_on)


def _answers(span: Span, begin: date, law: Law, known: Readings) -> Iterator[tuple[date, Said]]:
    """What is said on the first day and on each later day of the span on which that may turn."""
    hop = span.hop
    if span.facts is not None:
        for day, read in known.of(span.facts, begin, span.until):
            yield day, (read, span.asked.carried_by(read.relied_on))
        return
    for day in (begin, *_later_days(hop, begin, law)):
        if span.until is None or day <= span.until:
            yield day, said(judge(hop, day, law))


def _later_days(hop: Hop, day: date, law: Law) -> list[date]:
    return sorted(turn for turn in law_days(hop, day, law) if turn > day)


def law_days(hop: Hop, day: date, law: Law) -> dict[date, str]:
    """The days on which the law, or a date of a fact, may turn the hop, with the event."""
    found: dict[date, str] = {}
    for upstream in hop.upstream:
        found |= law_days(upstream, day, law)
    if hop.exporter.facts.country is None:
        return found
    try:
        body = question(hop, day)
        if hop.place.country is not None:
            return found | turning_days(convert(body, Facts), law)
        if hop.place.group is not None:
            for code in sorted(ever_members(hop.place.group, law)):
                found |= turning_days(convert(with_country(body, code), Facts), law)
            found |= dict(_membership_days(law))
    except ValidationError:
        # Facts that the engine cannot read are reviewed on every day.
        return found
    return found


def ever_members(group: str, law: Law) -> set[str]:
    """Every country that is a member of the group on any day."""
    return {code for entry in law.records.membership if group in {"EEA", entry.union} for code in entry.codes}


def _membership_days(law: Law) -> Iterator[tuple[date, str]]:
    for entry in law.records.membership:
        yield entry.first_day, entry.event
        if entry.last_day is not None and entry.last_day < LAST_DAY:
            yield entry.last_day + ONE_DAY, f"{entry.event}: ended"


def _event(changes: Sequence[int], event: str, day: date) -> str:
    said = [f"Change {number} takes effect" for number in changes]
    if event and (event != BEGINNING or day == FIRST_DAY):
        said.append(event)
    return "; ".join(said) or "What the transfer rests on has ended or begun"


def _records(law: Law, day: date, event: str) -> Iterator[str]:
    """The records that name the day, or the day before as their last, and whose words the event has."""
    if not event:
        return
    for _, record in law.records.dated():
        words = (getattr(record, member, None) for member in ("event", "title", "question", "ended"))
        if any(text and text in event for text in words) and _names(record, day):
            yield record.id


def _names(record: Struct, day: date) -> bool:
    return any(value in {day, day - ONE_DAY} for value in _dates(to_builtins(record, builtin_types=(date,))))


def _dates(value: Any) -> Iterable[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _dates(inner)
