"""Words on pages: what the closed vocabularies are called, and which texts may be links."""

import re
from datetime import date
from uuid import UUID

from feeds import wording
from registry.errors import NotFoundError
from registry.resources.changes import Effect
from transfers.codes import countries
from transfers.vocabulary import Verdict

# What is not simply the value with spaces. Values of different vocabularies that are spelt alike mean alike.
NAMES: dict[str, str] = {
    Verdict.NO_TRANSFER: "no international transfer",
    Verdict.COVERED_BY_ADEQUACY: "adequacy decision",
    Verdict.COVERED_BY_SAFEGUARD: "appropriate safeguards",
    Verdict.COVERED_BY_DEROGATION: "derogation",
    Verdict.NOT_COVERED: "no valid mechanism",
    Verdict.NEEDS_REVIEW: "needs review",
    Effect.WIDENS: "widens the processing",
    Effect.NARROWS: "narrows the processing",
    Effect.WORDING: "wording only",
    "service_specific": "service-specific",
}
_WEB = re.compile("https?://[^/?#]", re.IGNORECASE)


def word(value: str) -> str:
    """Name a member of a closed vocabulary, beginning small."""
    return NAMES.get(value, value.replace("_", " ").replace("sub process", "sub-process"))


def short_day(value: date) -> str:
    """Write a day with three letters of its month, for narrow columns."""
    number, month, year = wording.day(value).split()
    return f"{number} {month[:3]} {year}"


def capital(text: str) -> str:
    """Let a text begin with a capital, and leave the rest of it alone."""
    return text[:1].upper() + text[1:]


def country(code: str) -> str:
    """Name a country; a code that is in no table stands for itself."""
    found = countries().get(code)
    return found.name if found else code


def is_web(address: str) -> bool:
    """Whether an address may be a link: anything but http and https is shown as text."""
    return _WEB.match(address) is not None


def identifier(text: str, what: str) -> UUID:
    """Read the id in a path; ``NotFoundError`` for what cannot be one."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError(f"There is no {what} {text!r} on the register.") from error


def count(number: int, what: str) -> str:
    """Say how many, as in "no planned change", "1 planned change", "2 planned changes"."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
