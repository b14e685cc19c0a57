"""Clause 14 and C-311/18 Schrems II: the transfer impact assessment that the tools of Article 46 need."""

from typing import Final

from transfers.case import Case
from transfers.safeguards import Tia
from transfers.statements import informs, refuses, warns
from transfers.vocabulary import TiaOutcome
from transfers.weighing import Weighing

NEGATIVE: Final = refuses("tia_negative", "46", "The assessment shows no essentially equivalent protection.")
INEFFECTIVE: Final = refuses(
    "supplementary_measure_ineffective",
    "46",
    "No supplementary measure closes the gap (EDPB Recommendations 01/2020, use cases 6 and 7).",
)
EFFECTIVE: Final = informs(
    "supplementary_measure_effective",
    "46",
    "The assessment relies on supplementary measures (EDPB Recommendations 01/2020, use cases 1 to 5).",
)
NONE_ON_RECORD: Final = warns("tia_missing", "46", "No transfer impact assessment is on record.")
OUTDATED: Final = warns(
    "tia_outdated", "46", "The assessment is not later than a material change: {0.event}."
)


def assessed(weighing: Weighing, tia: Tia | None, *, only_warns: bool = False) -> None:
    """Due from the day of the judgment. Whether a tool without it is void or only breached is argued.

    The careful reading is that the tool carries the transfer, and the lack is a review. For an
    authorised administrative arrangement the lack only warns. An assessment completed after the day
    asked about counts as none.
    """
    case = weighing.case
    if case.day < case.law.assessment_due_from:
        return
    if tia is None or (tia.completed_on is not None and tia.completed_on > case.day):
        _lacking(weighing, only_warns=only_warns)
        weighing.says(NONE_ON_RECORD)
        return
    if tia.outcome is TiaOutcome.INADEQUATE:
        weighing.fails(NEGATIVE)
        weighing.says(INEFFECTIVE)
        return
    if tia.outcome is TiaOutcome.ADEQUATE_WITH_MEASURES:
        weighing.says(EFFECTIVE)
    _outdated(case, weighing, tia, only_warns=only_warns)


def _outdated(case: Case, weighing: Weighing, tia: Tia, *, only_warns: bool) -> None:
    """From a material change of the importer's law on, the assessment must be later than it; undated, it is older."""
    for change in case.law.changes.get(case.key, ()):
        if case.day >= change.first_day and (
            tia.completed_on is None or tia.completed_on <= change.first_day
        ):
            _lacking(weighing, only_warns=only_warns)
            weighing.says(OUTDATED, change)
            return


def _lacking(weighing: Weighing, *, only_warns: bool) -> None:
    if not only_warns:
        weighing.disputed("tia-missing")
