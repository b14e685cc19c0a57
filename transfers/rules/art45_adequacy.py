"""Article 45: transfers on the basis of an adequacy decision, and whom each decision covers.

The scope of a decision is tested before its dates: an importer outside the scope is refused firmly,
even on days on which it is not certain that the decision applied.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from transfers import codes
from transfers.case import Case
from transfers.findings import Finding, Missing
from transfers.ladder import FAILS, FAILS_ARGUABLY, HOLDS_ARGUABLY, UNKNOWN, Rung
from transfers.records import Adequacy
from transfers.rules.art45_scope import scope
from transfers.standing import Ground, Slice, a_year_after
from transfers.statements import informs, refuses, warns
from transfers.vocabulary import Regime, Verdict
from transfers.weighing import Weighing

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
    for twelve months from the act on which the day rests, by the calendar: up to the day before the
    same date of the next year (an act of 29 February: before 28 February). How long it ought to be
    shown for an act never found incorporated is open.
    """
    if record.eea_known_from is not None:
        return day < record.eea_known_from
    act = record.first_day
    for phase in record.phase:
        if phase.first_day <= day <= phase.last_day:
            act = phase.act_of
    return day < a_year_after(act)


def unknown_place(case: Case) -> list[Rung]:
    """A withdrawn code that became several: what any of them would give is possible, none is met."""
    weighing = Weighing(case, "importer")
    weighing.lacks("country", which(codes.countries()[case.importer.country].became))
    return [Rung(verdict, UNKNOWN, (), weighing.missing) for verdict in case.place.maybe]


def which(successors: Sequence[str]) -> str:
    """What to ask about a code in whose place several have come."""
    return f"Which of {', '.join(successors) or 'the member states'} is meant?"
