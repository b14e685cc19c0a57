"""Article 46(2)(c): standard contractual clauses of the Commission, every set and every regime."""

from datetime import date
from typing import Final

from msgspec import UNSET, UnsetType

from transfers.ladder import FAILS, HOLDS, HOLDS_ARGUABLY
from transfers.records import Clauses, Use
from transfers.rules.clause9_sub_processors import authorised
from transfers.rules.clause14_transfer_impact_assessment import assessed
from transfers.safeguards import Scc
from transfers.statements import refuses, supports
from transfers.vocabulary import ClauseSet, Regime, Role
from transfers.weighing import Weighing

VALID: Final = supports("scc_valid", "46(2)(c)", "Standard clauses fit the roles and the day: {0.title}.")
IN_TRANSITION: Final = supports(
    "scc_old_transition", "46(2)(c)", "An older set carries the transfer until {1.rely_until}: {0.title}."
)
NOT_A_TOOL: Final = refuses(
    "not_a_transfer_tool", "46(2)(c)", "No transfer tool under this regime: {0.title}."
)
NOT_YET: Final = refuses(
    "scc_not_yet_in_force", "46(2)(c)", "The set cannot be used on that day yet: {0.title}."
)
ROLE: Final = refuses(
    "scc_role_not_supported", "46(2)(c)", "The set was not written for these roles: {0.title}."
)
MISMATCH: Final = refuses(
    "scc_module_mismatch",
    "46(2)(c)",
    "The module does not fit the roles: 1 is controller to controller, 2 controller to processor, "
    "3 processor to processor, 4 processor to its own controller.",
)
NOT_SIGNED: Final = refuses("scc_not_signed", "46(2)(c)", "The clauses are not signed.")
SIGNING_UNKNOWN: Final = refuses(
    "scc_not_signed", "46(2)(c)", "Whether and when the clauses were signed is not on record."
)
MODULE_UNKNOWN: Final = refuses(
    "scc_module_mismatch", "46(2)(c)", "That a module was signed which fits the roles is not on record."
)
DOCKING_UNKNOWN: Final = refuses(
    "not_party_to_clauses", "46(2)(c)", "Whether the importer could accede to the clauses is not on record."
)
CHANGE_UNKNOWN: Final = refuses(
    "scc_old_processing_changed",
    "46(2)(c)",
    "Whether the processing stayed unchanged after the set's last day for new contracts is not on record.",
)
NOT_PARTY: Final = refuses(
    "not_party_to_clauses", "46(2)(c)", "The importer is not bound by the clauses on that day."
)
TOO_LATE: Final = refuses(
    "scc_old_concluded_too_late",
    "46(2)(c)",
    "Signed after {1.conclude_until}, the set's last day: {0.title}.",
)
CHANGED: Final = refuses(
    "scc_old_processing_changed",
    "46(2)(c)",
    "The processing changed after the set's last day for new contracts (Decision 2021/914 Art 4(4), recital 24).",
)
EXPIRED: Final = refuses("scc_old_expired", "46(2)(c)", "The set no longer carries transfers: {0.title}.")
ANNEXES: Final = refuses("scc_annex_incomplete", "46(2)(c)", "The annexes are not known to be complete.")
MODIFIED: Final = refuses(
    "scc_modified", "46(2)(c)", "The clauses were changed in a way that contradicts them."
)
UNDER_GDPR: Final = refuses(
    "scc_importer_subject_to_gdpr",
    "46(2)(c)",
    "The importer is itself under the GDPR: recital 7 and Art 1(1) of Decision 2021/914 leave it out.",
)
UNADAPTED: Final = refuses("scc_swiss_adaptations_missing", "46(2)(c)", "The Swiss adaptations are missing.")

CONTROLLER_TO_CONTROLLER, CONTROLLER_TO_PROCESSOR, PROCESSOR_TO_PROCESSOR, TO_OWN_CONTROLLER = 1, 2, 3, 4


def standard_clauses(weighing: Weighing, clauses: Scc) -> None:
    """Article 46(2)(c): signed, complete and unchanged clauses of a set and module that fit.

    2021/915 are clauses for Article 28, not for transfers. Under UK law the set of 2021 is no tool
    without the Addendum.
    """
    case = weighing.case
    record = case.law.sets[clauses.set]
    use = case.law.uses.get((case.regime, clauses.set))
    if use is None or record.roles == "none":
        weighing.fails(NOT_A_TOOL, record)
        return
    if case.day < record.first_day or case.day < use.first_day:
        weighing.fails(NOT_YET, record)
        return
    _roles(weighing, clauses, record)
    concluded(weighing, clauses.concluded_on)
    _acceded(weighing, clauses)
    if use.conclude_until is not None:
        _in_transition(weighing, clauses, record, use)
    if clauses.clauses_modified:
        weighing.disputed("scc-modified", MODIFIED)
    if clauses.set is ClauseSet.SET_2021_914:
        _set_of_2021(weighing, clauses, use)
    authorised(weighing, clauses.sub_processor_authorisation)
    if not (clauses.set is ClauseSet.SET_2021_914 and clauses.module == TO_OWN_CONTROLLER):
        # Module 4 gives the data back to their controller: Clause 14 binds only data combined in the EU.
        assessed(weighing, clauses.tia)
    if weighing.state <= HOLDS_ARGUABLY:
        after = use.conclude_until is not None and case.day > use.conclude_until
        if after and clauses.set is not ClauseSet.SET_2002_16:
            weighing.says(IN_TRANSITION, record, use)
        else:
            weighing.says(VALID, record)


