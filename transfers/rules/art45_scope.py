"""Article 45, the scope of a decision: whom and which data it covers, and what it leaves out."""

from typing import Final

from transfers.case import Case
from transfers.findings import Missing
from transfers.ladder import FAILS, FAILS_ARGUABLY, HOLDS
from transfers.records import Adequacy, CarveOut
from transfers.rules.art45_certified_importers import certified, never_listed
from transfers.statements import refuses
from transfers.vocabulary import BindingLaw, ImporterKind
from transfers.weighing import Weighing

SCOPE_EXCLUDED: Final = refuses(
    "adequacy_scope_excluded", "45", "{0.title} leaves this importer or its data out: {0.scope}"
)
CONDITIONS_UNKNOWN: Final = refuses(
    "adequacy_conditions_unknown",
    "45",
    "{0.title}: a fact on which the scope turns is not on record: {0.scope}",
)
CONDITIONS_UNCLEAR: Final = refuses(
    "adequacy_conditions_unclear",
    "45",
    "{0.title}: the law is unclear on whether the condition is met: {0.scope}",
)
ASK_WHICH_LAW: Final = {
    BindingLaw.PIPEDA: "Does PIPEDA bind you for this processing?",
    BindingLaw.APPI: "Are you a business operator under the APPI that applies the Supplementary Rules?",
    BindingLaw.LGPD: "Does the LGPD bind you for this processing?",
    BindingLaw.QUEBEC_LAW_25: "Does Quebec's Act on private sector data (Law 25) bind you for this processing?",
}


def scope(weighing: Weighing, record: Adequacy) -> None:
    """Whom and what the decision covers: the record's own conditions, in order.

    An importer that no law named binds is out, whatever a carve-out would say of its data.
    """
    case = weighing.case
    if _is_left_out(case, record):
        weighing.fails(SCOPE_EXCLUDED, record)
        if record.certifications and case.importer.kind is ImporterKind.PUBLIC:
            never_listed(weighing)
        return
    bound = _under_law(weighing, record)
    if bound is not None and bound.state == FAILS:
        weighing.adds(bound)
        return
    if record.carve_out:
        _carve_outs(weighing, record, bound)
        if weighing.state == FAILS:
            return
    if bound is not None:
        weighing.adds(bound)
    if record.certifications:
        certified(weighing, record)


def _is_left_out(case: Case, record: Adequacy) -> bool:
    """Public bodies, areas and paper files that the decision leaves out as a whole."""
    importer = case.importer
    return (
        (record.public_bodies == "outside" and importer.kind is ImporterKind.PUBLIC)
        or (importer.area is not None and importer.area in record.excluded_areas)
        or (record.automated_only and not case.data.automated_processing)
    )


def _under_law(weighing: Weighing, record: Adequacy) -> Weighing | None:
    """How the importer stands under the law that the decision names; ``None`` where that is no question."""
    case = weighing.case
    for law in record.subject_to:
        if _is_bound(case, law):
            return None
    if not record.subject_to:
        return None
    bound = Weighing(case, weighing.path)
    bound_by_law(bound, record)
    return bound


def _carve_outs(weighing: Weighing, record: Adequacy, bound: Weighing | None) -> None:
    """Each carve-out in order, until one is met."""
    case = weighing.case
    told = case.data.purpose is not None or case.importer.sector is not None
    for carve in record.carve_out:
        if not told and carve.data is None:
            continue  # the ordinary case, which is by far the most frequent
        carve_out(weighing, record, carve)
        if weighing.state == FAILS:
            if record.certifications and case.importer.certifications is not None:
                _unlisted_as_well(weighing, record)
            return
        if bound is not None and carve.binds_in_part and weighing.state != HOLDS:
            # What the carve-out leaves inside is bound by law, so that is no condition to be told.
            bound.state = HOLDS
            bound.findings.clear()


def _unlisted_as_well(weighing: Weighing, record: Adequacy) -> None:
    """Data outside the decision, and an importer that is on no list besides: both are told."""
    alone = Weighing(weighing.case, weighing.path)
    certified(alone, record)
    if alone.state == FAILS:
        weighing.adds(alone)


