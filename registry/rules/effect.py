"""What a difference means, decided by its effect in one table and never by its author.

Article 28(2) GDPR and the contracts give clients notice of what touches the people whose data it is.
Adding a sub-processor, use, place, kind of data or recipient, or weakening a safeguard, widens and
needs the full period. Ending or narrowing is told at once. Wording, contact, address line and link
alone are a correction. Where a difference cannot be shown to be harmless it counts as widening.
"""

import re
import unicodedata
from itertools import zip_longest
from typing import Any

from registry.resources.changes import Effect, Notice
from registry.rules.patches import Document, Path, matches
from transfers.places import pieces

WIDENS, NARROWS, WORDING = Effect.WIDENS, Effect.NARROWS, Effect.WORDING

# path: (added, removed, changed). The first pattern that fits decides; one that ends in `*` fits the
# key itself, any other also what lies below it.
TABLE: tuple[tuple[Path, Effect, Effect, Effect], ...] = (
    (("uses", "*"), WIDENS, NARROWS, WIDENS),
    # The DPA's kind of sub-processor, which subscribers choose by: no wording, and told without a period.
    (("uses", "*", "type"), NARROWS, NARROWS, NARROWS),
    (("uses", "*", "optional"), NARROWS, WIDENS, WIDENS),
    (("uses", "*", "services", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "services"), NARROWS, WIDENS, WIDENS),
    (("uses", "*", "data", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "data", "*", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "places", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "places", "*", "services", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "places", "*", "services"), NARROWS, WIDENS, WIDENS),
    (("uses", "*", "places", "*", "regions", "*"), WIDENS, NARROWS, WIDENS),
    (("uses", "*", "places", "*", "regions"), NARROWS, WIDENS, WIDENS),
    (("safeguards", "*"), NARROWS, WIDENS, WIDENS),
    (("safeguards", "*", "reference"), WORDING, WORDING, WORDING),
    (("safeguards", "*", "evidenced_on"), NARROWS, WIDENS, WORDING),
    (("safeguards", "*", "tool", "tia"), NARROWS, WIDENS, WIDENS),
    (("obligations", "*"), NARROWS, WIDENS, WIDENS),
    (("agreement", "url"), WORDING, WORDING, WORDING),
    (("agreement", "concluded_on"), WORDING, WORDING, WORDING),
    (("agreement",), NARROWS, WIDENS, WIDENS),
    (("category",), WORDING, WIDENS, WIDENS),
    (("notice_days",), WORDING, WORDING, WORDING),
    (("product",), WORDING, WORDING, WIDENS),
    (("summary",), WORDING, WORDING, WORDING),
    (("contacts",), WORDING, WORDING, WORDING),
    (("links",), WORDING, WORDING, WORDING),
    (("sub_processors_url",), WORDING, WORDING, WORDING),
    (("trading_name",), WORDING, WORDING, WIDENS),
    (("address",), WORDING, WIDENS, WORDING),
    (("website",), WORDING, WORDING, WORDING),
    (("registration_number",), NARROWS, WIDENS, WIDENS),
    (("certifications", "*", "checked_on"), WORDING, WORDING, WORDING),
    (("certifications", "*"), NARROWS, WIDENS, WIDENS),
)

# Texts whose spelling may be corrected; other words in them may mean another thing.
SPELT: tuple[Path, ...] = (
    ("uses", "*", "purpose"),
    ("uses", "*", "data", "*", "text"),
    ("product",),
    ("legal_name",),
    ("trading_name",),
)
SPECIAL_CATEGORIES: Path = ("special_categories",)
ASSESSMENT: Path = ("safeguards", "*", "tool", "tia")
LONG_WORD = 8
SURE = 2
PLACE_TEXT: Path = ("uses", "*", "places", "*", "text")


def effect(path: Path, old: Any, new: Any, *, place: Document | None = None) -> Effect:
    """What it means that the member at `path` goes from `old` to `new` (None: absent).

    `place` is the new document of the place, for the text of a place.
    """
    if matches(path, PLACE_TEXT):
        return WORDING if _same_place(old, new, place) else WIDENS
    if any(matches(path, text) for text in SPELT) and same_words(old, new):
        return WORDING
    if path == SPECIAL_CATEGORIES and new is False and old is None:
        return NARROWS
    if matches(path, ASSESSMENT) and isinstance(new, dict) and new.get("outcome") == "inadequate":
        return WIDENS
    for pattern, added, removed, changed in TABLE:
        fits = matches(path[: len(pattern)], pattern) if pattern[-1] != "*" else matches(path, pattern)
        if fits:
            return added if old is None else removed if new is None else changed
    return WIDENS


def same_words(old: Any, new: Any) -> bool:
    """Whether two texts are the same but for case, punctuation, accents and slips in long words.

    A slip is one letter too few or too many, or two in the wrong order, behind the first two letters of a
    word of eight or more: enough to mend "Infrastucture", not to make "generic" of "genetic".
    """
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    pairs = zip_longest(_words(old), _words(new))
    return all(
        before is not None and after is not None and (before == after or _slip(before, after))
        for before, after in pairs
    )


def _same_place(old: Any, new: Any, place: Document | None) -> bool:
    """Whether two texts of a place are one address line: read as the same places, cities included.

    The code of the place is compared by itself; a text that is not read at all may hide any place.
    """
    if place is None or not (place.get("country") or place.get("group")):
        return False
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    before, after = ([(piece.place, piece.group) for piece in pieces(text)] for text in (old, new))
    return same_words(old, new) or (before == after and all(found != (None, None) for found in before))


def notice(effects: set[Effect]) -> Notice:
    """What is owed to clients for differences with these effects."""
    if WIDENS in effects:
        return Notice.FULL_PERIOD
    return Notice.AT_ONCE if NARROWS in effects else Notice.NONE


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(letter for letter in bare if not unicodedata.combining(letter)))


def _slip(one: str, other: str) -> bool:
    """Whether two long words differ by one letter added, left out, or swapped with its neighbour."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < LONG_WORD or shorter[:SURE] != longer[:SURE]:
        return False
    if len(longer) == len(shorter) + 1:
        return any(longer[:i] + longer[i + 1 :] == shorter for i in range(SURE, len(longer)))
    return len(longer) == len(shorter) and any(
        shorter[:i] + shorter[i + 1] + shorter[i] + shorter[i + 2 :] == longer
        for i in range(SURE, len(shorter) - 1)
    )
