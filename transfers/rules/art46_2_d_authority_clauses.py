"""Article 46(2)(d): clauses of a supervisory authority; in the UK the IDTA and the Addendum."""

from typing import Final

from transfers.ladder import FAILS, HOLDS_ARGUABLY
from transfers.rules.art46_2_c_standard_clauses import (
    NOT_SIGNED,
    TO_OWN_CONTROLLER,
    concluded,
    fitting_module,
)
from transfers.rules.clause14_transfer_impact_assessment import assessed
from transfers.safeguards import SupervisoryAuthorityScc, UkAddendum, UkIdta
from transfers.statements import refuses, supports
from transfers.vocabulary import ClauseSet
from transfers.weighing import Weighing

NOT_APPROVED: Final = refuses(
    "scc_sa_not_approved", "46(2)(d)", "The authority's clauses are not approved by the Commission."
)
APPROVAL_UNKNOWN: Final = refuses(
    "scc_sa_not_approved",
    "46(2)(d)",
    "No decision of the Commission that approves the authority's clauses is on record.",
)
NONE_KNOWN: Final = refuses(
    "scc_sa_not_known", "46(2)(d)", "No authority's clauses approved by the Commission are known to exist."
)
NOT_A_TOOL: Final = refuses(
    "not_a_transfer_tool", "46(2)(d)", "{0.title}: no transfer tool under this regime."
)
NOT_YET: Final = refuses("tool_not_yet_in_force", "46(2)(d)", "{0.title}: not before {0.first_day}.")
IDTA: Final = supports("idta_valid", "46(2)(d)", "The International Data Transfer Agreement is in place.")
ADDENDUM: Final = supports("addendum_valid", "46(2)(d)", "The Addendum to the clauses of 2021 is in place.")
WRONG_SET: Final = refuses(
    "not_a_transfer_tool", "46(2)(d)", "The Addendum completes the clauses of Decision 2021/914 only."
)
SET_UNKNOWN: Final = refuses(
    "not_a_transfer_tool", "46(2)(d)", "That the Addendum completes the clauses of 2021 is not on record."
)

__all__ = ("NOT_SIGNED", "supervisory_authority_clauses", "uk_addendum", "uk_idta")


def supervisory_authority_clauses(weighing: Weighing, approved: SupervisoryAuthorityScc) -> None:
    """Article 46(2)(d): none approved by the Commission is known, so a record of one is a review."""
    if approved.commission_approved is None:
        ask = "By which decision did the Commission approve the authority's clauses?"
        weighing.lacks("commission_approved", ask, APPROVAL_UNKNOWN)
    elif not approved.commission_approved:
        weighing.fails(NOT_APPROVED)
    if weighing.state != FAILS:
        if approved.commission_approved:
            weighing.says(APPROVAL_UNKNOWN)
        weighing.disputed("sa-clauses", NONE_KNOWN)


def uk_idta(weighing: Weighing, agreement: UkIdta) -> None:
    """DPA 2018 s 119A: the International Data Transfer Agreement, from 2022-03-21, under UK law only."""
    _is_tool(weighing, "uk_idta")
    concluded(weighing, agreement.concluded_on)
    assessed(weighing, agreement.tia)
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(IDTA)


def uk_addendum(weighing: Weighing, addendum: UkAddendum) -> None:
    """DPA 2018 s 119A: the Addendum, only with the clauses of 2021 and a module that fits the roles.

    Recital 7 of Decision 2021/914 limits the clauses under EU law, not under the Addendum.
    """
    _is_tool(weighing, "uk_addendum")
    concluded(weighing, addendum.concluded_on)
    if addendum.scc_set is None:
        ask = "Which set of the Commission's clauses does the Addendum complete?"
        weighing.lacks("scc_set", ask, SET_UNKNOWN)
    elif addendum.scc_set is not ClauseSet.SET_2021_914:
        weighing.fails(WRONG_SET)
    fitting_module(weighing, addendum.module)
    if addendum.module != TO_OWN_CONTROLLER:
        assessed(weighing, addendum.tia)
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(ADDENDUM)


def _is_tool(weighing: Weighing, name: str) -> None:
    case = weighing.case
    tool = case.law.tools[name]
    if case.regime not in tool.regimes:
        weighing.fails(NOT_A_TOOL, tool)
    if tool.first_day is not None and case.day < tool.first_day:
        weighing.fails(NOT_YET, tool)
