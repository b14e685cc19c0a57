"""What a difference means, decided by its effect in one table and never by its author.

Article 28(2) GDPR and the contracts give clients notice of what touches the people whose data it is.
Adding a sub-processor, use, place, kind of data or recipient, or weakening a safeguard, widens and
needs the full period. Ending or narrowing is told at once. Wording, contact, address line and link
alone are a correction. Where a difference cannot be shown to be harmless it counts as widening.
"""

import re
from itertools import zip_longest
from typing import Any

from registry.resources.changes import Effect, Notice
from registry.rules.patches import Document, Path, matches

WIDENS, NARROWS, WORDING = Effect.WIDENS, Effect.NARROWS, Effect.WORDING

# path: (added, removed, changed). The first pattern that fits decides; one that ends in `*` fits the
# key itself, any other also what lies below it.
TABLE: tuple[tuple[Path, Effect, Effect, Effect], ...] = (
    (("uses", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "type"), WORDING, WORDING, WORDING),
    (("uses", "*", "optional"), NARROWS, WIDENS, WIDENS),
    (("uses", "*", "services", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "services"), NARROWS, WIDENS, WIDENS),
    (("uses", "*", "data", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "data", "*", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "places", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "places", "*", "services", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "places", "*", "services"), NARROWS, WIDENS, WIDENS),
    (("safeguards", "*"), NARROWS, WIDENS, WIDENS),
    (("safeguards", "*", "reference"), WORDING, WORDING, WORDING),
    (("safeguards", "*", "evidenced_on"), NARROWS, WIDENS, WORDING),
    (("safeguards", "*", "tool", "tia"), NARROWS, WIDENS, WIDENS),
    (("obligations", "*"), NARROWS, WIDENS, WIDENS),
    (("agreement", "url"), WORDING, WORDING, WORDING),
    (("agreement",), NARROWS, WIDENS, WORDING),
    (("category",), WORDING, WIDENS, WIDENS),
    (("notice_days",), WORDING, WORDING, WORDING),
    (("product",), WORDING, WORDING, WORDING),
    (("summary",), WORDING, WORDING, WORDING),
    (("contacts", "*"), WORDING, WORDING, WORDING),
    (("links", "*"), WORDING, WORDING, WORDING),
    (("sub_processors_url",), WORDING, WORDING, WORDING),
    (("trading_name",), WORDING, WORDING, WORDING),
    (("address",), WORDING, WORDING, WORDING),
    (("website",), WORDING, WORDING, WORDING),
    (("registration_number",), WORDING, WORDING, WORDING),
    (("certifications", "*"), NARROWS, WIDENS, WIDENS),
    (("certifications", "*", "checked_on"), WORDING, WORDING, WORDING),
)

# Texts whose spelling may be corrected; other words in them may mean another thing.
SPELT: tuple[Path, ...] = (
    ("uses", "*", "purpose"),
    ("uses", "*", "data", "*", "text"),
    ("legal_name",),
)
PLACE_TEXT: Path = ("uses", "*", "places", "*", "text")


def effect(path: Path, old: Any, new: Any, *, place: Document | None = None) -> Effect:
    """What it means that the member at `path` goes from `old` to `new` (None: absent).

    `place` is the new document of the place, for the text of a place: it is an address line as long
    as the place is read into a code, which is compared by itself.
    """
    if matches(path, PLACE_TEXT):
        read = place is not None and (place.get("country") or place.get("group"))
        return WORDING if read else WIDENS
    if any(matches(path, text) for text in SPELT) and same_words(old, new):
        return WORDING
    for pattern, added, removed, changed in TABLE:
        fits = matches(path[: len(pattern)], pattern) if pattern[-1] != "*" else matches(path, pattern)
        if fits:
            return added if old is None else removed if new is None else changed
    return WIDENS


def same_words(old: Any, new: Any) -> bool:
    """Whether two texts are the same but for case, punctuation and slips of spelling.

    Word by word at most two letters differ (one in short words), so that a correction can mend
    "Infrastucture" but not turn "support" into "marketing".
    """
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    pairs = zip_longest(_words(old), _words(new))
    return all(
        before is not None and after is not None and _distance(before, after) <= _slips(before)
        for before, after in pairs
    )


def notice(effects: set[Effect]) -> Notice:
    """What is owed to clients for differences with these effects."""
    if WIDENS in effects:
        return Notice.FULL_PERIOD
    return Notice.AT_ONCE if NARROWS in effects else Notice.NONE


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _slips(word: str) -> int:
    """How many letters of a word may be wrong: short words mean another thing at once."""
    return min(2, len(word) // 4)


def _distance(one: str, other: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]
