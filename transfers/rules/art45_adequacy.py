"""Article 45: transfers on the basis of an adequacy decision, and whom each decision covers.

The scope of a decision is tested before its dates: an importer outside the scope is refused firmly,
even on days on which it is not certain that the decision applied.
"""

from datetime import date
from typing import Final

from transfers import codes
from transfers.case import Case
from transfers.findings import Finding, Missing
from transfers.ladder import FAILS, FAILS_ARGUABLY, HOLDS, HOLDS_ARGUABLY, UNKNOWN, Rung
from transfers.records import Adequacy, CarveOut
from transfers.rules.art45_certified_importers import certified, never_listed
from transfers.standing import Ground, Slice
from transfers.statements import informs, refuses, warns
from transfers.vocabulary import BindingLaw, ImporterKind, Regime, Verdict
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
UNDER_CHALLENGE: Final = warns("adequacy_under_challenge", "45", "In force, but under attack: {0.event}.")
SENSITIVE: Final = {
    "sensitive_opt_in": warns(
        "sensitive_opt_in", "45", "Special categories: the Choice Principle asks the importer for an opt-in."
    ),
    "flag_sensitive_to_importer": warns(
        "flag_sensitive_to_importer", "45", "Special categories: flag them as sensitive to the importer."
    ),
}
INCORPORATION_PENDING: Final = informs(
    "eea_incorporation_pending",
    "45",
    "{0.title}: not known to be in the EEA Agreement yet; by default the EFTA states apply the act at once.",
)
HOST_STATE: Final = refuses(
    "no_adequacy", "45", "A decision for the host state names states, not the organisations seated in them."
)
ASK_WHICH_LAW: Final = {
    BindingLaw.PIPEDA: "Does PIPEDA bind you for this processing?",
    BindingLaw.APPI: "Are you a business operator under the APPI that applies the Supplementary Rules?",
    BindingLaw.LGPD: "Does the LGPD bind you for this processing?",
    BindingLaw.QUEBEC_LAW_25: "Does Quebec's Act on private sector data (Law 25) bind you for this processing?",
}


def adequacy(case: Case) -> Rung:
    """Article 45(1): a transfer that a decision covers needs no specific authorisation."""
    if case.is_organisation:
        return _organisation(case)
    return _country(case, case.place)


def _country(case: Case, place: Slice) -> Rung:
    best: Rung | None = None
    for ground in place.grounds:
        rung = _ground(case, ground)
        if best is None or rung.state < best.state:
            best = rung
    return best or Rung(Verdict.COVERED_BY_ADEQUACY, FAILS, place.absent)


def _organisation(case: Case) -> Rung:
    """An international organisation is its host state for no list: it needs a decision of its own.

    Where the host has an unconditional decision or entry, whether that reaches the organisation is
    argued (headquarters agreements, immunities): a review. A host in the regime's own territory, or
    one whose decision covers only certain importers, gives no such argument.
    """
    own = case.law.organisation(case.asked, case.importer.organisation).on(case.day)
    rung = _country(case, own)
    if rung.state != FAILS:
        return rung
    for ground in case.place.grounds:
        record = ground.record
        if record is None or record.conditional:
            continue
        hosted = _ground(case, ground)
        if hosted.state <= FAILS_ARGUABLY:
            weighing = Weighing(case)
            weighing.disputed("host-state", HOST_STATE)
            return Rung(Verdict.COVERED_BY_ADEQUACY, weighing.state, (*rung.findings, *weighing.findings))
    return rung


def _ground(case: Case, ground: Ground) -> Rung:
    record = ground.record
    if record is None:
        return Rung(Verdict.COVERED_BY_ADEQUACY, ground.state, (*ground.if_fails, *ground.doubts))
    if not record.conditional and not record.carve_out and not record.excluded_areas:
        state = ground.state
        findings: list[Finding] = []
        missing: tuple[Missing, ...] = ()
    else:
        weighing = Weighing(case, "importer")
        scope(weighing, record)
        if weighing.state == FAILS:
            why = (*ground.if_fails, *weighing.findings)
            return Rung(Verdict.COVERED_BY_ADEQUACY, FAILS, why)
        if record.regime is not case.regime:
            # An EU decision that a list may have taken over since: with which scope nobody knows.
            weighing = Weighing(case, "importer")
        state = max(weighing.state, ground.state)
        findings = weighing.findings
        missing = tuple(weighing.missing)
    if state <= HOLDS_ARGUABLY:
        findings[:0] = ground.if_holds
        findings.extend(ground.doubts)
        _duties(case, record, findings)
    elif ground.state == FAILS_ARGUABLY:
        findings.extend(ground.if_fails)
        findings.extend(ground.doubts)
    return Rung(Verdict.COVERED_BY_ADEQUACY, state, findings, missing, None, record.id)


