"""Names that hold the name of a place and are none: "55 Berlin Road", "Bank of Ireland", "New England"."""

import tomllib
from functools import cache
from itertools import pairwise

from msgspec import Struct

from transfers.places.clauses import Item, Segment
from transfers.places.cleaning import folded
from transfers.places.found import PLACES
from transfers.places.lexicon import Kind
from transfers.places.readings import Doubt, Status
from transfers.places.tables import DATA

LONGEST_CODE = 3
FARTHEST = 3
"""How many words before "Exchange" the place can stand: "London Stock Exchange"."""


class _Words(Struct, frozen=True):
    """The table of words that make such names; all folded."""

    streets_behind: frozenset[str]
    buildings_behind: frozenset[str]
    streets_before: frozenset[str]
    streets_before_joined: frozenset[str]
    joining: frozenset[str]
    new: frozenset[str]
    plain_of: frozenset[str]
    directions: frozenset[str]
    firms: frozenset[str]
    firms_before: frozenset[str]
    demonyms: frozenset[str]
    persons: frozenset[str]
    roles: frozenset[str]
    teams: frozenset[str]
    articles: frozenset[str]


def without_names(segments: tuple[Segment, ...], doubts: list[Doubt]) -> tuple[Segment, ...]:
    """The segments with the places in other names made plain names; adds the doubts that this leaves.

    A street may stand before the place in which it lies. A firm or a thing may lie anywhere, so that
    what stands beside it is not all there is to know.
    """
    read = [_Names(segment, doubts).read() for segment in segments]
    _teams_elsewhere(read, doubts)
    _named_elsewhere(read, doubts)
    for number in range(len(read) - 1):
        if _is_person(read[number + 1]) and any(is_place(item) for item in read[number].items):
            items = tuple(_as_name(item) for item in read[number].items)
            read[number] = Segment(items, read[number].dashed)
            doubts.append(_not_a_place(items, "may be the name of a person"))
    if any(_is_way(segment) for segment in read):
        doubts.append(
            Doubt(Status.AMBIGUOUS, "it speaks of a way from one place to another: name the places alone")
        )
    return tuple(read)


def street_words() -> frozenset[str]:
    """All words that make a street or a house of a name, folded."""
    words = _words()
    return words.streets_behind | words.buildings_behind | words.streets_before | words.streets_before_joined


def is_place(item: Item) -> bool:
    return item.kind in PLACES or item.kind in (Kind.GROUP, Kind.AMBIGUOUS)


class _Names:
    """Looks for such names in one segment."""

    def __init__(self, segment: Segment, doubts: list[Doubt]) -> None:
        self.segment = segment
        self.items = list(segment.items)
        self.doubts = doubts
        self.words = _words()

    def read(self) -> Segment:
        if len(self.items) > 1 and any(is_place(item) or item.is_unknown for item in self.items):
            for at in range(len(self.items)):
                self._street_behind(at)
            for at in range(len(self.items)):
                self._street_before(at)
                self._new(at)
                self._of(at)
                self._firm(at)
            self._unknown_behind()
        return Segment(tuple(self.items), self.segment.dashed)

    def _street_behind(self, at: int) -> None:
        """As in "55 Berlin Road": back to the number, or to the begin."""
        item = self.items[at]
        if item.word in self.words.streets_behind:
            start = at
            while start and self._is_of_name(self.items[start - 1]):
                start -= 1
            if start and self.items[start - 1].named:
                return
            self._name(start, at)
        elif item.word in self.words.buildings_behind and item.raw[:1].isupper():
            named = self._start_of_name(at)
            if named is not None and is_place(self.items[named]):
                self._name(named, at)

    def _start_of_name(self, at: int) -> int | None:
        """The nearest place, name or adjective of a place before a word, with at most a word or two between."""
        for start in range(at - 1, max(at - 1 - FARTHEST, -1), -1):
            item = self.items[start]
            if is_place(item) or item.named or item.word in self.words.demonyms:
                return start
            if not (item.raw[:1].isupper() and self._is_of_name(item)):
                return None
        return None

    def _street_before(self, at: int) -> None:
        item = self.items[at]
        joined = item.word in self.words.streets_before_joined
        if not joined and item.word not in self.words.streets_before:
            return
        if at and self.items[at - 1].named:
            return
        end = at + 1
        while end < len(self.items) and self.items[end].word in self.words.joining:
            end += 1
        if joined and end == at + 1 and not (item.word == "via" and item.raw[:1].isupper()):
            return
        if end < len(self.items) and is_place(self.items[end]):
            while end < len(self.items) and self._is_of_name(self.items[end]):
                end += 1
            self._name(at + 1, end)

    def _new(self, at: int) -> None:
        """As in "New England"."""
        item = self.items[at]
        if item.word in self.words.new and item.raw[:1].isupper() and self._place_at(at + 1):
            self._name(at, at + 2)

    def _of(self, at: int) -> None:
        """As in "Bank of Ireland" and "north of Germany"."""
        before = self.items[at]
        is_role = before.word in self.words.persons or before.word in self.words.roles
        makes_name = before.is_unknown or before.word in self.words.firms | self.words.directions or is_role
        if not makes_name or before.word in self.words.plain_of:
            return
        end = at + 1
        while end < len(self.items) and self.items[end].word in (*self.words.joining, "for"):
            end += 1
        if (end > at + 1 or is_role) and self._place_at(end) and (is_role or not before.is_plain_word):
            self._name(at, end + 1)
            self._doubt(at, end + 1, "is no name of a place")

    def _firm(self, at: int) -> None:
        """As in "Air France" and "Swiss Re"."""
        item = self.items[at]
        following = self.items[at + 1] if at + 1 < len(self.items) else None
        start = self._start_of_name(at)
        if not item.raw[:1].isupper():
            return
        if item.word in self.words.firms and start is not None:
            self._thing(start, at + 1)
        elif item.word in self.words.firms_before and following and is_place(following):
            self._thing(at, at + 2)
        elif item.word in self.words.firms and at and self.items[at - 1].is_unknown:
            self._name(at - 1, at + 1)
        elif item.word in self.words.firms_before | self.words.demonyms and following and _is_name(following):
            self._name(at, at + 2)

    def _thing(self, start: int, end: int) -> None:
        self._name(start, end)
        self._doubt(start, end, "is a firm or a thing rather than a place")

    def _unknown_behind(self) -> None:
        """As in "Bermuda Triangle": an unknown name directly behind a place."""
        if any(item.is_number or item.named for item in self.items):
            return
        for at in range(1, len(self.items)):
            one, other = self.items[at - 1], self.items[at]
            if is_place(one) and _is_name(other):
                self._name(at - 1, at + 1)
                self._doubt(at - 1, at + 1, "is not understood")

    def _place_at(self, at: int) -> bool:
        return at < len(self.items) and is_place(self.items[at])

    def _is_of_name(self, item: Item) -> bool:
        return item.inner is None and not item.is_number and not item.named

    def _name(self, start: int, end: int) -> None:
        if sum(is_place(item) for item in self.items[start:end]) > 1:
            self._doubt(start, end, "names more than one place, or a street")
        self.items[start:end] = [_as_name(item) for item in self.items[start:end]]

    def _doubt(self, start: int, end: int, why: str) -> None:
        self.doubts.append(_not_a_place(self.items[start:end], why))


