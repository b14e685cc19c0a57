"""Articles 46(2)(b) and 47: binding corporate rules, BCR-C and BCR-P."""

from datetime import date
from typing import Final

from msgspec import UNSET, UnsetType

from transfers.ladder import HOLDS_ARGUABLY
from transfers.rules.clause14_transfer_impact_assessment import assessed
from transfers.safeguards import Bcr
from transfers.standing import GDPR_DAY
from transfers.statements import Statement, refuses, supports, warns
from transfers.vocabulary import ApprovedUnder, BcrKind, Regime, Role
from transfers.weighing import Weighing

VALID: Final = supports(
    "bcr_valid", "47", "Approved binding corporate rules bind the importer and cover the data."
)
NOT_EEA: Final = refuses("bcr_not_eea_approved", "47", "The rules are not approved by an EEA authority.")
NOT_UK: Final = refuses("bcr_not_uk_approved", "47", "The rules are not approved by the UK Commissioner.")
NOT_YET: Final = refuses("bcr_not_yet_approved", "47", "The rules are not approved on that day.")
NOT_BOUND: Final = refuses(
    "bcr_importer_not_bound", "47", "The importer is not a bound member of the group on that day."
)
ENDED: Final = refuses("bcr_ended", "47", "The rules have ended.")
WRONG_TYPE: Final = refuses(
    "bcr_wrong_type",
    "47",
    "BCR-C are for the group's own data, BCR-P for data of controllers outside the group.",
)
DIRECT: Final = refuses(
    "bcr_p_direct_external", "47", "BCR-P used for a flow straight from a controller outside the group."
)
OUTSIDE: Final = refuses("tool_not_available_to_party", "47", "The exporter does not belong to the group.")
NOT_UPDATED: Final = warns("bcr_not_updated", "47", "Approved before the GDPR and not brought up to date.")
UPDATE_UNKNOWN: Final = refuses(
    "bcr_not_updated", "47", "Approved before the GDPR; whether brought up to date is not on record."
)
UPDATE_NOT_APPROVED: Final = refuses(
    "bcr_not_yet_approved",
    "47",
    "That the rules are approved as they must read since the GDPR is not on record.",
)
KIND_UNKNOWN: Final = refuses(
    "bcr_wrong_type", "47", "Whether the rules are of the kind that these data need is not on record."
)
APPROVAL_UNKNOWN: Final = refuses(
    "bcr_not_yet_approved", "47", "Whether and when the rules were approved is not on record."
)
BINDING_UNKNOWN: Final = refuses(
    "bcr_importer_not_bound", "47", "Since when the rules bind the importer is not on record."
)
EEA_UNKNOWN: Final = refuses(
    "bcr_not_eea_approved", "47", "That an EEA authority approved the rules is not on record."
)
UK_UNKNOWN: Final = refuses(
    "bcr_not_uk_approved", "47", "That the UK Commissioner approved the rules is not on record."
)


def binding_corporate_rules(weighing: Weighing, rules: Bcr) -> None:
    """Article 47: approved, in force, of the right kind, and binding on the importer on that day."""
    _approved(weighing, rules)
    _bound(weighing, rules)
    _kind(weighing, rules)
    if rules.ended_on is not None:
        if rules.ended_on < weighing.case.day:
            weighing.fails(ENDED)
        elif rules.ended_on == weighing.case.day:
            weighing.disputed("bcr-last-day")
    assessed(weighing, rules.tia)
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(VALID)


