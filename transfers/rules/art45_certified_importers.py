"""Article 45, decisions for importers on a list: the US frameworks and their UK and Swiss twins."""

from typing import Final

from transfers.case import Case
from transfers.facts import ListEntry
from transfers.ladder import HOLDS
from transfers.records import Adequacy
from transfers.statements import Statement, refuses
from transfers.vocabulary import CertificationStatus, CoveredData, Framework
from transfers.weighing import Weighing

NOT_CERTIFIED: Final = refuses(
    "not_certified", "45", "The importer is not on the list that the decision asks for."
)
NOT_ELIGIBLE: Final = refuses(
    "not_eligible", "45", "Such importers cannot join the list: no FTC or DoT jurisdiction, or a public body."
)
WRONG_FRAMEWORK: Final = refuses(
    "wrong_framework", "45", "The importer is certified under another framework only."
)
NOT_LISTED: Final = refuses("entity_not_listed", "45", "The list entry does not name this legal entity.")
LAPSED: Final = refuses("certification_lapsed", "45", "The list entry is inactive or has run out.")
HR_NOT_COVERED: Final = refuses(
    "dpf_hr_not_covered", "45", "HR data, and the list entry does not cover HR data."
)
ONLY_HR: Final = refuses(
    "not_certified", "45", "The list entry covers HR data only, and these are other data."
)
STATUS_UNKNOWN: Final = refuses(
    "adequacy_conditions_unknown", "45", "Whether the importer is on the list is not on record."
)

_ACTIVE: Final = frozenset(
    {CertificationStatus.ACTIVE, CertificationStatus.ACTIVE_RECERTIFICATION_UNDER_REVIEW}
)
_ASK: Final = (
    "Are you on the list under {0}, as this legal entity, with which status and which kinds of data?"
)


def never_listed(weighing: Weighing) -> None:
    """A public body is never on such a list, so that is firm even where nothing is on record."""
    weighing.fails(NOT_CERTIFIED)
    weighing.says(NOT_ELIGIBLE)


def certified(weighing: Weighing, record: Adequacy) -> None:
    """The importer must be on every list that the decision names (the UK asks for two).

    An ineligible sector only explains a missing entry; it does not undo one.
    """
    entries = weighing.case.importer.certifications
    if entries is None:
        fact = "importer.certifications"
        names = " and ".join(record.certifications)
        weighing.unknown(fact, _ASK.format(names), STATUS_UNKNOWN)
    else:
        for framework in record.certifications:
            _on_list(weighing, record, framework, entries)
            if weighing.state > HOLDS:
                break
    if weighing.state > HOLDS and weighing.case.importer.sector in record.not_eligible_sectors:
        weighing.says(NOT_ELIGIBLE)


def _on_list(
    weighing: Weighing, record: Adequacy, framework: Framework, entries: tuple[ListEntry, ...]
) -> None:
    """The best entry of a framework decides."""
    own = [(number, entry) for number, entry in enumerate(entries) if entry.framework is framework]
    if not own:
        weighing.fails(WRONG_FRAMEWORK if entries else NOT_CERTIFIED)
        return
    if len(own) == 1:
        _entry(weighing, record, *own[0])
        return
    best: Weighing | None = None
    for number, entry in own:
        alone = Weighing(weighing.case)
        _entry(alone, record, number, entry)
        if best is None or alone.state < best.state:
            best = alone
    if best is not None:
        weighing.adds(best)


def _entry(weighing: Weighing, record: Adequacy, number: int, entry: ListEntry) -> None:
    """One entry: it names the importer, is active on the day, and covers the kind of data.

    ``status`` is the status on the day asked about, and an inactive one beats the entry's dates.
    """
    case = weighing.case
    if not entry.names_importer:
        weighing.fails(NOT_CERTIFIED)
        weighing.says(NOT_LISTED)
        return
    refusal = _out_of_time(case, record, entry)
    if refusal is not None:
        weighing.fails(refusal)
        return
    if entry.status is None:
        fact = f"importer.certifications[{number}].status"
        weighing.unknown(fact, "Which status does your list entry show?", STATUS_UNKNOWN)
    _kind_of_data(weighing, entry)


def _out_of_time(case: Case, record: Adequacy, entry: ListEntry) -> Statement | None:
    if entry.status is not None and entry.status not in _ACTIVE:
        return LAPSED
    if entry.valid_until is not None and entry.valid_until < case.day:
        return LAPSED
    if entry.valid_from is not None and entry.valid_from > case.day:
        return NOT_CERTIFIED
    if record.list_open_from is not None and case.day < record.list_open_from:
        return NOT_CERTIFIED
    return None


def _kind_of_data(weighing: Weighing, entry: ListEntry) -> None:
    """An entry that does not say what it covers covers non-HR data only.

    What "HR data" are is argued for vendors: the US side means the organisation's own staff, EU
    authorities all employment data. Within the exporter's group both readings agree.
    """
    case = weighing.case
    covers = entry.covers if entry.covers is not None else (CoveredData.NON_HR,)
    if case.data.hr:
        if CoveredData.HR not in covers:
            if case.importer.group_company:
                weighing.fails(HR_NOT_COVERED)
            else:
                weighing.disputed("dpf-hr-data", HR_NOT_COVERED)
    elif CoveredData.NON_HR not in covers:
        weighing.fails(ONLY_HR)
