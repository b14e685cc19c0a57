"""Texts of a list as the register keeps them: one line, without what only a page needs."""

import re
import unicodedata
from functools import lru_cache

from transfers.places.cleaning import visible

KEY_MAX = 63
REMEMBERED = 32_768
"""Texts whose form for comparing is kept: more than the longest list has names."""

_MARKS = re.compile(r"(?<=[\w)\].])\s*(?:[*†‡]+|\[(?:\d{1,2}|[a-z])\]|[¹²³⁰⁴-⁹]+)(?=\s|$|,)")
_WORD = re.compile(r"[^\W_]+")


def one_line(text: str) -> str:
    """The text on one line, without tags, soft hyphens and double spaces."""
    if text.isascii() and "<" not in text and "&" not in text:
        return " ".join(text.split())
    return " ".join(visible(text).split())


def without_marks(text: str) -> str:
    """The text without the marks of footnotes."""
    return _MARKS.sub("", text).strip()


@lru_cache(REMEMBERED)
def folded(text: str) -> str:
    """A text as it is compared: words only, without case and accents."""
    if text.isascii():
        return " ".join(_WORD.findall(text.lower()))
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", bare)))


def slug(text: str, taken: set[str], fallback: str) -> str:
    """A permanent key made from a text, different from all that are taken; it is added to them."""
    ascii_only = folded(text).encode("ascii", "ignore").decode()
    base = "-".join(_WORD.findall(ascii_only))[: KEY_MAX - 4].strip("-") or fallback
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    taken.add(key)
    return key
