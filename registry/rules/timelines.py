"""A transfer through time: the periods of the register by the turning days of the law."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

from registry.resources.periods import TermsPeriod
from registry.resources.world import KnownSubProcessor, World
from registry.rules.facts import question
from registry.rules.hops import Hop, of_sub_processor
from registry.rules.transfers import Judged, judge, with_country
from transfers.facts import Facts
from transfers.law import Law
from transfers.standing import FIRST_DAY, LAST_DAY
from transfers.turning import turning_days

ONE_DAY = timedelta(days=1)
BEGINNING = "The law on record begins"


class Turn(Struct, frozen=True, kw_only=True):
    """A span with one verdict, and what turned it."""

    first_day: date
    until: date | None
    judged: Judged
    event: str
    changes: tuple[int, ...]
    law_records: tuple[str, ...]


class Resting(Struct, frozen=True, kw_only=True):
    """What the transfers of a sub-processor rest on: the days on which it alters, with the changes that do it."""

    days: dict[date, tuple[int, ...]]

    @property
    def last(self) -> date:
        return max(self.days, default=date.min)


def resting(world: World, sub_processor: KnownSubProcessor) -> Resting:
    """The sub-processor's own terms, the organisations in them, and the chain that leads to it."""
    days: dict[date, tuple[int, ...]] = {}
    for periods in _periods(world, sub_processor, set()):
        for before, period in pairwise([None, *periods]):
            if period is None:
                continue
            if period.first is not None:
                known = before.changes if before is not None else ()
                fresh = tuple(number for number in period.changes if number not in known)
                days[period.first] = (*days.get(period.first, ()), *fresh)
            if period.last is not None:
                days.setdefault(period.last + ONE_DAY, ())
    return Resting(days={day: tuple(sorted(set(days[day]))) for day in sorted(days)})


def _periods(
    world: World, sub_processor: KnownSubProcessor, seen: set[UUID]
) -> Iterator[Sequence[TermsPeriod]]:
    """The periods of everything that a transfer to the sub-processor rests on, each once."""
    if sub_processor.id in seen:
        return
    seen.add(sub_processor.id)
    yield sub_processor.periods
    organisations = {sub_processor.organisation_id}
    own = {organisation.id for organisation in world.own}
    engagers: set[UUID] = set()
    for period in sub_processor.periods:
        engaged_by = period.document.get("engaged_by") or {}
        engagers |= {UUID(str(key)) for key in engaged_by} or own
        for use in period.document.get("uses", {}).values():
            operators = (place.get("operated_by") for place in use.get("places", {}).values())
            organisations |= {UUID(str(operator)) for operator in operators if operator}
    for key in (organisations | engagers) - seen:
        if key in world.organisations:
            seen.add(key)
            yield world.organisations[key].periods
    if engagers - own:
        for above in world.sub_processors.values():
            if above.organisation_id in engagers:
                yield from _periods(world, above, seen)


def find(world: World, transfer_id: UUID, law: Law) -> KnownSubProcessor | None:
    """The sub-processor to which a transfer goes on any day at all."""
    for sub_processor in world.sub_processors.values():
        for day in resting(world, sub_processor).days:
            if any(hop.id == transfer_id for hop in of_sub_processor(world, sub_processor, day, law)):
                return sub_processor
    return None


def timeline(world: World, sub_processor: KnownSubProcessor, transfer_id: UUID, law: Law) -> list[Turn]:
    """Every verdict on a transfer from 1995 on, computed from the days on which anything can turn."""
    days = resting(world, sub_processor).days
    found: list[Turn] = []
    for first, following in pairwise([*days, None]):
        last = following - ONE_DAY if following is not None else None
        if first is None or first > LAST_DAY or (last is not None and last < FIRST_DAY):
            continue
        start = max(first, FIRST_DAY)
        hop = _on(world, sub_processor, transfer_id, start, law)
        if hop is None:
            continue
        turns = {day: event for day, event in law_days(hop, start, law).items() if day >= start}
        for day, event in sorted(({start: ""} | turns).items()):
            if last is not None and day > last:
                break
            judged = judge(hop, day, law)
            before = found[-1] if found and _meets(found[-1], day) else None
            if before is not None and before.judged.verdict is judged.verdict:
                found[-1] = replace(before, until=last)
                continue
            if before is not None:
                found[-1] = replace(before, until=day - ONE_DAY)
            changes = days[first] if day == first else ()
            found.append(
                Turn(
                    first_day=day,
                    until=last,
                    judged=judged,
                    event=_event(changes, event, day),
                    changes=changes,
                    law_records=tuple(_records(law, day, event)),
                )
            )
    return found


def _meets(turn: Turn, day: date) -> bool:
    """Whether the span reaches to the day before, at least."""
    return turn.until is None or turn.until >= day - ONE_DAY


def held_until(world: World, judged: Judged, rests: Resting, law: Law) -> date | None:
    """The last day of the verdict, counting what is published to come; the nearest edge of the timeline."""
    hop = judged.hop
    until = judged.assessment.valid_until
    plain = hop.place.group is None or until is None
    if plain and not hop.upstream and rests.last <= judged.day:
        return until
    sub_processor = world.sub_processors[hop.sub_processor_id]
    for turn in timeline(world, sub_processor, hop.id, law):
        if turn.first_day <= judged.day and (turn.until is None or judged.day <= turn.until):
            return turn.until
    return until


def _on(world: World, sub_processor: KnownSubProcessor, transfer_id: UUID, day: date, law: Law) -> Hop | None:
    hops = of_sub_processor(world, sub_processor, day, law)
    return next((hop for hop in hops if hop.id == transfer_id), None)


def law_days(hop: Hop, day: date, law: Law) -> dict[date, str]:
    """The days on which the law, or a date of a fact, may turn the hop, with the event."""
    found: dict[date, str] = {}
    for upstream in hop.upstream:
        found |= law_days(upstream, day, law)
    if hop.exporter.facts.country is None:
        return found
    body = question(hop, day)
    if hop.place.country is not None:
        return found | turning_days(convert(body, Facts), law)
    if hop.place.group is not None:
        for code in sorted(_ever_members(hop.place.group, law)):
            found |= turning_days(convert(with_country(body, code), Facts), law)
        found |= dict(_membership_days(law))
    return found


def _ever_members(group: str, law: Law) -> set[str]:
    return {code for entry in law.records.membership if group in {"EEA", entry.union} for code in entry.codes}


def _membership_days(law: Law) -> Iterator[tuple[date, str]]:
    for entry in law.records.membership:
        yield entry.first_day, entry.event
        if entry.last_day is not None:
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