def _named_elsewhere(read: list[Segment], doubts: list[Doubt]) -> None:
    """As in "Acme Berlin, Zurich": the name before a place may hold it, where the place behind is elsewhere."""
    for number, segment in enumerate(read):
        items = segment.items
        at = next(
            (at for at in range(1, len(items)) if is_place(items[at]) and _begins_name(items[at - 1])), 0
        )
        meaning = items[at].meaning
        if at and meaning and not any(item.is_number for item in items):
            near = set(meaning.candidates)
            others = {
                country
                for other in read[number + 1 :]
                for item in other.items
                if item.meaning and item.kind in PLACES
                for country in item.meaning.candidates
            }
            if others and not near & others:
                read[number] = Segment(tuple(_as_name(item) for item in items), segment.dashed)
                doubts.append(_not_a_place(items, "may be a name"))


def _teams_elsewhere(read: list[Segment], doubts: list[Doubt]) -> None:
    """As in "the India team in Ireland": for a place, but in another."""
    for number, segment in enumerate(read):
        items = list(segment.items)
        for at in range(1, len(items)):
            if items[at].word in _words().teams and is_place(items[at - 1]):
                others = [*items[at + 1 :], *(item for other in read[number + 1 :] for item in other.items)]
                if any(is_place(item) for item in others):
                    items[at - 1 : at + 1] = [_as_name(item) for item in items[at - 1 : at + 1]]
                    doubts.append(_not_a_place(items[at - 1 : at + 1], "may be for a place and in another"))
        read[number] = Segment(tuple(items), segment.dashed)


def _begins_name(item: Item) -> bool:
    return _is_name(item) or (item.word in _words().directions and item.raw[:1].isupper())


def _is_name(item: Item) -> bool:
    """An unknown word with a capital that is no code."""
    return (
        item.is_unknown
        and item.raw[:1].isupper()
        and not (item.raw.isupper() and len(item.raw) <= LONGEST_CODE)
    )


def _not_a_place(items: list[Item] | tuple[Item, ...], why: str) -> Doubt:
    words = " ".join(item.raw for item in items if item.inner is None)
    return Doubt(Status.UNKNOWN, f"“{words}” {why}: name the places alone")


def _as_name(item: Item) -> Item:
    return item if item.inner is not None or item.is_number else Item(item.raw, item.word, named=True)


def _is_person(segment: Segment) -> bool:
    words = _words()
    said = [item.word for item in segment.items if item.inner is None]
    return any(one in words.articles and other in words.persons for one, other in pairwise(said)) or (
        bool(said) and said[0] in words.persons
    )


def _is_way(segment: Segment) -> bool:
    """As in "from Berlin to Paris"."""
    said = [item.word for item in segment.items]
    return "from" in said and "to" in said[said.index("from") :] and any(map(is_place, segment.items))


@cache
def _words() -> _Words:
    tables: dict[str, str] = tomllib.loads((DATA / "names.toml").read_text("utf-8"))
    return _Words(**{name: frozenset(folded(word) for word in text.split()) for name, text in tables.items()})