def _approved(weighing: Weighing, rules: Bcr) -> None:
    """By an authority of the regime: Swiss law takes approvals of the EEA and of the UK (FADP Art 16(2)(e)).

    A day of conclusion stands in for a day of approval that is not on record.
    """
    case = weighing.case
    if rules.approved_under is None:
        ask = "Which authority approved the rules, in the EEA or in the UK?"
        weighing.lacks("approved_under", ask, *_APPROVAL_OF[case.regime])
    elif case.regime is Regime.EU_GDPR and rules.approved_under is not ApprovedUnder.EU_GDPR:
        weighing.fails(NOT_EEA)
    elif case.regime is Regime.UK_GDPR and rules.approved_under is not ApprovedUnder.UK_GDPR:
        weighing.fails(NOT_UK)
    approved_on: date | None | UnsetType = rules.approved_on
    if approved_on is UNSET:
        approved_on = rules.concluded_on
    if approved_on is UNSET:
        weighing.lacks("approved_on", "On which day were the rules approved?", APPROVAL_UNKNOWN)
    elif not isinstance(approved_on, date) or approved_on > case.day:
        weighing.fails(NOT_YET)
    elif approved_on < GDPR_DAY <= case.day:
        _updated(weighing, rules)


_APPROVAL_OF: Final[dict[Regime, tuple[Statement, ...]]] = {
    Regime.EU_GDPR: (EEA_UNKNOWN,),
    Regime.UK_GDPR: (UK_UNKNOWN,),
    Regime.CH_FADP: (APPROVAL_UNKNOWN,),
}


def _updated(weighing: Weighing, rules: Bcr) -> None:
    """Article 46(5): rules of the Directive's days stay valid until amended; authorities ask for an update."""
    if rules.updated_to_gdpr is None:
        ask = "Have the rules been brought up to the GDPR, and when?"
        weighing.lacks("updated_to_gdpr", ask, UPDATE_UNKNOWN, UPDATE_NOT_APPROVED)
    elif not rules.updated_to_gdpr:
        weighing.disputed("bcr-not-updated", NOT_UPDATED)


def _bound(weighing: Weighing, rules: Bcr) -> None:
    """Article 47(1)(a): the importer is a bound member. Never bound is firm."""
    bound_from = rules.importer_bound_from
    if not weighing.case.importer.group_company:
        weighing.fails(NOT_BOUND)
    elif bound_from is UNSET:
        ask = "Since which day is the importer bound by the rules?"
        weighing.lacks("importer_bound_from", ask, BINDING_UNKNOWN)
    elif not isinstance(bound_from, date) or bound_from > weighing.case.day:
        weighing.fails(NOT_BOUND)


def _kind(weighing: Weighing, rules: Bcr) -> None:
    """BCR-C with an outside controller's data, BCR-P without one or to a controller: the wrong kind.

    An exporter not said to be outside the group counts as a member. On whose behalf the data are
    processed matters only where the exporter is a processor.
    """
    if rules.kind is None:
        ask = "Are the rules for controllers (BCR-C) or for processors (BCR-P)?"
        weighing.lacks("kind", ask, KIND_UNKNOWN)
    elif rules.kind is BcrKind.CONTROLLER:
        _for_controllers(weighing, rules)
    else:
        _for_processors(weighing, rules)


_ASK_FOR_WHOM: Final = "Are the data processed on behalf of a controller outside the group?"


def _for_controllers(weighing: Weighing, rules: Bcr) -> None:
    exporter = weighing.case.exporter
    if exporter.group_company is False:
        weighing.fails(OUTSIDE)
    if exporter.role is Role.PROCESSOR:
        if rules.on_behalf_of_external_controller is None:
            weighing.lacks("on_behalf_of_external_controller", _ASK_FOR_WHOM, KIND_UNKNOWN)
        elif rules.on_behalf_of_external_controller:
            weighing.fails(WRONG_TYPE)


def _for_processors(weighing: Weighing, rules: Bcr) -> None:
    exporter = weighing.case.exporter
    if weighing.case.importer.role is not Role.PROCESSOR:
        weighing.fails(WRONG_TYPE)
    elif exporter.role is Role.PROCESSOR:
        if exporter.group_company is False:
            weighing.fails(OUTSIDE)
        if rules.on_behalf_of_external_controller is None:
            weighing.lacks("on_behalf_of_external_controller", _ASK_FOR_WHOM, KIND_UNKNOWN)
        elif not rules.on_behalf_of_external_controller:
            weighing.fails(WRONG_TYPE)
    elif exporter.group_company is False:
        weighing.disputed("bcr-p-direct", DIRECT)
    else:
        weighing.fails(WRONG_TYPE)