def _roles(weighing: Weighing, clauses: Scc, record: Clauses) -> None:
    """A set is for the roles that it was written for; joint controllers are controllers."""
    if record.roles == "modules":
        fitting_module(weighing, clauses.module)
        return
    exporter, importer = weighing.case.exporter.role, weighing.case.importer.role
    wants_processor = record.roles == "controller_to_processor"
    if exporter is Role.PROCESSOR or (importer is Role.PROCESSOR) != wants_processor:
        weighing.fails(ROLE, record)


def fitting_module(weighing: Weighing, module: int | None) -> None:
    """Modules follow the roles. For a processor towards a controller not its own none fits: a review."""
    case = weighing.case
    exporting_processor = case.exporter.role is Role.PROCESSOR
    importing_processor = case.importer.role is Role.PROCESSOR
    if exporting_processor and not importing_processor:
        _towards_controller(weighing, module)
        return
    if exporting_processor:
        fitting = PROCESSOR_TO_PROCESSOR
    else:
        fitting = CONTROLLER_TO_PROCESSOR if importing_processor else CONTROLLER_TO_CONTROLLER
    if module is None:
        weighing.lacks("module", "Which module of the clauses was signed?", MODULE_UNKNOWN)
    elif module != fitting:
        weighing.fails(MISMATCH)


def _towards_controller(weighing: Weighing, module: int | None) -> None:
    own = weighing.case.importer.is_exporters_controller
    if own is None:
        ask = "Is the importer the controller on whose behalf the exporter processes these data?"
        weighing.unknown("importer.is_exporters_controller", ask, MODULE_UNKNOWN)
    elif not own:
        weighing.disputed("scc-foreign-controller", MISMATCH)
    elif module is None:
        weighing.lacks("module", "Which module of the clauses was signed?", MODULE_UNKNOWN)
    elif module != TO_OWN_CONTROLLER:
        weighing.fails(MISMATCH)


def concluded(weighing: Weighing, concluded_on: date | None | UnsetType) -> None:
    """Signed on or before the day. Not signed is a review; a later signature binds nobody yet.

    A contract signed before its set's first day works from that day, so nothing is tested here.
    """
    if concluded_on is UNSET:
        weighing.lacks("concluded_on", "On which day were the clauses signed by both sides?", SIGNING_UNKNOWN)
    elif concluded_on is None:
        weighing.disputed("scc-not-signed", NOT_SIGNED)
    elif concluded_on > weighing.case.day:
        weighing.fails(NOT_PARTY)


def _acceded(weighing: Weighing, clauses: Scc) -> None:
    """Clause 7: a party that joins later is bound from its accession, under the docking clause."""
    if clauses.acceded_on is None:
        return
    if clauses.acceded_on > weighing.case.day:
        weighing.fails(NOT_PARTY)
    elif clauses.docking_clause is None:
        ask = "Do the clauses contain the docking clause (Clause 7) under which the importer acceded?"
        weighing.lacks("docking_clause", ask, DOCKING_UNKNOWN)
    elif not clauses.docking_clause:
        weighing.disputed("scc-accession-without-docking", NOT_PARTY)


def _in_transition(weighing: Weighing, clauses: Scc, record: Clauses, use: Use) -> None:
    """Old sets: signed by the last day, then relied on until the end while the processing is unchanged."""
    day = weighing.case.day
    if use.conclude_until is None:
        return
    if isinstance(clauses.concluded_on, date) and clauses.concluded_on > use.conclude_until:
        weighing.fails(TOO_LATE, record, use)
    if use.rely_until is not None and day > use.rely_until:
        weighing.fails(EXPIRED, record)
        return
    if day > use.conclude_until:
        if clauses.processing_unchanged is None:
            ask = "Has the processing under the clauses stayed unchanged since they could last be signed?"
            weighing.lacks("processing_unchanged", ask, CHANGE_UNKNOWN)
        elif not clauses.processing_unchanged:
            weighing.fails(CHANGED)
    if use.on_last_day is not None and day == use.rely_until:
        _boundary(weighing, use.on_last_day, record)
    if use.review_from is not None and use.review_point is not None and day >= use.review_from:
        _boundary(weighing, use.review_point, record)


def _boundary(weighing: Weighing, point: str, record: Clauses) -> None:
    """A last day, or a set whose end no act names: the open point says how it reads."""
    case = weighing.case
    state = case.law.reading(point, case.day, case.regime)
    if state > HOLDS_ARGUABLY:
        weighing.says(EXPIRED, record)
    weighing.state = max(weighing.state, state)
    if state not in {HOLDS, FAILS}:
        weighing.findings.append(case.law.doubt(point, case.book))


def _set_of_2021(weighing: Weighing, clauses: Scc, use: Use) -> None:
    """What only Decision 2021/914 asks: complete annexes, an importer outside the GDPR, Swiss adaptations."""
    if clauses.annexes_complete is None:
        weighing.lacks(
            "annexes_complete", "Are Annexes I to III of the clauses filled in and signed?", ANNEXES
        )
    elif not clauses.annexes_complete:
        weighing.disputed("scc-annexes-blank", ANNEXES)
    if weighing.case.regime is Regime.EU_GDPR and weighing.case.importer.subject_to.gdpr:
        weighing.disputed("scc-importer-under-gdpr", UNDER_GDPR)
    if use.swiss_adaptations:
        if clauses.swiss_adaptations is None:
            ask = "Do the clauses carry the Swiss adaptations (FDPIC as authority, references to the FADP)?"
            weighing.lacks("swiss_adaptations", ask, UNADAPTED)
        elif not clauses.swiss_adaptations:
            weighing.disputed("scc-swiss-adaptations", UNADAPTED)