def carve_out(weighing: Weighing, record: Adequacy, carve: CarveOut) -> None:
    """A carve-out needs all its members: sector and purpose, sector and kind of data.

    One on record and another absent is unknown; none on record is the ordinary case. An importer
    recorded as bound by the decision's law is taken at its word where the carve-out says so.
    """
    case = weighing.case
    if not _applies(case, record, carve):
        return
    members = _members(case, carve)
    if any(met is False for met, _, _ in members):
        return
    asks = [(fact, ask) for met, fact, ask in members if met is None]
    if asks:
        if len(asks) < len(members):
            for fact, ask in asks:
                weighing.unknown(fact, ask)
            weighing.says(CONDITIONS_UNKNOWN, record)
        return
    if carve.point is not None:
        _disputed_carve_out(weighing, record, carve.point)
    elif carve.unsure_from is not None and case.day >= carve.unsure_from:
        weighing.state = max(weighing.state, FAILS_ARGUABLY)
        weighing.says(SCOPE_EXCLUDED, record)
        weighing.findings.append(case.law.doubt("notification-days", case.book))
    else:
        weighing.fails(SCOPE_EXCLUDED, record)


def _applies(case: Case, record: Adequacy, carve: CarveOut) -> bool:
    """Whether the carve-out is there on the day, for such an importer."""
    if carve.last_day is not None and case.day > carve.last_day:
        return False
    if carve.kind is not None and case.importer.kind != carve.kind:
        return False
    return not (carve.unless_bound and any(_is_bound(case, law) for law in record.subject_to))


def _members(case: Case, carve: CarveOut) -> list[tuple[bool | None, str, str]]:
    """Each member that the carve-out names: met, not met or not on record, and what to ask for it."""
    members: list[tuple[bool | None, str, str]] = []
    if carve.data is not None:
        members.append((getattr(case.data, carve.data), f"data.{carve.data}", ""))
    if carve.sectors:
        sector = case.importer.sector
        met = None if sector is None else sector in carve.sectors
        members.append((met, "importer.sector", "In which sector do you process these data?"))
    if carve.purposes:
        purpose = case.data.purpose
        met = None if purpose is None else purpose in carve.purposes
        members.append((met, "data.purpose", "For which purpose are the data processed?"))
    return members


def _disputed_carve_out(weighing: Weighing, record: Adequacy, point: str) -> None:
    """A carve-out whose reach is argued: refused, or covered, on the careful reading of the point."""
    case = weighing.case
    state = case.law.reading(point, case.day, case.regime)
    if state == HOLDS:
        return
    weighing.state = max(weighing.state, state)
    weighing.says(SCOPE_EXCLUDED if state >= FAILS_ARGUABLY else CONDITIONS_UNCLEAR, record)
    if state not in {HOLDS, FAILS}:
        weighing.findings.append(case.law.doubt(point, case.book))


def bound_by_law(weighing: Weighing, record: Adequacy) -> None:
    """An importer that no law named is recorded to bind: not bound is out, absent is unknown.

    Canada: a public body whose law is not on record is out; in provinces whose own law replaces
    PIPEDA the reach of the EU decision is argued; Annex 1 of the Swiss ordinance also names the acts
    of some provinces, for which no fact is kept save Quebec's.
    """
    case = weighing.case
    importer = case.importer
    bound = [_is_bound(case, law) for law in record.subject_to]
    if record.public_bodies == "outside_if_unknown" and importer.kind is ImporterKind.PUBLIC:
        weighing.fails(SCOPE_EXCLUDED, record)
        return
    subdivision = importer.subdivision
    open_laws = [law for law, answer in zip(record.subject_to, bound, strict=True) if answer is None]
    if BindingLaw.QUEBEC_LAW_25 in open_laws and subdivision not in {None, "CA-QC"}:
        open_laws.remove(BindingLaw.QUEBEC_LAW_25)
    own_act = bool(record.provinces_with_own_act) and (
        subdivision is None or subdivision in record.provinces_with_own_act
    )
    if not open_laws and not own_act:
        weighing.fails(SCOPE_EXCLUDED, record)
        return
    if open_laws and record.unclear_point is not None and subdivision in record.unclear_subdivisions:
        weighing.disputed(record.unclear_point)
        weighing.says(CONDITIONS_UNCLEAR, record)
        weighing.missing.extend(
            Missing(fact=f"importer.subject_to.{law}", ask=ASK_WHICH_LAW[law]) for law in open_laws
        )
        return
    for law in open_laws:
        weighing.lacks(f"subject_to.{law}", ASK_WHICH_LAW[law])
    if own_act:
        fact = "subdivision" if subdivision is None else "subject_to"
        ask = "In which province are you established, and does an act there that corresponds to PIPEDA bind you?"
        weighing.lacks(fact, ask)
    weighing.says(CONDITIONS_UNKNOWN, record)


def _is_bound(case: Case, law: BindingLaw) -> bool | None:
    answer: bool | None = getattr(case.importer.subject_to, law)
    return answer