def scope(weighing: Weighing, record: Adequacy) -> None:
    """Whom and what the decision covers: the record's own conditions, in order."""
    case = weighing.case
    importer = case.importer
    if record.public_bodies == "outside" and importer.kind is ImporterKind.PUBLIC:
        weighing.fails(SCOPE_EXCLUDED, record)
        if record.certifications:
            never_listed(weighing)
        return
    if importer.area is not None and importer.area in record.excluded_areas:
        weighing.fails(SCOPE_EXCLUDED, record)
        return
    if record.automated_only and not case.data.automated_processing:
        weighing.fails(SCOPE_EXCLUDED, record)
        return
    for carve in record.carve_out:
        carve_out(weighing, record, carve)
        if weighing.state == FAILS:
            return
    if record.subject_to:
        bound_by_law(weighing, record)
    if record.certifications and weighing.state != FAILS:
        certified(weighing, record)


def carve_out(weighing: Weighing, record: Adequacy, carve: CarveOut) -> None:
    """A carve-out needs all its members: sector and purpose, sector and kind of data.

    One on record and another absent is unknown; none on record is the ordinary case. An importer
    recorded as bound by the decision's law is taken at its word where the carve-out says so.
    """
    case = weighing.case
    if carve.data is None and case.data.purpose is None and case.importer.sector is None:
        return  # the ordinary case, told first because it is by far the most frequent
    if carve.last_day is not None and case.day > carve.last_day:
        return
    if carve.unless_bound and any(_is_bound(case, law) for law in record.subject_to):
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
    """A decision for importers under a named law: bound is in, not bound is out, absent is unknown.

    Canada: a public body whose law is not on record is out; in provinces whose own law replaces
    PIPEDA the reach of the EU decision is argued; Annex 1 of the Swiss ordinance also names the acts
    of some provinces, for which no fact is kept save Quebec's.
    """
    case = weighing.case
    importer = case.importer
    bound = [_is_bound(case, law) for law in record.subject_to]
    if True in bound:
        return
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


def _duties(case: Case, record: Adequacy, findings: list[Finding]) -> None:
    """What a covered transfer still asks for, and what may end the cover."""
    for challenge in case.law.challenges.get(record.id, ()):
        if challenge.covers(case.day):
            findings.append(case.law.cite(UNDER_CHALLENGE, case.book, challenge))  # noqa: PERF401 - one at most
    if record.sensitive is not None and case.data.special_categories:
        findings.append(SENSITIVE[record.sensitive].under(case.book))
    if record.regime is Regime.EU_GDPR and case.exporter.country in _EFTA and _pending(record, case.day):
        findings.append(case.law.cite(INCORPORATION_PENDING, case.book, record))


_EFTA: Final = frozenset({"IS", "LI", "NO"})


def _pending(record: Adequacy, day: date) -> bool:
    """The EEA EFTA states apply an act at once unless they decide otherwise, so this only informs.

    It is shown until the day on which the Joint Committee's decision took effect, where known; else
    for twelve months from the act on which the day rests. How long it ought to be shown for an act
    never found incorporated is open.
    """
    if record.eea_known_from is not None:
        return day < record.eea_known_from
    act = record.first_day
    for phase in record.phase:
        if phase.first_day <= day <= phase.last_day:
            act = phase.act_of
    return day < act.replace(year=act.year + 1, day=min(act.day, 28))


def unknown_place(case: Case) -> list[Rung]:
    """A withdrawn code that became several: what any of them would give is possible, none is met."""
    weighing = Weighing(case, "importer")
    successors = ", ".join(codes.countries()[case.importer.country].became)
    weighing.lacks("country", f"Which of {successors or 'the member states'} is meant?")
    return [Rung(verdict, UNKNOWN, (), weighing.missing) for verdict in case.place.maybe]
