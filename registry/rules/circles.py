"""Who engages whom: circles in the chain, on a day and on every day to come."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

from registry.resources.periods import TermsPeriod
from registry.resources.world import World
from registry.rules.fold import on

Edge = tuple[UUID, UUID]
"""An organisation, and one that engages it."""


def circle_days(world: World, organisation_id: UUID, days: Sequence[date]) -> list[date]:
    """The days, and those after the first of them, on which a circle through an organisation may begin.

    None where no circle is possible whatever the day: nearly always.
    """
    if not days:
        return []
    above = _above(organisation_id, lambda one: _engagers(_periods(world, one)))
    if not _circle(above, organisation_id):
        return []
    firsts = {period.first for key in above for period in _periods(world, key) if period.first is not None}
    return sorted({*days, *(day for day in firsts if day > min(days))})


def circle_on(world: World, day: date, organisation_id: UUID) -> frozenset[Edge]:
    """By whom who is engaged, as far as that leads from an organisation back to it; nothing where it does not."""

    def engagers(one: UUID) -> set[UUID]:
        period = on(_periods(world, one), day)
        return set(_engagers([period])) if period is not None else set()

    return _circle(_above(organisation_id, engagers), organisation_id)


def _periods(world: World, organisation_id: UUID) -> Sequence[TermsPeriod]:
    key = world.engaged.get(organisation_id)
    return world.sub_processors[key].periods if key is not None else ()


def _engagers(periods: Iterable[TermsPeriod]) -> set[UUID]:
    return {UUID(key) for period in periods for key in period.document.get("engaged_by") or {}}


def _above(start: UUID, engagers: Callable[[UUID], set[UUID]]) -> dict[UUID, set[UUID]]:
    """Everybody above an organisation in the chain, itself included, with who engages each."""
    found: dict[UUID, set[UUID]] = {}
    open_ends = [start]
    while open_ends:
        one = open_ends.pop()
        if one not in found:
            found[one] = engagers(one)
            open_ends.extend(found[one])
    return found


def _circle(above: dict[UUID, set[UUID]], start: UUID) -> frozenset[Edge]:
    """The links between those that lead back to the start."""
    below: dict[UUID, set[UUID]] = {}
    for one, engagers in above.items():
        for engager in engagers:
            below.setdefault(engager, set()).add(one)
    # Whoever the start engages, itself or through others, of those above it.
    leading, open_ends = set[UUID](), [start]
    while open_ends:
        for one in below.get(open_ends.pop(), ()):
            if one not in leading:
                leading.add(one)
                open_ends.append(one)
    if start not in leading:
        return frozenset()
    return frozenset((one, engager) for one in leading for engager in above[one] if engager in leading)
