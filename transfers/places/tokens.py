"""Words, numbers and separators of a text."""

import re

from msgspec import Struct

from transfers.places.cleaning import folded

_TOKEN = re.compile(r"\d{1,3}/\d{1,3}[a-z]?\b|[^\W_]+(?:[.'&-][^\W_]+)*\.?|\n|[(),;:/&+|·•–—、，؛。.\[\]-]")

AND = frozenset(
    {
        "and",
        "or",
        "und",
        "oder",
        "et",
        "ou",
        "y",
        "e",
        "o",
        "og",
        "och",
        "en",
        "sowie",
        "및",
        "또는",
        "i",
        "oraz",
        "lub",
        "és",
        "eller",
        "tai",
        "ja",
        "와",
        "과",
    }
)
HARD = frozenset(";|\n·•。؛.")
COMMAS = frozenset(",、，")
SLASHES = frozenset("/+&")
LONGEST_ABBREVIATION = 3
LONGER_ABBREVIATIONS = frozenset(("excl", "exkl", "incl", "inkl", "approx"))


class Token(Struct, frozen=True):
    """A word as written and as compared, or a separator (which is its own folded form)."""

    raw: str
    word: str
    glued: bool
    """Nothing stands between it and the token before."""


def tokens(text: str) -> list[Token]:
    """Cut a plain text; a full stop is kept apart only where it ends something."""
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        raw = match.group()
        glued = match.start() == end and bool(found)
        end = match.end()
        if raw[0].isalnum():
            stop = raw.endswith(".") and _ends_sentence(raw, text[end : end + 2])
            bare = raw.removesuffix(".")
            found.append(Token(bare, folded(bare), glued))
            if stop:
                found.append(Token(".", ".", glued=True))
        else:
            found.append(Token(raw, "and" if raw == "&" else raw, glued))
    return found


def words_of(name: str) -> tuple[str, ...]:
    """A name as the sequence of folded tokens by which it is looked up."""
    return tuple(token.word for token in tokens(name) if token.word != ".")


def _ends_sentence(raw: str, following: str) -> bool:
    """Whether a full stop ends a sentence: not after an abbreviation such as "St." or "U.S."."""
    word = raw[:-1]
    if not following.strip():
        return len(word) > 1 or not following
    return (
        len(word) > LONGEST_ABBREVIATION
        and word.casefold() not in LONGER_ABBREVIATIONS
        and "." not in word
        and following[:1].isspace()
        and following[1:2].isupper()
    )
