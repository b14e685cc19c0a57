"""Territories read back: what a code is, and how it stands on a day and through time."""

from datetime import date
from typing import Literal

from msgspec import Struct

from transfers import codes
from transfers.ladder import FAILS, FAILS_ARGUABLY, HOLDS, HOLDS_ARGUABLY
from transfers.law import Law
from transfers.rules.art45_adequacy import which
from transfers.standing import Slice, Standing, require_reach
from transfers.vocabulary import Regime, Verdict

Status = Literal["inside", "third_country", "disputed", "depends"]
"""``depends``: on which of the codes is meant that took the place of a withdrawn one."""
Adequate = Literal["in_force", "in_force_in_doubt", "in_doubt", "none", "depends"]


class Stretch(Struct, frozen=True, kw_only=True):
    """Days on which a destination stands in one way; ``until`` is null where nothing ends it."""

    first_day: date
    until: date | None
    event: str
    status: Status
    adequacy: Adequate
    decisions: tuple[str, ...]
    notes: tuple[str, ...]


class TerritoryView(Struct, frozen=True, kw_only=True):
    """A code, what it stands for, and how it stands under a regime on a day and through time.

    ``ask`` is what to find out where its standing on that day depends on it: then an assessment is a review.
    """

    code: str
    name: str
    assigned: bool
    stands_for: str | None
    withdrawn_on: date | None
    became: tuple[str, ...]
    ask: str | None
    regime: Regime
    as_of: date
    now: Stretch
    history: tuple[Stretch, ...]
    member_of: tuple[str, ...]
    law_edition: str


def territory(law: Law, code: str, day: date, regime: Regime) -> TerritoryView | None:
    """Return how a code stands; ``None`` for a code that never existed.

    Raises ``UnsupportedError`` for a day that the law on record does not reach.
    """
    require_reach(day)
    country = codes.countries().get(code)
    if country is None:
        return None
    key = codes.canonical(code)
    history = _stretches(law.standing(regime, key))
    now = next(stretch for stretch in reversed(history) if stretch.first_day <= day)
    return TerritoryView(
        code=code,
        name=country.name,
        assigned=country.assigned,
        stands_for=country.stands_for,
        withdrawn_on=country.withdrawn_on,
        became=country.became,
        ask=which(country.became) if "depends" in {now.status, now.adequacy} else None,
        regime=regime,
        as_of=day,
        now=now,
        history=history,
        member_of=tuple(union for union in ("EU", "EEA") if key in law.members(union, day)),
        law_edition=law.edition,
    )


def _stretches(standing: Standing) -> tuple[Stretch, ...]:
    """Neighbouring slices that differ in nothing that is shown are one stretch."""
    found: list[Stretch] = []
    for place in standing.slices:
        shown = _shown(place)
        if found and (found[-1].status, found[-1].adequacy, found[-1].decisions, found[-1].notes) == shown:
            continue
        status, adequate, decisions, notes = shown
        event = standing.events[place.first_day]
        found.append(
            Stretch(
                first_day=place.first_day,
                until=None,
                event=event,
                status=status,
                adequacy=adequate,
                decisions=decisions,
                notes=notes,
            )
        )
    ends = [date.fromordinal(later.first_day.toordinal() - 1) for later in found[1:]]
    return tuple(
        Stretch(
            first_day=stretch.first_day,
            until=until,
            event=stretch.event,
            status=stretch.status,
            adequacy=stretch.adequacy,
            decisions=stretch.decisions,
            notes=stretch.notes,
        )
        for stretch, until in zip(found, [*ends, None], strict=True)
    )


def _shown(place: Slice) -> tuple[Status, Adequate, tuple[str, ...], tuple[str, ...]]:
    status: Status = "disputed"
    if Verdict.NO_TRANSFER in place.maybe:
        status = "depends"
    elif place.inside == HOLDS:
        status = "inside"
    elif place.inside == FAILS:
        status = "third_country"
    best = min((ground.state for ground in place.grounds), default=FAILS)
    words: dict[int, Adequate] = {
        HOLDS: "in_force",
        HOLDS_ARGUABLY: "in_force_in_doubt",
        FAILS_ARGUABLY: "in_doubt",
        FAILS: "none",
    }
    adequate = "depends" if Verdict.COVERED_BY_ADEQUACY in place.maybe else words[best]
    decisions = tuple(ground.record.id for ground in place.grounds if ground.record is not None)
    notes = dict.fromkeys(finding.code for finding in place.findings)
    return status, adequate, decisions, tuple(notes)
