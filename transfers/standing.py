"""How each destination stands under each regime, day by day: tables built once from the records.

A standing is a list of slices. Within one slice nothing in the law about that destination changes,
so the answer to a question on a day begins with one look-up by bisection.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from msgspec import Struct

from transfers.errors import UnsupportedError
from transfers.findings import Finding
from transfers.ladder import FAILS, FAILS_ARGUABLY, HOLDS, HOLDS_ARGUABLY
from transfers.records import Adequacy, Event, NationalExtension, Point
from transfers.statements import Book, informs, refuses, supports
from transfers.vocabulary import Framework, Regime, Verdict

FIRST_DAY: Final = date(1995, 1, 1)
"""Nothing is judged before: the year of Directive 95/46/EC."""
LAST_DAY: Final = date(2199, 12, 31)
"""Nothing is judged after, so that no sum of days leaves the calendar."""
GDPR_DAY: Final = date(2018, 5, 25)
"""GDPR Art 99(2): applies from this day, the Directive before."""
UK_DAY: Final = date(2021, 1, 1)
"""The UK GDPR stands on its own from the end of the transition; before, the EU's rules applied."""

# What the codes of memberships, territories and decisions say; {0} is the record.
IN_TERRITORY: Final = supports("importer_in_eea", "44", "The importer is inside the territory: {0.event}.")
OWN_TERRITORY: Final = supports(
    "importer_in_eea", "44", "The importer is in the regime's own country, so nothing leaves it."
)
INTRA_EEA: Final = supports("intra_eea", "44", "Exporter and importer are both inside the EU or EEA.")
SAYS: Final = {
    statement.code: statement
    for statement in (
        informs("outermost_region", "44", "The place is an outermost region (TFEU Art 349)."),
        informs("inside_special_territory", "44", "A special territory that EU law reaches."),
        informs("oct_outside_eu", "44", "An overseas territory outside the EU: {0.event}."),
        informs("territory_disputed", "44", "The standing of the territory is open: {0.event}."),
        informs("acquis_suspended", "44", "EU law is suspended in this area: {0.event}."),
        informs("uk_transition", "44", "{0.event}."),
        informs("tca_bridge", "44", "{0.event}."),
        informs("tca_bridge_not_applicable", "44", "{0.event}."),
        informs("pending_treaty", "44", "A treaty whose data rules were not read: {0.event}."),
        informs("eea_directive_still_applies", "44", "{0.event}."),
        informs("adequacy_extended", "45", "The day rests on the extension of the decision."),
        informs("adequacy_renewed", "45", "The day rests on the renewal of the decision."),
    )
}
EU_INSTITUTION: Final = supports(
    "eu_institution", "44", "Institutions and bodies of the Union are not in a third country."
)
FULL: Final = supports("adequacy_full", "45", "{0.title}: the decision in force covers every importer there.")
CONDITIONS_MET: Final = supports(
    "adequacy_conditions_met", "45", "{0.title}: the decision is in force and its conditions are met."
)
UK_ADEQUACY: Final = supports("uk_adequacy", "45", "{0.title}: approved under {0.instrument}.")
CH_ANNEX1: Final = supports("ch_annex1", "45", "{0.title}: on the list, {0.instrument}.")
NO_ADEQUACY: Final = refuses(
    "no_adequacy", "45", "No adequacy decision or regulation for the destination is in force on that day."
)
INVALIDATED: Final = refuses("adequacy_invalidated", "45", "{0.title}: no longer valid, {0.ended}.")
DROPPED: Final = refuses("adequacy_invalidated", "45", "{0.title}: taken off the list on {0.struck_on}.")
EXPIRED: Final = refuses("adequacy_expired", "45", "{0.title}: {0.ended}.")
DAY_UNCERTAIN: Final = informs(
    "adequacy_conditions_unclear", "45", "{0.title}: adopted, but its day of effect is not certain."
)
INDICATIVE: Final = refuses(
    "adequacy_conditions_unclear", "45", "{0.title}: the list only indicated adequacy on that day."
)


OPENED: Final = "Open point: "
CLOSED: Final = "No longer open: "
OF_POINTS: Final = (OPENED, CLOSED)
"""How the event of a disputed point begins; what an instrument did on the same day is told instead."""
ENDED: Final = " (ended)"
"""Marks an end that no instrument explains; what begins on the same day is told instead."""


class Ground(Struct):
    """A decision that counts on these days, and how it stands before its scope is tested."""

    record: Adequacy | None
    state: int
    if_holds: tuple[Finding, ...] = ()
    if_fails: tuple[Finding, ...] = ()
    doubts: tuple[Finding, ...] = ()


class Slice(Struct):
    """Days without a change in the law about one destination."""

    first_day: date
    book: Book
    inside: int  # HOLDS: no third country; FAILS: a third country; between: disputed
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Finding, ...] = ()
    grounds: tuple[Ground, ...] = ()
    absent: tuple[Finding, ...] = ()
    maybe: tuple[Verdict, ...] = ()
    extensions: tuple[NationalExtension, ...] = ()


