"""Days as lists write them; what can be read in two ways is no day."""

import re
import unicodedata
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier janv enero",
            "february feb februar février févr fevrier febrero",
            "march mar märz mär maerz mars marzo",
            "april apr avril avr abril",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet juil julio",
            "august aug août aout agosto",
            "september sep sept septembre septiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre déc decembre diciembre",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{1,2}:\d{2}.*)?$")
_GERMAN = re.compile(r"^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$")
_SLASHES = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_DAY_FIRST = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?([^\W\d_]+)\.?,?\s+(?:de\s+)?(\d{4})$"
)
_MONTH_FIRST = re.compile(r"^([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_EAST_ASIAN = re.compile(r"^(\d{4})\s*[년年]\s*(\d{1,2})\s*[월月]\s*(\d{1,2})\s*[일日]$")
_LAST_MONTH = 12


def day_of(text: str) -> date | None:
    """The day that a text names; None where it names none, or could name two ("03/04/2026")."""
    written = unicodedata.normalize("NFKC", text).strip().rstrip(".").casefold()
    if match := _ISO.match(written) or _EAST_ASIAN.match(written):
        return _day(match[1], match[2], match[3])
    if match := _GERMAN.match(written):
        return _day(match[3], match[2], match[1])
    if match := _DAY_FIRST.match(written):
        return _day(match[3], str(_MONTHS.get(match[2], 0)), match[1])
    if match := _MONTH_FIRST.match(written):
        return _day(match[3], str(_MONTHS.get(match[1], 0)), match[2])
    return _with_slashes(written)


def _with_slashes(written: str) -> date | None:
    """Month or day first: told by a number that is no month."""
    match = _SLASHES.match(written)
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if first > _LAST_MONTH:
        return _day(match[3], match[2], match[1])
    return _day(match[3], match[1], match[2]) if second > _LAST_MONTH or first == second else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
