"""Onward transfers by an importer that is not itself under the regime.

The order is: back into the territory, then an adequate destination, then the contract that the
upstream ground asks for. No transfer impact assessment of the onward exporter is asked for here.
"""

from typing import Final

from transfers import codes
from transfers.case import Case
from transfers.facts import OnwardFrom
from transfers.ladder import FAILS, HOLDS, HOLDS_ARGUABLY, Rung
from transfers.rules.art46_2_c_standard_clauses import CONTROLLER_TO_CONTROLLER
from transfers.rules.clause9_sub_processors import UNAUTHORISED
from transfers.safeguards import Derogation, Safeguard
from transfers.standing import Ground
from transfers.statements import informs, refuses, supports
from transfers.vocabulary import ClauseSet, DerogationGround, Framework, Role, Upstream, Verdict
from transfers.weighing import Weighing

RECIPIENT_IN_EEA: Final = supports("recipient_in_eea", "44", "The onward recipient is inside the territory.")
LISTED_IN_EEA: Final = informs("recipient_in_eea", "45", "The onward recipient is inside the EEA.")
ADEQUATE: Final = supports(
    "onward_adequate_country",
    "46(2)(c)",
    "Onward to an adequate destination; the clauses of 2021 say so too (Clause 8.8(i)).",
)
FLOWDOWN: Final = supports(
    "onward_flowdown", "46(2)(c)", "The clauses are passed down by contract (Clauses 8.8 and 9(b))."
)
DPF_CONTRACT: Final = supports(
    "onward_dpf_contract",
    "45",
    "A contract under the Accountability for Onward Transfer Principle of the decision's Annex I.",
)
OWN_LAW: Final = supports(
    "onward_third_country_law",
    "45",
    "The onward rule of the adequate country's own law applies to the contract.",
)
NO_GROUND: Final = refuses(
    "onward_no_ground", "44", "The onward transfer has no ground: no contract is on record."
)
NOT_KNOWN_BOUND: Final = refuses(
    "onward_no_ground",
    "44",
    "There is a contract; that it binds the recipient as the ground asks under which the data came is not on record.",
)
UPSTREAM_GONE: Final = refuses(
    "onward_no_ground",
    "44",
    "The ground under which the exporter received the data does not exist on that day.",
)
OLDER_SET: Final = refuses(
    "onward_no_ground",
    "46(2)(c)",
    "Clauses 8.8 and 9 are those of the set of 2021; the older sets have rules of their own on passing data on.",
)
NOT_ONWARD: Final = refuses(
    "onward_no_ground",
    "46(2)(c)",
    "Clause 8.8 opens onward transfers to legal claims and vital interests only.",
)
CONSENT_ONLY_IN_MODULE_1: Final = refuses(
    "onward_no_ground",
    "46(2)(c)",
    "Explicit consent opens onward transfers under module 1 only (Clause 8.7(vi)).",
)
CBPR: Final = refuses(
    "onward_cbpr_insufficient",
    "45",
    "CBPR alone does not carry an onward transfer (Japan, Supplementary Rule 4).",
)


def onward(case: Case, from_: OnwardFrom) -> Rung:
    """The contract; absent counts as none. A lacking authorisation of the sub-processor only warns.

    Clause 8.8 wants the recipient bound by the clauses, and takes it as met by whoever keeps Clause 9(b): a
    written contract with in substance the same obligations, the rights of the persons as third parties
    included. A contract under Article 28(4) alone need not have these, so it is not yet one.
    """
    weighing = Weighing(case, "onward_from")
    _received(weighing, from_)
    if from_.contract is None:
        weighing.lacks("contract", _ASKS[from_.upstream], NOT_KNOWN_BOUND)
    elif not from_.contract:
        weighing.fails(NO_GROUND)
        if from_.upstream is Upstream.ADEQUACY and _only_cbpr(case):
            weighing.says(CBPR)
    if from_.contract is not False and from_.upstream is Upstream.ADEQUACY:
        # Which contract suffices is for the adequate country's own law to say.
        weighing.disputed("onward-own-rule")
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(_CARRIES[from_.upstream])
    if case.exporter.role is Role.PROCESSOR and not from_.authorised:
        # Article 28(2) and (4): a processor passes data on only as its controller authorised it.
        weighing.says(UNAUTHORISED)
    return Rung(Verdict.COVERED_BY_SAFEGUARD, weighing.state, weighing.findings, weighing.missing)


