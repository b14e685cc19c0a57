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
from transfers.statements import informs, refuses, supports
from transfers.vocabulary import DerogationGround, Framework, Role, Upstream, Verdict
from transfers.weighing import Weighing

RECIPIENT_IN_EEA: Final = supports("recipient_in_eea", "44", "The onward recipient is inside the territory.")
LISTED_IN_EEA: Final = informs("recipient_in_eea", "45", "The onward recipient is inside the EEA.")
ADEQUATE: Final = supports(
    "onward_adequate_country", "46(2)(c)", "Onward to an adequate destination (Clause 8.8(i))."
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
    if not _received(case, from_):
        weighing.fails(UPSTREAM_GONE)
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


def open_onwards(weighing: Weighing, safeguard: Safeguard, module: int | None) -> None:
    """Clause 8.8(ii) to (iv): the tools of Articles 46 and 47, legal claims and vital interests.

    Between controllers explicit consent too (Clause 8.7(vi)); no other derogation under any module.
    """
    if not isinstance(safeguard, Derogation) or safeguard.ground in _ONWARD_GROUNDS:
        return
    if safeguard.ground is not DerogationGround.A:
        weighing.fails(NOT_ONWARD)
    elif module is None:
        ask = "Under which module of the clauses did the exporter receive the data?"
        weighing.unknown("onward_from.module", ask, CONSENT_ONLY_IN_MODULE_1)
    elif module != CONTROLLER_TO_CONTROLLER:
        weighing.fails(CONSENT_ONLY_IN_MODULE_1)


_ONWARD_GROUNDS: Final = frozenset({DerogationGround.E, DerogationGround.F})


def _received(case: Case, from_: OnwardFrom) -> bool:
    """Whether the exporter could have received the data under that ground on that day."""
    if from_.upstream is Upstream.SCC:
        return True
    place = case.law.standing(case.asked, codes.canonical(case.exporter.country)).on(case.day)
    if from_.upstream is Upstream.ADEQUACY:
        return place.inside == HOLDS or any(ground.state != FAILS for ground in place.grounds)
    return any(
        ground.record is not None and Framework.EU_US_DPF in ground.record.certifications
        for ground in place.grounds
    ) or any(
        ground.record is not None and Framework.SWISS_US_DPF in ground.record.certifications
        for ground in place.grounds
    )


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
