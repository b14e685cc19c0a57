"""What ends on a day on record, as the published list itself shows it: decisions, and cover of a place."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from registry.resources.world import KnownSubProcessor, World
from registry.rules.spans import ONE_DAY, spans
from registry.rules.timelines import Readings, Turn, course
from registry.rules.transfers import COVERED, SEVERITY
from transfers.law import Law
from transfers.records import Adequacy


class Expiry(Struct, frozen=True, kw_only=True):
    """A last day. All of it is public: the law, and what the list of that day and of the next one shows."""

    day: date
    """The last day on which it holds."""
    kind: Literal["decision", "coverage"]
    title: str
    subject: str
    """The id of the decision, or of the sub-processor: with day and kind it is one entry for good."""
    sub_processor_id: UUID | None
    """Whose page tells more; None for a decision."""
    url: str | None
    """Where a decision is published; None for what a page of our own tells."""


def expiries(world: World, law: Law, today: date) -> tuple[Expiry, ...]:
    """The coming last days, the nearest first: decisions that transfers rely on, and places that lose cover."""
    decisions: dict[str, Adequacy] = {}
    known = {decision.id: decision for decision in law.records.adequacy}
    found: list[Expiry] = []
    readings = Readings(law)
    for sub_processor in world.sub_processors.values():
        places: dict[tuple[str, str], list[Sequence[Turn]]] = {}
        for of_one in spans(world, sub_processor, law, today).values():
            turns = course(of_one, law, today, readings)
            for turn in turns:
                relied = turn.said[0].relied_on
                if turn.verdict in COVERED and relied is not None and relied.decision in known:
                    decisions[relied.decision] = known[relied.decision]
            hop = of_one[0].hop
            places.setdefault((hop.use_key, hop.place_key), []).append(turns)
        found += _lapses(sub_processor, places, law)
    for decision in decisions.values():
        found += _ends(decision)
    return tuple(sorted(found, key=lambda one: (one.day, one.kind != "decision", one.title)))


def _ends(decision: Adequacy) -> Iterator[Expiry]:
    if decision.last_day is not None:
        yield Expiry(
            day=decision.last_day,
            kind="decision",
            title=f"Last day of the adequacy decision: {decision.title}",
            subject=decision.id,
            sub_processor_id=None,
            url=decision.source,
        )


def _lapses(
    sub_processor: KnownSubProcessor, places: dict[tuple[str, str], list[Sequence[Turn]]], law: Law
) -> Iterator[Expiry]:
    """Days after which a place that is covered has no cover, while data still go there; one entry for each day."""
    lost: dict[date, dict[str, set[str]]] = {}
    names: dict[date, str] = {}
    for of_place in places.values():
        for day, turn in _last_covered(of_place):
            hop = turn.span.hop
            names[day] = hop.sub_processor
            lost.setdefault(day, {}).setdefault(str(turn.mechanism(law)), set()).add(hop.place.text)
    for day, grounds in lost.items():
        told = (
            f"{' and '.join(sorted(texts))} ({mechanism})" for mechanism, texts in sorted(grounds.items())
        )
        yield Expiry(
            day=day,
            kind="coverage",
            title=f"{names[day]}: last day of cover for {'; '.join(told)}",
            subject=str(sub_processor.id),
            sub_processor_id=sub_processor.id,
            url=None,
        )


def _last_covered(courses: Sequence[Sequence[Turn]]) -> Iterator[tuple[date, Turn]]:
    """The last days after which the list shows the place as no longer covered.

    The list shows the worst of the transfers to a place, so what is behind a worse one is not seen to end.
    """
    for turn in (turn for turns in courses for turn in turns):
        last = turn.until
        if last is None or turn.verdict not in COVERED or _shown(courses, last) is not turn:
            continue
        after = _shown(courses, last + ONE_DAY)
        if after is not None and after.verdict not in COVERED:
            yield last, turn


def _shown(courses: Sequence[Sequence[Turn]], day: date) -> Turn | None:
    there = (turn for turns in courses for turn in turns if turn.covers(day))
    return max(there, key=lambda turn: SEVERITY[turn.verdict], default=None)
