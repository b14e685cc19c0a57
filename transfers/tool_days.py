"""The days on which the law about a tool turns: what it names for each type of safeguard."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

from msgspec import Struct

from transfers.records import Records, Use
from transfers.safeguards import (
    AdHocClauses,
    AdministrativeArrangement,
    Bcr,
    Certification,
    CodeOfConduct,
    Derogation,
    Other,
    PublicInstrument,
    Safeguard,
    Scc,
    SupervisoryAuthorityScc,
    UkAddendum,
    UkIdta,
)
from transfers.standing import FIRST_DAY, GDPR_DAY, LAST_DAY, day_after, point_days
from transfers.vocabulary import ClauseSet, Regime

Turn = tuple[date, str]

ARTICLES: Final[dict[type[Safeguard], frozenset[str]]] = {
    PublicInstrument: frozenset({"46(2)(a)"}),
    Bcr: frozenset({"46", "47"}),
    Scc: frozenset({"46", "46(2)(c)"}),
    SupervisoryAuthorityScc: frozenset({"46(2)(d)"}),
    UkIdta: frozenset({"46", "46(2)(c)", "46(2)(d)"}),
    UkAddendum: frozenset({"46", "46(2)(c)", "46(2)(d)"}),
    CodeOfConduct: frozenset({"46", "46(2)(e)"}),
    Certification: frozenset({"46", "46(2)(f)"}),
    AdHocClauses: frozenset({"46", "46(3)(a)"}),
    AdministrativeArrangement: frozenset({"46", "46(3)(b)"}),
    Derogation: frozenset({"49"}),
    Other: frozenset(),
}
"""Under which articles the open points stand that a tool's rule asks; "46" is the impact assessment."""
OF_PLACES: Final = frozenset({"44", "45"})
OF_ONWARD: Final = frozenset({"onward"})


class Days(Struct, frozen=True):
    """Turning days in order, and the last of them so that most questions end there."""

    turns: tuple[Turn, ...]
    days: tuple[date, ...]
    last: date


def days_of(turns: Iterable[Turn]) -> Days:
    ordered = tuple(sorted(set(turns)))
    days = tuple(day for day, _ in ordered)
    return Days(ordered, days, days[-1] if days else FIRST_DAY)


def of_type(records: Records, kind: type[Safeguard]) -> Days:
    """Return the days of one type of safeguard, whatever its facts."""
    turns = list(of_points(records, ARTICLES[kind], but=_bound_to_uses(records.use)))
    if "46" in ARTICLES[kind]:
        turns.extend((duty.first_day, duty.event) for duty in records.duty)
    if kind is Bcr:
        turns.append((GDPR_DAY, "GDPR applies"))
    tag = kind.__struct_config__.tag
    for tool in records.tool:
        own = tool.type == tag or (kind is Derogation and tool.article.startswith("49"))
        if own and tool.first_day is not None:
            turns.append((tool.first_day, f"{tool.title} available"))
    return days_of(turns)


def of_set(records: Records, regime: Regime, clause_set: ClauseSet) -> Days:
    """Return the days of a set of clauses; under the UK regime the EU's too, which applied before 2021."""
    turns = [(record.first_day, record.event) for record in records.clauses if record.set is clause_set]
    ruling = {regime, Regime.EU_GDPR} if regime is Regime.UK_GDPR else {regime}
    own = [use for use in records.use if use.regime in ruling and clause_set in use.sets]
    for use in own:
        turns.extend(_of_use(use))
    bound = _bound_to_uses(own)
    for point in records.point:
        if point.id in bound:
            turns.extend(point_days(point))
    return days_of(turns)


def of_onward(records: Records, regime: Regime) -> Days:
    """Return the days of onward transfers: of their open points, and of the sets under which data may have come."""
    turns = [*of_points(records, OF_ONWARD), *_days_of_addendum(records, regime)]
    for clause_set in {clause_set for use in records.use for clause_set in use.sets}:
        turns.extend(of_set(records, regime, clause_set).turns)
    return days_of(turns)


def modules_from(records: Records, regime: Regime) -> date:
    """Return from which day the clauses of 2021 carry transfers under a regime, in the UK with the Addendum."""
    used = [
        max(use.first_day, clauses.first_day)
        for use in records.use
        for clauses in records.clauses
        if use.regime is regime and clauses.set is ClauseSet.SET_2021_914 and clauses.set in use.sets
    ]
    with_addendum = [day for day, _ in _days_of_addendum(records, regime)]
    return min((*used, *with_addendum), default=LAST_DAY)


def _days_of_addendum(records: Records, regime: Regime) -> Iterable[Turn]:
    tag = UkAddendum.__struct_config__.tag
    for tool in records.tool:
        if tool.type == tag and regime in tool.regimes and tool.first_day is not None:
            yield tool.first_day, f"{tool.title} available"


def _bound_to_uses(uses: Iterable[Use]) -> AbstractSet[str | None]:
    """The points about last days of these sets, which turn nothing for other sets."""
    return {point for use in uses for point in (use.on_last_day, use.review_point)}


def _of_use(use: Use) -> Iterable[Turn]:
    yield use.first_day, use.event
    if use.conclude_until is not None:
        yield day_after(use.conclude_until), f"{use.event}: no new contracts"
    if use.rely_until is not None:
        yield use.rely_until, f"{use.event}: last day"
        yield day_after(use.rely_until), f"{use.event}: ended"
    if use.review_from is not None:
        yield use.review_from, f"{use.event}: open how long"


def of_points(
    records: Records,
    articles: frozenset[str],
    *,
    but: AbstractSet[str | None] = frozenset(),
    regime: Regime | None = None,
) -> Iterable[Turn]:
    """Return the days of open points that stand under an article, save those bound to a territory.

    The latter are among the days of the territory's own standing. ``but`` names others to leave out,
    and with ``regime`` those that are no question under it are.
    """
    territorial = {entry.point for entry in records.territory} | {entry.point for entry in records.belongs_to}
    for point in records.point:
        if regime is not None and point.regimes and regime not in point.regimes:
            continue
        if point.article in articles and point.id not in territorial and point.id not in but:
            yield from point_days(point)
