"""Article 46(2)(a): a legally binding and enforceable instrument between public bodies."""

from datetime import date
from typing import Final

from msgspec import UNSET

from transfers.case import Case
from transfers.ladder import HOLDS_ARGUABLY
from transfers.safeguards import PublicInstrument
from transfers.statements import refuses, supports
from transfers.vocabulary import ExporterKind, ImporterKind
from transfers.weighing import Weighing

VALID: Final = supports(
    "public_instrument_valid", "46(2)(a)", "A binding instrument between the public bodies is in force."
)
NOT_FOR_PARTY: Final = refuses(
    "tool_not_available_to_party",
    "46(2)(a)",
    "Only public bodies and international organisations can use it.",
)
NOT_YET: Final = refuses("tool_not_yet_in_force", "46(2)(a)", "The instrument is not in force on that day.")
FORCE_UNKNOWN: Final = refuses(
    "tool_not_yet_in_force", "46(2)(a)", "Since when the instrument is in force is not on record."
)


def public_instrument(weighing: Weighing, instrument: PublicInstrument) -> None:
    """Article 46(2)(a): both parties public, the instrument in force; no assessment is asked for."""
    if not between_public_bodies(weighing.case):
        weighing.fails(NOT_FOR_PARTY)
    if instrument.in_force_from is UNSET:
        weighing.lacks("in_force_from", "Since which day is the instrument in force?", FORCE_UNKNOWN)
    elif not isinstance(instrument.in_force_from, date) or instrument.in_force_from > weighing.case.day:
        weighing.fails(NOT_YET)
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(VALID)


def between_public_bodies(case: Case) -> bool:
    """Public authorities and bodies, or an international organisation as the importer."""
    return case.exporter.kind is ExporterKind.PUBLIC and case.importer.kind is not ImporterKind.PRIVATE
