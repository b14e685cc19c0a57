"""What a transfer rests on, span by span: the periods in which nothing of the register alters it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from uuid import UUID

from msgspec import Struct, ValidationError, convert
from msgspec.structs import replace

from registry.resources.periods import TermsPeriod
from registry.resources.world import KnownSubProcessor, World
from registry.rules.facts import engaged_alike, placed, placed_alike, question
from registry.rules.hops import Hop, Wanted, of_sub_processor
from registry.rules.transfers import carried_by
from transfers.codes import KNOWN, canonical
from transfers.facts import Facts
from transfers.findings import ReliedOn
from transfers.law import Law
from transfers.standing import FIRST_DAY, LAST_DAY
from transfers.vocabulary import Regime

ONE_DAY = timedelta(days=1)


class Asked:
    """One question about some days of a sub-processor: of two places in one country it is the same.

    ``like`` is another one that differs in its place alone.
    """

    def __init__(self, hop: Hop, day: date, like: "Asked | None" = None) -> None:
        self._hop = hop
        self._day = day
        self._like = like
        self._words: dict[int, str | None] = {}

    @cached_property
    def facts(self) -> Facts | None:
        """The facts of a hop that one question judges; None for a group, a chain, or what cannot be judged at all.

        They are the same on every day of the span, so they name none.
        """
        hop = self._hop
        if hop.exporter.facts.country is None or hop.place.country is None or hop.upstream:
            return None
        try:
            if self._like is not None and self._like.facts is not None:
                return placed(self._like.facts, hop.place)
            return replace(convert(question(hop, self._day), Facts), as_of=None)
        except (ValidationError, ValueError):
            return None

    def carried_by(self, relied_on: ReliedOn | None) -> str | None:
        """The safeguard on record that is relied on, in words; None where it is no safeguard."""
        if relied_on is None or relied_on.index is None:
            return None
        if self._like is not None:
            return self._like.carried_by(relied_on)
        if relied_on.index not in self._words:
            self._words[relied_on.index] = carried_by(self._hop, relied_on)
        return self._words[relied_on.index]


class Span(Struct, frozen=True, kw_only=True):
    """Days, both included, on which a transfer rests on the same terms; ``until`` is None without an end."""

    first_day: date
    until: date | None
    hop: Hop
    asked: Asked
    event: str
    """What of the law begins it, where no change does."""
    changes: tuple[int, ...]
    """The changes that begin it."""

    @property
    def facts(self) -> Facts | None:
        return self.asked.facts


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
    engagers = _engagers(world, sub_processor)
    for period in sub_processor.periods:
        for use in period.document.get("uses", {}).values():
            operators = (place.get("operated_by") for place in use.get("places", {}).values())
            organisations |= {UUID(str(operator)) for operator in operators if operator}
    for key in (organisations | engagers) - seen:
        if key in world.organisations:
            seen.add(key)
            yield world.organisations[key].periods
    for key in engagers - own:
        above = world.engaged.get(key)
        if above is not None:
            yield from _periods(world, world.sub_processors[above], seen)


def _engagers(world: World, sub_processor: KnownSubProcessor) -> set[UUID]:
    """Who engages it in any period."""
    own = {organisation.id for organisation in world.own}
    found: set[UUID] = set()
    for period in sub_processor.periods:
        found |= {UUID(str(key)) for key in period.document.get("engaged_by") or {}} or own
    return found


def spans(
    world: World,
    sub_processor: KnownSubProcessor,
    law: Law,
    start: date = FIRST_DAY,
    entrusted: Sequence[Hop] = (),
    *,
    wanted: Wanted | None = None,
) -> dict[UUID, list[Span]]:
    """The spans of each of its transfers that touch ``start`` or a later day, in order.

    ``entrusted`` are the hops by which a client gave us the data, as for ``of_sub_processor``. Nobody is asked
    what is ``wanted`` where there are several spans, since a transfer is wanted with all of them.
    """
    rests = resting(world, sub_processor).days
    borders = _borders(world, sub_processor, law)
    found: dict[UUID, list[Span]] = {}
    days = list(_days(sorted({*rests, *borders}), start))
    for first, last in days:
        day = max(first, FIRST_DAY)
        asked: dict[tuple[object, ...], Asked] = {}
        asking = wanted if len(days) == 1 else None
        for hop in of_sub_processor(world, sub_processor, day, law, entrusted, wanted=asking):
            found.setdefault(hop.id, []).append(
                Span(
                    first_day=day,
                    until=last,
                    hop=hop,
                    asked=_asked(hop, day, asked),
                    event=borders.get(first, ""),
                    changes=rests.get(first, ()),
                )
            )
    return found


def _days(firsts: Sequence[date], start: date) -> Iterator[tuple[date, date | None]]:
    """First and last days between two that alter something, from ``start`` on."""
    for first, following in pairwise([*firsts, None]):
        last = following - ONE_DAY if following is not None else None
        if first is not None and first <= LAST_DAY and (last is None or last >= start):
            yield first, last


def _asked(hop: Hop, day: date, known: dict[tuple[object, ...], Asked]) -> Asked:
    """The question of a hop; places that are groups or unread, and chains, have one of their own."""
    if hop.upstream or hop.place.country is None:
        return Asked(hop, day)
    engaged = engaged_alike(hop)
    whole = (*engaged, *placed_alike(hop))
    found = known.get(whole)
    if found is None:
        like = known.get(engaged)
        found = known[whole] = Asked(hop, day, like)
        if like is None:
            known[engaged] = found
    return found


def _borders(world: World, sub_processor: KnownSubProcessor, law: Law) -> dict[date, str]:
    """The days on which an exporter's own country joins or leaves the territory of the Union's rules."""
    found: dict[date, str] = {}
    for key in _engagers(world, sub_processor):
        organisation = world.organisations.get(key)
        if organisation is None:
            continue
        for document in (organisation.document, *(period.document for period in organisation.periods)):
            country = document.get("country")
            if isinstance(country, str) and country in KNOWN:
                found |= _inside_from_or_to(law, canonical(country))
    return found


def _inside_from_or_to(law: Law, country: str) -> Iterable[tuple[date, str]]:
    standing = law.standing(Regime.EU_GDPR, country)
    for before, after in pairwise(standing.slices):
        if before.inside != after.inside:
            yield after.first_day, standing.events.get(after.first_day, "")


def meets(until: date | None, day: date) -> bool:
    """Whether days that last until one day reach another, so that there is none in between."""
    return until is None or until >= day - ONE_DAY
