"""From a text to its reading."""

import re
from functools import lru_cache

from transfers.places.clauses import Clause, clauses
from transfers.places.cleaning import QUESTION, plain
from transfers.places.exceptions import set_aside
from transfers.places.found import FoundGroup, Gathered
from transfers.places.lexicon import Lexicon, load
from transfers.places.readings import Doubt, PlaceCode, Reading, Status
from transfers.places.runs import OPEN, RunReader
from transfers.places.tokens import tokens

_AZURE = re.compile(r"\bazure\b", re.IGNORECASE)
_TWO_LETTERS = re.compile(r"^[A-Za-z]{2}$")
_SEVERITY = (Status.AMBIGUOUS, Status.UNKNOWN, Status.UNBOUNDED)


@lru_cache(maxsize=4096)
def resolve(text: str) -> Reading:
    """Read a text about places.

    `resolved` means that all of the text is read. Whatever is not read, can be read in two ways or is no
    bounded set of countries is a doubt that `note` names; the places given beside it are certain.
    """
    return _reading(text, gather(text))


def gather(text: str) -> Gathered:
    """What the text says, before it is judged as a whole."""
    lexicon = load()
    bare, doubts = plain(text)
    gathered = Gathered(doubts=list(doubts))
    if any(mark in bare for mark in lexicon.open_marks):
        gathered.doubts.append(OPEN)
    found = clauses(tokens(_alone(_with_azure(bare, lexicon))), lexicon)
    read = [
        (clause, _read_clause(clause, found[number + 1 : number + 2], lexicon))
        for number, clause in enumerate(found)
        if not _points_elsewhere(clause, lexicon)
    ]
    if read:
        set_aside(bare, read, lexicon)
    for _, part in read:
        gathered.merge(part)
    if QUESTION in doubts:
        gathered.places.clear()
        gathered.groups.clear()
    return gathered


def says_nothing(text: str) -> bool:
    """Whether a text only says that no place is given: "N/A", "none", "-", "to be confirmed"."""
    bare, _ = plain(text)
    if len(bare.strip()) == len("NO") and bare.strip().isupper():
        return False
    words = [token.word for token in tokens(bare) if token.raw[0].isalnum()]
    return " ".join(words) in load().nothing


def _alone(text: str) -> str:
    """A cell that is nothing but a two-letter code is one in any case, unless it is a word."""
    code = text.strip()
    if _TWO_LETTERS.match(code) and code.lower() not in load().two_letter_words:
        return code.upper()
    return text


def _with_azure(text: str, lexicon: Lexicon) -> str:
    """Beside the word Azure, "West Europe" is the region and no part of the world."""
    if not _AZURE.search(text):
        return text
    for name, code in lexicon.azure.items():
        text = re.sub(name.replace(" ", r"\s+"), code, text, flags=re.IGNORECASE)
    return text


def _read_clause(clause: Clause, following: tuple[Clause, ...], lexicon: Lexicon) -> Gathered:
    read = Gathered()
    last = Gathered()
    for run in clause.runs:
        last = RunReader(lexicon).read(run)
        read.merge(last)
    if clause.end in (":", "·") and following:
        _explain_label(last, following[0], lexicon)
        if clause.end == ":":
            read.unknown.clear()
    for words in read.unknown:
        read.doubts.append(Doubt(Status.UNKNOWN, f"“{words}” is not understood"))
    return read


def _explain_label(label: Gathered, following: Clause, lexicon: Lexicon) -> None:
    """As in "EU · Germany, Belgium": a group as a label stands for the places behind it."""
    ahead = RunReader(lexicon).read(following.runs[0])
    if label.places or not ahead.places:
        return
    first = ahead.places[0].country
    for group in label.groups:
        members = lexicon.members.get(group.code) or frozenset()
        if first in members or (not members and group.code not in ("GLOBAL", "CUSTOMER_SELECTED")):
            group.explained = True


def _points_elsewhere(clause: Clause, lexicon: Lexicon) -> bool:
    """A sentence such as "The list of locations can be found at …" names no place itself."""
    words = tuple(
        word for item in clause.runs[0].segments[0].items for word in item.word.split() if item.inner is None
    )
    return any(words[: len(pointer)] == pointer for pointer in lexicon.pointers) and not _names_place(
        clause, lexicon
    )


def _names_place(clause: Clause, lexicon: Lexicon) -> bool:
    read = [RunReader(lexicon).read(run) for run in clause.runs]
    return any(part.places or part.groups for part in read)


def _reading(text: str, gathered: Gathered) -> Reading:
    places = _distinct([code for found in gathered.places if (code := found.code()) is not None])
    doubts = list(gathered.doubts)
    doubts.extend(_open_group(group) for group in gathered.groups if not group.explained)
    if not places and not doubts:
        doubts.append(Doubt(Status.UNKNOWN, "it names no place that is known"))
    status = next((s for s in _SEVERITY if any(doubt.status is s for doubt in doubts)), Status.RESOLVED)
    return Reading(
        text=text,
        status=status,
        places=places,
        groups=tuple(dict.fromkeys(group.code for group in gathered.groups)),
        note="; ".join(dict.fromkeys(doubt.note for doubt in doubts)) or None,
    )


def _open_group(group: FoundGroup) -> Doubt:
    if group.code in ("EU", "EEA"):
        note = f"{group.code} is a group of countries, not one of them"
    elif group.code == "CUSTOMER_SELECTED":
        note = "the customer selects the place"
    elif group.code == "GLOBAL":
        note = "it names no bounded set of countries"
    else:
        note = f"{group.code.replace('_', ' ')} is no bounded set of countries"
    return Doubt(Status.UNBOUNDED, note)


def _distinct(places: list[PlaceCode]) -> tuple[PlaceCode, ...]:
    """Each place once; a bare country only where nothing finer is said of it."""
    finer = {place.country for place in places if place.subdivision or place.city or place.cloud_region}
    kept = [
        place
        for place in places
        if place.subdivision or place.city or place.cloud_region or place.country not in finer
    ]
    return tuple(dict.fromkeys(kept))
