"""The parts of a text: clauses of runs of segments, with what stands in brackets inside them.

A clause ends at a line, a semicolon or a sentence; a run at "and", "or" or a slash; a segment at a comma
or a dash. Places in one run may belong together ("Paris, France"), those of two runs never do.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from transfers.places.lexicon import Kind, Lexicon, Meaning
from transfers.places.tokens import AND, COMMAS, HARD, SLASHES, Token

_NUMBER = re.compile(r"^[\w.'&/-]*\d[\w.'&/-]*$")
_REGION_CODE = re.compile(r"^[a-z]{2,14}-[a-z-]+-?\d{1,2}(-?[a-z])?$")
_PROVIDER = re.compile(r"^(?:aws|azure|gcp|google|amazon|oci|ibm|do)-")
_ZONE = re.compile(r"-?[a-z]$")
_POINT_CODE = re.compile(r"^[a-z]{3}\d{1,2}$")
# An address of the net, a code, or in Korean a part of an address: 강남구, 테헤란로.
# A code, or in Korean a part of an address: 강남구, 테헤란로.
_DOMAIN = re.compile(r"\w\.\w")
_NAMELIKE = re.compile(
    r"^\?|\w\.\w|\d|[\uac00-\ud7a3](?:시|도|군|구|읍|면|동|리|로|길|주|층|호|번지|번길|빌딩|타워)$"
)
_HANGUL = re.compile("[\uac00-\ud7a3]")
_PARTICLES = (
    "에서",
    "으로",
    "에",
    "로",
    "의",
    "및",
    "와",
    "과",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "내",
    "등",
)
DASHES = frozenset("-–—")
OPENING = frozenset("([")
CLOSING = frozenset(")]")
DEEPEST_BRACKET = 8
LONGEST_NAME = 12
"""Words in the longest name that the lexicon knows, and some."""


class Item(Struct, frozen=True):
    """A name with its meaning, a word or number without one, or a bracket with clauses of its own."""

    raw: str
    word: str = ""
    meaning: Meaning | None = None
    inner: "tuple[Clause, ...] | None" = None
    named: bool = False
    """It is part of the name of a street, a firm or a thing, whatever it means elsewhere."""

    @property
    def kind(self) -> Kind | None:
        return self.meaning.kind if self.meaning else None

    @property
    def is_number(self) -> bool:
        return self.meaning is None and self.inner is None and bool(_NUMBER.match(self.word))

    @property
    def is_unknown(self) -> bool:
        """A word that says we know not what."""
        return self.meaning is None and self.inner is None and not self.is_number

    @property
    def is_plain_word(self) -> bool:
        """An unknown word that is no name: without capitals, or of a script that has none."""
        return (
            self.is_unknown
            and not self.named
            and self.raw[:1].isalpha()
            and self.raw == self.raw.lower()
            and not _NAMELIKE.search(self.word)
            and not _DOMAIN.search(self.raw)
        )


class Segment(Struct, frozen=True):
    items: tuple[Item, ...]
    dashed: bool = False
    """A dash, not a comma, stands before it."""


class Run(Struct, frozen=True):
    segments: tuple[Segment, ...]


class Clause(Struct, frozen=True):
    runs: tuple[Run, ...]
    end: str = ""
    """What ends it: a line end, ";", "·", ":" or nothing."""


def is_numero(segment: Segment, at: int) -> bool:
    """As in "No. 5, Example Street": no refusal, but a number follows."""
    following = segment.items[at + 1 : at + 2]
    return segment.items[at].word == "no" and bool(following) and following[0].is_number


def clauses(found: list[Token], lexicon: Lexicon) -> tuple[Clause, ...]:
    """The structure of a text that has been cut into tokens."""
    reader = _Reader(found, lexicon)
    return reader.read(inside=False)


class _Builder:
    """Puts items into segments, segments into runs and runs into clauses, as separators end them."""

    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.runs: list[Run] = []
        self.segments: list[Segment] = []
        self.items: list[Item] = []
        self.dashed = False

    def end_by(self, token: Token) -> bool:
        """End what the separator ends; False if it is none."""
        if token.raw in HARD or token.raw == ":":
            self.end_clause(token.raw)
        elif token.raw in SLASHES or token.word in AND:
            self._end_run()
        elif token.raw in COMMAS or token.raw in DASHES:
            self._end_segment()
            self.dashed = token.raw in DASHES
        else:
            return False
        return True

    def end_clause(self, by: str) -> None:
        self._end_run()
        if self.runs:
            self.clauses.append(Clause(tuple(self.runs), by))
            self.runs = []

    def _end_run(self) -> None:
        self._end_segment()
        if self.segments:
            self.runs.append(Run(tuple(self.segments)))
            self.segments = []
        self.dashed = False

    def _end_segment(self) -> None:
        if self.items:
            self.segments.append(Segment(tuple(self.items), self.dashed))
            self.items = []


class _Reader:
    """One pass over the tokens; brackets are read by recursion, and no deeper than they are written."""

    def __init__(self, found: list[Token], lexicon: Lexicon) -> None:
        self.tokens = found
        self.lexicon = lexicon
        self.at = 0
        self.depth = 0

    def read(self, *, inside: bool) -> tuple[Clause, ...]:
        build = _Builder()
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            item, length = self._name()
            self.at += length or 1
            if item is not None:
                build.items.append(item)
            elif token.raw in OPENING:
                self._bracket(build.items)
            elif token.raw in CLOSING:
                if inside:
                    break
            elif self._is_code(token) or not build.end_by(token):
                build.items.extend(self._words(token))
        build.end_clause("")
        return tuple(build.clauses)

    def _is_code(self, token: Token) -> bool:
        """As in "Portland, OR": capitals behind a comma that join nothing are a code, not "or"."""
        if token.word not in AND or not token.raw.isupper() or token.raw == "&":
            return False
        if len(token.raw) == 1 and self.at == len(self.tokens):
            return True
        before = self.tokens[self.at - 2 : self.at - 1]
        behind = self.tokens[self.at : self.at + 1]
        ends = not behind or not behind[0].word[:1].isalpha() or behind[0].word in AND
        return bool(before) and before[0].raw in COMMAS and ends

    def _bracket(self, items: list[Item]) -> None:
        if self.depth >= DEEPEST_BRACKET:
            return
        self.depth += 1
        items.append(Item(raw="(", inner=self.read(inside=True)))
        self.depth -= 1

    def _name(self) -> tuple[Item | None, int]:
        """The longest name that begins here."""
        key: tuple[str, ...] = ()
        best: tuple[Meaning, int] | None = None
        for ahead in range(self.at, min(self.at + LONGEST_NAME, len(self.tokens))):
            key = (*key, self.tokens[ahead].word)
            if key not in self.lexicon.beginnings:
                break
            meaning = self.lexicon.names.get(key)
            if meaning is not None and self._is_written(meaning, ahead) and not self._is_cut(meaning, ahead):
                best = meaning, ahead - self.at + 1
        if best is None:
            return None, 0
        raw = " ".join(token.raw for token in self.tokens[self.at : self.at + best[1]])
        return Item(
            raw, " ".join(token.word for token in self.tokens[self.at : self.at + best[1]]), best[0]
        ), best[1]

    def _is_written(self, meaning: Meaning, last: int) -> bool:
        """Whether the case fits: "US" is a country, "us" a word, unless it is all there is."""
        first = self.tokens[self.at].raw
        bare = first.replace(".", "")
        if meaning.capital and last == self.at:
            return bare.isupper() or len(self.tokens) == 1
        if meaning.kind in (Kind.CITY, Kind.SUBDIVISION) and last == self.at:
            return not first[:1].islower() or len(self.tokens) == 1
        return True

    def _is_cut(self, meaning: Meaning, last: int) -> bool:
        """As in "UK/EU adequacy": behind a joint the group is a place of its own, and no part of a phrase."""
        if meaning.kind is not Kind.NOISE or last == self.at or not self.at:
            return False
        before, first = self.tokens[self.at - 1], self.lexicon.names.get((self.tokens[self.at].word,))
        joined = before.raw in SLASHES or before.word in AND
        return joined and first is not None and first.kind in (Kind.GROUP, Kind.COUNTRY)

    def _words(self, token: Token) -> Iterator[Item]:
        """A word that is no name by itself: its parts may be."""
        if _HANGUL.search(token.word):
            yield from self._korean(token)
            return
        names = self.lexicon.names
        if token.raw in self.lexicon.subdivisions:
            code = token.raw
            yield Item(code, token.word, Meaning(Kind.SUBDIVISION, country=code[:2], code=code, name=code))
            return
        if _REGION_CODE.match(token.word) or _POINT_CODE.match(token.word):
            bare = _PROVIDER.sub("", token.word)
            zone = names.get((bare,)) or names.get((_ZONE.sub("", bare),))
            if zone is not None and zone.kind is Kind.REGION:
                yield Item(token.raw, token.word, zone)
            else:
                yield Item(token.raw, f"?{token.word}")
            return
        parts = token.word.split("-")
        raws = token.raw.split("-")
        if len(parts) > 1 and len(parts) == len(raws) and any((part,) in names for part in parts):
            for raw, part in zip(raws, parts, strict=True):
                meaning = names.get((part,))
                written = meaning is not None and (not meaning.capital or raw.replace(".", "").isupper())
                yield Item(raw, part, meaning if written else None)
            return
        yield Item(token.raw, token.word)

    def _korean(self, token: Token) -> Iterator[Item]:
        """A Korean word: a name with particles behind it."""
        for length in range(len(token.word), 0, -1):
            meaning = self.lexicon.names.get((token.word[:length],))
            if meaning is not None and token.word[length:] in ("", *_PARTICLES):
                yield Item(token.raw[:length], token.word[:length], meaning)
                if token.word[length:] == "등":
                    yield Item("등", "등", self.lexicon.names[("등",)])
                return
        yield Item(token.raw, token.word)
