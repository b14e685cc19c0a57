"""Judges one transfer on one day: the rules in order, the ladder, the answer."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from msgspec import Struct

from transfers.case import Case
from transfers.facts import Facts, OnwardFrom
from transfers.findings import Assessment, Finding, Missing, ReliedOn
from transfers.ladder import FAILS, HOLDS, HOLDS_ARGUABLY, Outcome, Rung, climb
from transfers.law import Law
from transfers.rules import (
    art46_2_a_public_instrument,
    art46_2_c_standard_clauses,
    art46_2_d_authority_clauses,
    art46_2_e_code_of_conduct,
    art46_2_f_certification,
    art46_3_authorised,
    art47_binding_corporate_rules,
    art49_derogations,
)
from transfers.rules.art44_transfer import transfer
from transfers.rules.art45_adequacy import adequacy, unknown_place
from transfers.rules.onward_transfers import ADEQUATE, LISTED_IN_EEA, RECIPIENT_IN_EEA, onward, open_onwards
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
from transfers.standing import FIRST_DAY, LAST_DAY, require_reach
from transfers.statements import informs, refuses, warns
from transfers.turning import next_turning_days
from transfers.vocabulary import Regime, Upstream, Verdict
from transfers.weighing import Weighing

NO_MECHANISM: Final = refuses(
    "no_mechanism", "46", "No ground of Article 46 or 49 on record carries the transfer."
)
NOT_A_TOOL: Final = refuses("not_a_transfer_tool", "46", "What is recorded is no transfer tool.")
FALLBACK_RECOMMENDED: Final = warns(
    "fallback_recommended", "46", "The decision is under attack and no tool of Article 46 stands behind it."
)
IN_RESERVE: Final = informs("safeguard_in_reserve", "46", "This safeguard would carry the transfer as well.")


def _other(weighing: Weighing, _: Other) -> None:
    """Certificates of security, contracts without transfer clauses and the like carry nothing."""
    weighing.fails(NOT_A_TOOL)


Rule = Callable[[Weighing, Any], None]
RULES: Final[dict[type[Safeguard], Rule]] = {
    PublicInstrument: art46_2_a_public_instrument.public_instrument,
    Bcr: art47_binding_corporate_rules.binding_corporate_rules,
    Scc: art46_2_c_standard_clauses.standard_clauses,
    SupervisoryAuthorityScc: art46_2_d_authority_clauses.supervisory_authority_clauses,
    UkIdta: art46_2_d_authority_clauses.uk_idta,
    UkAddendum: art46_2_d_authority_clauses.uk_addendum,
    CodeOfConduct: art46_2_e_code_of_conduct.code_of_conduct,
    Certification: art46_2_f_certification.certification,
    AdHocClauses: art46_3_authorised.ad_hoc_clauses,
    AdministrativeArrangement: art46_3_authorised.administrative_arrangement,
    Derogation: art49_derogations.derogation,
    Other: _other,
}
"""Which rule judges which safeguard."""


def assess(facts: Facts, law: Law, day: date) -> Assessment:
    """Judge one transfer on one day; ``facts.as_of`` is the caller's to read.

    Raises ``UnsupportedError`` for a day that the law on record does not reach.
    """
    judgement = judge(facts, law, day)
    verdict = judgement.outcome.verdict
    for turn in next_turning_days(facts, law, day):
        if judge(facts, law, turn).outcome.verdict is not verdict:
            return answer(judgement, date.fromordinal(turn.toordinal() - 1))
    return answer(judgement, None)


class Judgement(Struct):
    """A case with its rungs in order and what the ladder made of them."""

    case: Case
    rungs: list[Rung]
    outcome: Outcome


def judge(facts: Facts, law: Law, day: date) -> Judgement:
    """Climb the ladder: transfer or not, adequacy, the tools of Articles 46 and 47, then Article 49."""
    if not FIRST_DAY <= day <= LAST_DAY:
        require_reach(day)
    case = Case(facts, law, day)
    first = transfer(case)
    rungs = [first]
    is_onward = facts.onward_from is not None and not facts.exporter.subject_to_regime
    if first.state != HOLDS:
        rung = adequacy(case)
        if case.place.maybe:
            rungs.extend(unknown_place(case))
        rungs.append(rung)
        if is_onward:
            _onward(case, rungs, rung)
        elif facts.safeguards:
            _safeguards(case, facts.safeguards, rungs)
    elif is_onward:
        first.findings = (*first.findings, RECIPIENT_IN_EEA.under(case.book))
    return Judgement(case, rungs, climb(rungs))


def _onward(case: Case, rungs: list[Rung], adequate: Rung) -> None:
    """Onward: a tool on record counts only where the upstream clauses say so, Clause 8.8."""
    facts = case.facts
    if adequate.state <= HOLDS_ARGUABLY:
        adequate.findings = (*adequate.findings, ADEQUATE.under(case.book))
        home = case.law.standing(Regime.EU_GDPR, case.key).on(case.day)
        if home.inside == HOLDS and not case.is_organisation:
            adequate.findings = (*adequate.findings, LISTED_IN_EEA.under(case.book))
    if facts.onward_from is None:
        return
    rungs.append(onward(case, facts.onward_from))
    if facts.onward_from.upstream is Upstream.SCC and facts.safeguards:
        _safeguards(case, facts.safeguards, rungs, facts.onward_from)


def _safeguards(
    case: Case, safeguards: Sequence[Safeguard], rungs: list[Rung], from_: OnwardFrom | None = None
) -> None:
    """In the order relied on, but Articles 46 and 47 before 49 whatever the order."""
    derogations: list[Rung] = []
    for index, safeguard in enumerate(safeguards):
        weighing = Weighing(case, f"safeguards[{index}]")
        kind = type(safeguard)
        RULES[kind](weighing, safeguard)
        if from_ is not None:
            open_onwards(weighing, safeguard, from_)
        if kind is Derogation:
            verdict, target = Verdict.COVERED_BY_DEROGATION, derogations
        else:
            verdict, target = Verdict.COVERED_BY_SAFEGUARD, rungs
        target.append(Rung(verdict, weighing.state, weighing.findings, weighing.missing, index))
    rungs.extend(derogations)


def answer(judgement: Judgement, valid_until: date | None) -> Assessment:
    """Word a judgement as an assessment."""
    case, outcome = judgement.case, judgement.outcome
    verdict = outcome.verdict
    review = verdict is Verdict.NEEDS_REVIEW
    return Assessment(
        verdict=verdict,
        as_of=case.day,
        regime=case.asked,
        relied_on=relied_on(outcome.carrying),
        conservative_verdict=outcome.conservative if review else None,
        alternative_verdicts=outcome.alternatives,
        findings=tuple(findings(judgement)),
        missing=_missing(judgement) if review else (),
        valid_until=valid_until,
        law_edition=case.law.edition,
    )


def relied_on(rung: Rung | None) -> ReliedOn | None:
    """Name what carries a transfer: ``rung`` is the one that does, and no ground is needed without a transfer."""
    if rung is None or rung.verdict is Verdict.NO_TRANSFER:
        return None
    if rung.verdict is Verdict.COVERED_BY_ADEQUACY:
        return ReliedOn(kind="adequacy", decision=rung.decision)
    if rung.index is None:
        return ReliedOn(kind="onward")
    if rung.verdict is Verdict.COVERED_BY_DEROGATION:
        return ReliedOn(kind="derogation", index=rung.index)
    return ReliedOn(kind="safeguard", index=rung.index)


def findings(judgement: Judgement) -> list[Finding]:
    """Return the reasoning, rung by rung, and what is to be said of the ladder as a whole."""
    case, outcome = judgement.case, judgement.outcome
    found: list[Finding] = []
    several = len(case.facts.safeguards) > 1
    carried = False
    for rung in judgement.rungs:
        if several and rung.index is not None:
            found.extend(_about(finding, rung.index) for finding in rung.findings)
            if carried and rung.state == HOLDS:
                found.append(_about(IN_RESERVE.under(case.book), rung.index))
        else:
            found.extend(rung.findings)
        carried = carried or rung is outcome.carrying
    if outcome.conservative is Verdict.NOT_COVERED and _nothing_on_record(judgement.rungs):
        found.append(NO_MECHANISM.under(case.book))
    decision = None if outcome.carrying is None else outcome.carrying.decision
    if decision is not None and decision in case.law.challenges:
        _recommend_fallback(judgement, decision, found)
    return found


def _about(finding: Finding, index: int) -> Finding:
    return Finding(
        code=finding.code,
        level=finding.level,
        article=finding.article,
        message=finding.message,
        sources=finding.sources,
        safeguard=index,
    )


_OF_ARTICLE_46_OR_49: Final = frozenset({Verdict.COVERED_BY_SAFEGUARD, Verdict.COVERED_BY_DEROGATION})


def _nothing_on_record(rungs: Sequence[Rung]) -> bool:
    return all(rung.state == FAILS for rung in rungs if rung.verdict in _OF_ARTICLE_46_OR_49)


def _recommend_fallback(judgement: Judgement, decision: str, found: list[Finding]) -> None:
    case = judgement.case
    for challenge in case.law.challenges[decision]:
        if challenge.covers(case.day):
            break
    else:
        return
    for rung in judgement.rungs:
        if rung.verdict is Verdict.COVERED_BY_SAFEGUARD and rung.state <= HOLDS_ARGUABLY:
            return
    found.append(FALLBACK_RECOMMENDED.under(case.book))


def _missing(judgement: Judgement) -> tuple[Missing, ...]:
    seen: dict[str, Missing] = {}
    for rung in judgement.rungs:
        if rung.state != FAILS:
            for missing in rung.missing:
                seen.setdefault(missing.fact, missing)
    return tuple(seen.values())