class Outlook(IntEnum):
    """What can matter of a transfer from the days of a slice on, whatever comes after it."""

    __hash__ = int.__hash__

    BARE = 0  # a third country for which nothing is in force or to come
    INSIDE = 1  # the territory, with no end on record
    OPEN = 2


class Standing(Struct):
    """The slices of one destination in order, the event that begins each, and what they leave to matter."""

    days: list[date]
    slices: list[Slice]
    events: dict[date, str]
    outlooks: list[Outlook] = []
    frameworks: frozenset[Framework] = frozenset()
    """The lists that a decision about it asks for: an importer's entries on others turn nothing."""

    def __post_init__(self) -> None:
        grounds = [ground.record for place in self.slices for ground in place.grounds]
        self.frameworks = frozenset(name for record in grounds if record for name in record.certifications)
        later: Outlook | None = None
        for place in reversed(self.slices):
            here = _outlook(place)
            later = here if later is None or later is here else Outlook.OPEN
            self.outlooks.append(later)
        self.outlooks.reverse()

    def on(self, day: date) -> Slice:
        return self.slices[bisect_right(self.days, day) - 1]


def _outlook(place: Slice) -> Outlook:
    if place.inside == HOLDS:
        return Outlook.INSIDE
    bare = place.inside == FAILS and not (place.grounds or place.maybe or place.extensions)
    return Outlook.BARE if bare else Outlook.OPEN


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def a_year_after(act: date) -> date:
    """The same date of the next year; of an act of 29 February, 28 February."""
    leap_day = (act.month, act.day) == (2, 29)
    return act.replace(year=act.year + 1, day=28 if leap_day else act.day)


def require_reach(day: date) -> None:
    """Raise ``UnsupportedError`` for a day on which nothing is judged and nothing read back."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UnsupportedError(
            f"{day} lies outside the law on record, which reaches from {FIRST_DAY} to {LAST_DAY}; "
            "ask about a day in between"
        )


def book_on(regime: Regime, day: date) -> Book:
    """Return the body of rules for a day: the EU's for the UK before 2021, the Directive before the GDPR."""
    if regime is Regime.CH_FADP:
        return Book.CH_FADP
    if regime is Regime.UK_GDPR and day >= UK_DAY:
        return Book.UK_GDPR
    return Book.EU_GDPR if day >= GDPR_DAY else Book.DIRECTIVE


def event_days(event: Event) -> Iterable[tuple[date, str]]:
    """Yield the days on which a record turns something, each with what happens."""
    yield event.first_day, event.event
    if event.last_day is not None:
        ended = getattr(event, "ended", None)
        yield day_after(event.last_day), ended or f"{event.event}{ENDED}"
    if isinstance(event, Adequacy):
        yield from _decision_days(event)


def _decision_days(decision: Adequacy) -> Iterable[tuple[date, str]]:
    if decision.unsure_from is not None:
        yield decision.unsure_from, f"{decision.title}: adopted, day of effect not certain"
    if decision.unsure_until is not None:
        yield day_after(decision.unsure_until), f"{decision.title}: in effect without doubt"
    if decision.list_open_from is not None:
        yield decision.list_open_from, f"{decision.title}: the list opens"
    if decision.struck_on is not None:
        yield decision.struck_on, f"{decision.title}: taken off the list"
    for phase in decision.phase:
        if phase.first_day != decision.first_day:
            yield phase.first_day, f"{decision.title}: rests on {phase.celex}"
    for carve in decision.carve_out:
        if carve.unsure_from is not None:
            yield carve.unsure_from, f"{decision.title}: a carve-out may have ended"
        if carve.last_day is not None:
            yield day_after(carve.last_day), f"{decision.title}: a carve-out has ended"


def point_days(point: Point) -> Iterable[tuple[date, str]]:
    """Yield the days on which a disputed point begins, ends or is settled."""
    if point.effect == "review":
        if point.first_day > FIRST_DAY:
            yield point.first_day, f"{OPENED}{point.question}"
        if point.last_day is not None:
            yield day_after(point.last_day), f"{CLOSED}{point.question}"
        if point.settled_on is not None:
            yield point.settled_on, f"Settled: {point.question}"


def reading(point: Point, day: date, regime: Regime) -> int:
    """How a condition stands that turns on the point: firm once settled or where it is not open."""
    if point.settled_on is not None and day >= point.settled_on:
        return HOLDS if point.settled == "holds" else FAILS
    held = point.careful_reading == "holds"
    ended = point.last_day is not None and day > point.last_day
    if day < point.first_day or ended or (point.regimes and regime not in point.regimes):
        return HOLDS if held else FAILS
    return HOLDS_ARGUABLY if held else FAILS_ARGUABLY
