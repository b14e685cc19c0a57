"""A name that the list does not have any more, and one that may be its new one: asked, never decided.

A rename, or a vendor that was taken over by another, looks in a list like one that goes and one that comes.
Only a person knows; the reasons to ask are what the list and the register show.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import product

from msgspec import Struct

from registry.resources.imports import ImportQuestion
from registry.rules.imports.identities import Identities
from registry.rules.imports.names import key_of

SIMILAR = 0.8
"""From this similarity on (difflib's ratio) two names are asked about."""

DISTINCTIVE = 4
"""A word of fewer letters says too little of who somebody is."""

SPECIFIC = 3
"""A purpose of fewer words is one that many vendors have."""

SEVERAL = 3
"""What more than so many vendors have in common tells none of them."""

PAIRS_MAX = 250_000
"""Beyond so many pairs, only names that begin or end alike are compared letter by letter."""

_BEFORE = re.compile(
    r"\b(?:formerly|previously|former(?:ly known as)?|fka|f/k/a|now|acquired by|part of|renamed to"
    r"|ehemals|früher|anciennement)\b[\s:]*(?P<name>[^,;()\n]{2,80})",
    re.IGNORECASE,
)
# Words that many companies have in their names.
_COMMON = frozenset(
    (
        "cloud", "data", "digital", "global", "group", "international", "labs", "mobile", "online", "open",
        "platform", "security", "service", "services", "smart", "software", "solutions", "support", "systems",
        "technologies", "technology", "tools", "vendor", "company", "first", "united", "european", "american",
        "the",
    )
)  # fmt: skip


class Going(Struct, frozen=True, kw_only=True):
    """A sub-processor of the register that the list does not have."""

    name: str
    keys: tuple[str, ...]
    website: str | None
    purposes: frozenset[str]


class Coming(Struct, frozen=True, kw_only=True):
    """An entity of the list; `new`: the register does not have it."""

    name: str
    """Its cell on one line."""
    legal_name: str
    keys: tuple[str, ...]
    website: str | None
    purposes: frozenset[str]
    row: int
    new: bool


def questions(
    going: Sequence[Going], coming: Sequence[Coming], identities: Identities
) -> list[ImportQuestion]:
    """What to ask, in the order of the register, the best reason of each pair."""
    found: dict[tuple[int, int], str] = {}
    for reason, pairs in (
        ("the list says so in its name", _said(going, coming)),
        ("their names are spelled alike", _alike(going, coming)),
        ("one of the names is part of the other", _within(going, coming)),
        ("both have the same website", _same_website(going, coming)),
        ("nobody else has the purpose that both have, word for word", _same_purpose(going, coming)),
        ("their names begin with the same word", _same_beginning(going, coming)),
    ):
        for pair in pairs:
            found.setdefault(pair, reason)
    return [
        ImportQuestion(
            registered=going[at].name, listed=coming[to].legal_name, row=coming[to].row, reason=reason
        )
        for (at, to), reason in sorted(found.items())
        if not any(
            identities.of(one, other) is not None
            for one, other in product(going[at].keys, coming[to].keys)
            if one != other
        )
    ]


Pairs = Iterable[tuple[int, int]]


def _said(going: Sequence[Going], coming: Sequence[Coming]) -> Pairs:
    index = {key: at for at, one in enumerate(going) for key in one.keys}
    for to, other in enumerate(coming):
        for match in _BEFORE.finditer(other.name):
            at = index.get(key_of(match["name"]))
            if at is not None:
                yield at, to
    listed = {key: to for to, other in enumerate(coming) for key in other.keys}
    for at, one in enumerate(going):
        for match in _BEFORE.finditer(one.name):
            later = listed.get(key_of(match["name"]))
            if later is not None:
                yield at, later


def _alike(going: Sequence[Going], coming: Sequence[Coming]) -> Pairs:
    new = [(to, other) for to, other in enumerate(coming) if other.new]
    close: dict[str, list[tuple[int, Coming]]] | None = None
    if len(going) * len(new) > PAIRS_MAX:
        close = defaultdict(list)
        for to, other in new:
            for end in _ends(other.keys):
                close[end].append((to, other))
    for at, one in enumerate(going):
        matchers = [SequenceMatcher(None, b=key.replace(" ", "")) for key in one.keys]
        candidates = new
        if close is not None:
            near = {to: (to, other) for end in _ends(one.keys) for to, other in close.get(end, ())}
            candidates = list(near.values())
        for to, other in candidates:
            if any(_similar(matcher, key.replace(" ", "")) for matcher in matchers for key in other.keys):
                yield at, to


def _ends(keys: Iterable[str]) -> set[str]:
    bare = [key.replace(" ", "") for key in keys]
    return {f"^{key[:6]}" for key in bare} | {f"{key[-6:]}$" for key in bare}


def _similar(matcher: "SequenceMatcher[str]", name: str) -> bool:
    """The bounds are asked first: each is cheaper than the next, and never below it."""
    matcher.set_seq1(name)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= SIMILAR for bound in bounds)


