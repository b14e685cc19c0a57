"""The law read back: territories, decisions, tools and the edition itself, as plain Structs."""

from datetime import date
from typing import Literal

from msgspec import Struct

from transfers import codes
from transfers.findings import Source
from transfers.ladder import FAILS, FAILS_ARGUABLY, HOLDS, HOLDS_ARGUABLY
from transfers.law import Law
from transfers.records import Adequacy, Record, Tool
from transfers.standing import FIRST_DAY, Slice, Standing
from transfers.vocabulary import Regime

Status = Literal["inside", "third_country", "disputed"]
Adequate = Literal["in_force", "in_force_in_doubt", "in_doubt", "none"]


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
    """A code, what it stands for, and how it stands under a regime on a day and through time."""

    code: str
    name: str
    assigned: bool
    stands_for: str | None
    withdrawn_on: date | None
    became: tuple[str, ...]
    regime: Regime
    as_of: date
    now: Stretch
    history: tuple[Stretch, ...]
    member_of: tuple[str, ...]
    law_edition: str


class DecisionView(Struct, frozen=True, kw_only=True):
    """One adequacy decision, regulation or entry of a list."""

    id: str
    regime: Regime
    title: str
    codes: tuple[str, ...]
    organisation: str | None
    scope: str
    conditional: bool
    first_day: date
    last_day: date | None
    ended: str | None
    in_force: bool
    oj: str | None
    sources: tuple[Source, ...]
    checked_on: date
    sure: str
    local: bool


class MechanismView(Struct, frozen=True, kw_only=True):
    """One tool of Chapter V. ``type`` is its tag among the safeguards; null for adequacy."""

    id: str
    type: str | None
    title: str
    article: str
    regimes: tuple[Regime, ...]
    first_day: date | None
    authorisation: str
    limits: tuple[str, ...]
    guidance: str | None
    sources: tuple[Source, ...]
    checked_on: date
    sure: str


class OpenPointView(Struct, frozen=True, kw_only=True):
    """A question on which lawyers differ; ``careful_reading`` is null where it changes no verdict."""

    id: str
    question: str
    state: str
    scope: str
    article: str
    careful_reading: str | None
    settled_on: date | None
    sources: tuple[Source, ...]
    checked_on: date


class LawView(Struct, frozen=True, kw_only=True):
    """The edition: when it was last checked, how many records it has, what is open."""

    edition: str
    checked_on: date
    oldest_check: date
    records: dict[str, int]
    local: tuple[str, ...]
    open_points: tuple[OpenPointView, ...]


def territory(law: Law, code: str, day: date, regime: Regime) -> TerritoryView | None:
    """Return how a code stands; ``None`` for a code that never existed."""
    country = codes.countries().get(code)
    if country is None:
        return None
    key = codes.canonical(code)
    history = _stretches(law.standing(regime, key))
    now = next(stretch for stretch in reversed(history) if stretch.first_day <= max(day, FIRST_DAY))
    return TerritoryView(
        code=code,
        name=country.name,
        assigned=country.assigned,
        stands_for=country.stands_for,
        withdrawn_on=country.withdrawn_on,
        became=country.became,
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
    if place.inside == HOLDS:
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
    decisions = tuple(ground.record.id for ground in place.grounds if ground.record is not None)
    notes = dict.fromkeys(finding.code for finding in place.findings)
    return status, words[best], decisions, tuple(notes)


def adequacy_decisions(
    law: Law, day: date | None = None, regime: Regime | None = None
) -> tuple[DecisionView, ...]:
    """Return the decisions of a regime, or all; with ``day`` only those in force on it."""
    return tuple(
        _decision(law, entry, day)
        for entry in law.decisions(regime)
        if not entry.indicative and (day is None or entry.covers(day))
    )


def _decision(law: Law, entry: Adequacy, day: date | None) -> DecisionView:
    return DecisionView(
        id=entry.id,
        regime=entry.regime,
        title=entry.title,
        codes=entry.codes,
        organisation=entry.organisation,
        scope=entry.scope,
        conditional=entry.conditional,
        first_day=entry.first_day,
        last_day=entry.last_day,
        ended=entry.ended,
        in_force=entry.covers(day or law.day),
        oj=entry.oj,
        sources=entry.cites,
        checked_on=entry.checked_on,
        sure=entry.sure,
        local=entry.id in law.local,
    )


def mechanisms(law: Law, regime: Regime | None = None) -> tuple[MechanismView, ...]:
    """Return the tools of Chapter V in statute order, or those that are tools under a regime."""
    return tuple(_mechanism(tool) for tool in law.records.tool if regime is None or regime in tool.regimes)


def _mechanism(tool: Tool) -> MechanismView:
    return MechanismView(
        id=tool.id,
        type=tool.type,
        title=tool.title,
        article=tool.article,
        regimes=tool.regimes,
        first_day=tool.first_day,
        authorisation=tool.authorisation,
        limits=tool.limits,
        guidance=tool.guidance,
        sources=tool.cites,
        checked_on=tool.checked_on,
        sure=tool.sure,
    )


def name_of(law: Law, safeguard_type: str) -> tuple[str, str]:
    """Return the public name and the article of a safeguard's type, for pages.

    Raises ``KeyError`` for a type that is none; ``other`` is no tool and has no article.
    """
    if safeguard_type == "other":
        return "Other document, no transfer tool", ""
    tool = next((tool for tool in law.records.tool if tool.type == safeguard_type), None)
    if tool is None:
        raise KeyError(safeguard_type)
    return tool.title, tool.article


def edition(law: Law) -> LawView:
    """Return the edition with the number of records per table and the open points."""
    counts: dict[str, int] = {}
    checks: list[date] = []
    for table, record in law.records.dated():
        counts[table] = counts.get(table, 0) + 1
        checks.append(record.checked_on)
    return LawView(
        edition=law.edition,
        checked_on=law.day,
        oldest_check=min(checks),
        records=counts,
        local=tuple(sorted(law.local)),
        open_points=tuple(
            OpenPointView(
                id=point.id,
                question=point.question,
                state=point.state,
                scope=point.scope,
                article=point.article,
                careful_reading=point.careful_reading if point.effect == "review" else None,
                settled_on=point.settled_on,
                sources=point.cites,
                checked_on=point.checked_on,
            )
            for point in law.records.point
        ),
    )


def stale(law: Law, before: date) -> tuple[Record, ...]:
    """Return the records last checked before a day, oldest first."""
    found = (record for _, record in law.records.dated() if record.checked_on < before)
    return tuple(sorted(found, key=lambda record: (record.checked_on, record.id)))


def ending(law: Law, day: date, until: date) -> tuple[tuple[date, str], ...]:
    """Return what ends on record from ``day`` to ``until``: last day and what it is the last day of."""
    found: list[tuple[date, str]] = []
    for _, record in law.records.dated():
        for member in ("last_day", "conclude_until", "rely_until"):
            last = getattr(record, member, None)
            if last is not None and day <= last <= until:
                found.append((last, f"{record.id}: {member}"))
    return tuple(sorted(found))