def open_onwards(weighing: Weighing, safeguard: Safeguard, from_: OnwardFrom) -> None:
    """Clause 8.8(ii) to (iv): the tools of Articles 46 and 47, legal claims and vital interests.

    Between controllers explicit consent too (Clause 8.7(vi)); no other derogation under any module.
    """
    _clauses_of_2021(weighing, from_)
    if not isinstance(safeguard, Derogation) or safeguard.ground in _ONWARD_GROUNDS:
        return
    if safeguard.ground is not DerogationGround.A:
        weighing.fails(NOT_ONWARD)
    elif from_.module is None:
        weighing.unknown("onward_from.module", _WHICH_MODULE, CONSENT_ONLY_IN_MODULE_1)
    elif from_.module != CONTROLLER_TO_CONTROLLER:
        weighing.fails(CONSENT_ONLY_IN_MODULE_1)


_ONWARD_GROUNDS: Final = frozenset({DerogationGround.E, DerogationGround.F})
_WHICH_MODULE: Final = "Under which module of the clauses of 2021 did the exporter receive the data?"


def _received(weighing: Weighing, from_: OnwardFrom) -> None:
    """Whether the exporter could have received the data under that ground on that day.

    A decision whose day of effect is not certain is no surer for whoever received data under it.
    """
    case = weighing.case
    if from_.upstream is Upstream.SCC:
        _clauses_of_2021(weighing, from_)
        return
    place = case.law.standing(case.asked, codes.canonical(case.exporter.country)).on(case.day)
    grounds = [ground for ground in place.grounds if ground.state != FAILS]
    if from_.upstream is Upstream.EU_US_DPF:
        grounds = [ground for ground in grounds if _by_framework(ground)]
    elif place.inside == HOLDS:
        return
    if not grounds:
        weighing.fails(UPSTREAM_GONE)
        return
    best = min(grounds, key=lambda ground: ground.state)
    weighing.state = max(weighing.state, best.state)
    if best.state > HOLDS_ARGUABLY:
        weighing.findings.extend(best.if_fails)
    weighing.findings.extend(best.doubts)


def _by_framework(ground: Ground) -> bool:
    record = ground.record
    return record is not None and not _FRAMEWORKS.isdisjoint(record.certifications)


_FRAMEWORKS: Final = frozenset({Framework.EU_US_DPF, Framework.SWISS_US_DPF})


def _clauses_of_2021(weighing: Weighing, from_: OnwardFrom) -> None:
    """Modules, and the clauses that open onward transfers, are those of Decision 2021/914 alone.

    Under UK law that set is a tool with the Addendum only, so from the Addendum's first day. Before, and while a
    contract on an older set could still be relied on, the data may have come under that: what it says on
    passing data on is an open point where no module is named.
    """
    case = weighing.case
    older = any(
        use.regime is case.regime and use.first_day <= case.day <= (use.rely_until or case.day)
        for use in case.law.records.use
        if ClauseSet.SET_2021_914 not in use.sets
    )
    if case.day >= case.law.modules_from[case.regime]:
        if older and from_.module is None:
            weighing.unknown("onward_from.module", _WHICH_MODULE, OLDER_SET)
    elif older and from_.module is None:
        weighing.disputed("onward-older-sets", OLDER_SET)
    else:
        weighing.fails(UPSTREAM_GONE)


def _only_cbpr(case: Case) -> bool:
    entries = case.importer.certifications or ()
    return any(entry.framework is Framework.APEC_CBPR for entry in entries)


_CARRIES: Final = {
    Upstream.SCC: FLOWDOWN,
    Upstream.EU_US_DPF: DPF_CONTRACT,
    Upstream.ADEQUACY: OWN_LAW,
}
CONTRACTS: Final = {
    Upstream.SCC: "contract that passes the standard contractual clauses on (Clauses 8.8 and 9(b))",
    Upstream.EU_US_DPF: "onward transfer contract under the Data Privacy Framework Principles",
    Upstream.ADEQUACY: "contract under the rule on onward transfers of the adequate country",
}
"""What carries an onward transfer, in the words of a list."""
_ASKS: Final = {
    Upstream.SCC: (
        "Are you bound by the standard contractual clauses under the module that fits, or by a written contract"
        " with the same obligations and the same rights of the persons (Clauses 3, 8.8 and 9(b))?"
    ),
    Upstream.EU_US_DPF: (
        "By which contract are you bound to at least the protection of the Data Privacy Framework Principles?"
    ),
    Upstream.ADEQUACY: "By which contract are you bound as the law of the country asks from which the data come on?",
}