def _within(going: Sequence[Going], coming: Sequence[Coming]) -> Pairs:
    """All words of one name, in their order, within the other, such as “Segment” in “Twilio Segment”."""
    ours, theirs = [one.keys for one in going], [other.keys for other in coming]
    for here, there, turned in ((ours, theirs, False), (theirs, ours, True)):
        index: dict[str, list[int]] = defaultdict(list)
        for number, keys in enumerate(here):
            for key in keys:
                if any(_is_distinctive(word) for word in key.split()):
                    index[key].append(number)
        for number, keys in enumerate(there):
            for key in keys:
                words = key.split()
                stretches = {
                    " ".join(words[start:end])
                    for start in range(len(words))
                    for end in range(start + 1, len(words) + 1)
                    if end - start < len(words)
                }
                for stretch in stretches:
                    for found in index.get(stretch, ()):
                        yield (number, found) if turned else (found, number)


def _same_website(going: Sequence[Going], coming: Sequence[Coming]) -> Pairs:
    return _shared(
        [{_host(one.website)} if one.website else set() for one in going],
        [{_host(other.website)} if other.website else set() for other in coming],
        most=SEVERAL,
    )


def _same_purpose(going: Sequence[Going], coming: Sequence[Coming]) -> Pairs:
    def specific(purposes: Iterable[str]) -> set[str]:
        return {purpose for purpose in purposes if len(purpose.split()) >= SPECIFIC}

    return _shared(
        [specific(one.purposes) for one in going],
        [specific(other.purposes) if other.new else set() for other in coming],
        most=1,
        elsewhere=[specific(other.purposes) for other in coming if not other.new],
    )


def _same_beginning(going: Sequence[Going], coming: Sequence[Coming]) -> Pairs:
    def first(keys: Iterable[str]) -> set[str]:
        words = {key.split()[0] for key in keys if " " in key}
        return {word for word in words if _is_distinctive(word)}

    return _shared(
        [first(one.keys) for one in going],
        [first(other.keys) if other.new else set() for other in coming],
        most=SEVERAL,
    )


def _shared(
    here: Sequence[set[str]],
    there: Sequence[set[str]],
    *,
    most: int,
    elsewhere: Sequence[set[str]] = (),
) -> Pairs:
    """The pairs that share something which at most so many of each side have, and none `elsewhere`."""
    having: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, sets in ((0, here), (1, there)):
        for number, values in enumerate(sets):
            for value in values:
                having[value][side].append(number)
    others = set().union(*elsewhere) if elsewhere else set()
    for value, (left, right) in having.items():
        if max(len(left), len(right)) <= most and value not in others:
            yield from product(left, right)


def _is_distinctive(word: str) -> bool:
    return len(word) >= DISTINCTIVE and word not in _COMMON


def _host(url: str) -> str:
    host = url.partition("://")[2].partition("/")[0].partition("?")[0].casefold()
    return host.removeprefix("www.")
