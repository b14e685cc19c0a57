"""The law read back: decisions, tools and the edition itself, as plain Structs.

With a day, what is read back is what counts on it under the rules of that day: a question under the
UK GDPR about a day before 2021 is one about the EU's rules. Raises ``UnsupportedError`` for a day that
the law on record does not reach.
"""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from transfers.case import REGIME_OF
from transfers.findings import Source
from transfers.law import Law
from transfers.records import Adequacy, Clauses, Event, Point, Record, Tool, Use
from transfers.standing import book_on, require_reach
from transfers.vocabulary import ClauseSet, Regime


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


class ClauseSetView(Struct, frozen=True, kw_only=True):
    """One set of standard clauses under one regime, and until when it could be signed and relied on."""

    set: ClauseSet
    title: str
    roles: str
    regime: Regime
    first_day: date
    conclude_until: date | None
    rely_until: date | None
    sources: tuple[Source, ...]
    checked_on: date
    sure: str
    local: bool


class MechanismView(Struct, frozen=True, kw_only=True):
    """One tool of Chapter V. ``type`` is its tag among the safeguards; null for adequacy.

    ``sets`` are those of standard clauses, for the tool that has some.
    """

    id: str
    type: str | None
    title: str
    article: str
    regimes: tuple[Regime, ...]
    first_day: date | None
    authorisation: str
    limits: tuple[str, ...]
    guidance: str | None
    sets: tuple[ClauseSetView, ...]
    sources: tuple[Source, ...]
    checked_on: date
    sure: str
    local: bool


class OpenPointView(Struct, frozen=True, kw_only=True):
    """A question on which lawyers differ; ``careful_reading`` is null where it changes no verdict."""

    id: str
    question: str
    state: str
    scope: str
    article: str
    regimes: tuple[Regime, ...]
    first_day: date
    last_day: date | None
    careful_reading: str | None
    settled_on: date | None
    sources: tuple[Source, ...]
    checked_on: date
    local: bool


class LawView(Struct, frozen=True, kw_only=True):
    """The edition: when it was last checked, how many records it has, what is open.

    With ``as_of`` and ``regime`` the records and points are those that count on that day, under these rules.
    """

    edition: str
    as_of: date | None
    regime: Regime | None
    checked_on: date
    oldest_check: date
    records: dict[str, int]
    local: tuple[str, ...]
    open_points: tuple[OpenPointView, ...]


def adequacy_decisions(
    law: Law, day: date | None = None, regime: Regime | None = None, *, today: date | None = None
) -> tuple[DecisionView, ...]:
    """Return the decisions of a regime, or all; with ``day`` only those in force on it.

    ``in_force`` is told of ``day``, else of ``today``, else of the law edition's day.
    """
    told_of = day or today or law.day
    return tuple(
        _decision(law, entry, told_of)
        for entry in law.decisions(_ruling(regime, day))
        if not entry.indicative and (day is None or entry.covers(day))
    )


def _ruling(regime: Regime | None, day: date | None) -> Regime | None:
    """Whose records count under the regime asked about, on the day asked about."""
    if day is not None:
        require_reach(day)
    if regime is None or day is None:
        return regime
    return REGIME_OF[book_on(regime, day)]


def _decision(law: Law, entry: Adequacy, day: date) -> DecisionView:
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
        in_force=entry.covers(day),
        oj=entry.oj,
        sources=entry.cites,
        checked_on=entry.checked_on,
        sure=entry.sure,
        local=entry.id in law.local,
    )


def mechanisms(law: Law, day: date | None = None, regime: Regime | None = None) -> tuple[MechanismView, ...]:
    """Return the tools of Chapter V in statute order; those of a regime, and with ``day`` those there on it."""
    ruling = _ruling(regime, day)
    return tuple(
        _mechanism(law, tool, day, ruling)
        for tool in law.records.tool
        if _is_of(tool, ruling) and (day is None or tool.first_day is None or tool.first_day <= day)
    )


def _mechanism(law: Law, tool: Tool, day: date | None, ruling: Regime | None) -> MechanismView:
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
        sets=tuple(_sets(law, day, ruling)) if tool.type == "scc" else (),
        sources=tool.cites,
        checked_on=tool.checked_on,
        sure=tool.sure,
        local=tool.id in law.local,
    )


def _sets(law: Law, day: date | None, ruling: Regime | None) -> Iterator[ClauseSetView]:
    """The sets in the order of their first days; with ``day`` those on which a transfer could rest then."""
    for use, clauses in _uses(law):
        first_day = max(use.first_day, clauses.first_day)
        there = day is None or (first_day <= day and (use.rely_until is None or day <= use.rely_until))
        if there and _is_of(use, ruling):
            yield ClauseSetView(
                set=clauses.set,
                title=clauses.title,
                roles=clauses.roles,
                regime=use.regime,
                first_day=first_day,
                conclude_until=use.conclude_until,
                rely_until=use.rely_until,
                sources=use.cites,
                checked_on=use.checked_on,
                sure=use.sure,
                local=use.id in law.local or clauses.id in law.local,
            )


def _uses(law: Law) -> list[tuple[Use, Clauses]]:
    found = [(use, law.sets[clause_set]) for use in law.records.use for clause_set in use.sets]
    return sorted(found, key=lambda pair: (pair[1].first_day, pair[0].regime, pair[1].id))


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


def edition(law: Law, day: date | None = None, regime: Regime | None = None) -> LawView:
    """Return the edition with the number of records per table and the open points.

    With ``day`` only what is there on it and open then; with ``regime`` only what belongs to its rules.
    """
    ruling = _ruling(regime, day)
    counts: dict[str, int] = {}
    for table, record in law.records.dated():
        if _is_of(record, ruling) and (day is None or _is_there(record, day)):
            counts[table] = counts.get(table, 0) + 1
    return LawView(
        edition=law.edition,
        as_of=day,
        regime=regime,
        checked_on=law.day,
        oldest_check=min(record.checked_on for _, record in law.records.dated()),
        records=counts,
        local=tuple(sorted(law.local)),
        open_points=tuple(
            _point(law, point)
            for point in law.records.point
            if _is_of(point, ruling) and (day is None or _is_open(point, day))
        ),
    )


def _point(law: Law, point: Point) -> OpenPointView:
    return OpenPointView(
        id=point.id,
        question=point.question,
        state=point.state,
        scope=point.scope,
        article=point.article,
        regimes=point.regimes,
        first_day=point.first_day,
        last_day=point.last_day,
        careful_reading=point.careful_reading if point.effect == "review" else None,
        settled_on=point.settled_on,
        sources=point.cites,
        checked_on=point.checked_on,
        local=point.id in law.local,
    )


def _is_of(record: Record, regime: Regime | None) -> bool:
    """Whether a record belongs to a regime's rules; what names no regime is of the EU's, or of all."""
    if regime is None:
        return True
    if isinstance(record, Adequacy | Use):
        return record.regime is regime
    named: tuple[Regime, ...] = getattr(record, "regimes", ())
    return not named or regime in named


def _is_there(record: Record, day: date) -> bool:
    if isinstance(record, Event):
        return record.covers(day)
    if isinstance(record, Point):
        return _is_open(record, day)
    first_day: date | None = getattr(record, "first_day", None)
    return first_day is None or first_day <= day


def _is_open(point: Point, day: date) -> bool:
    ended = point.last_day is not None and day > point.last_day
    settled = point.settled_on is not None and day >= point.settled_on
    return point.first_day <= day and not ended and not settled
