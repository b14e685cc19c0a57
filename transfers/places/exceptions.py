"""Refusals and exceptions: "outside the EU", "EU (not Ireland)", "all countries but China".

Which places are left is nobody's to guess: in a sentence that refuses or excepts, no place is certain, and
no group is anywhere in the text.
"""

from collections.abc import Iterator

from transfers.places.clauses import Clause, Item, Segment, is_numero
from transfers.places.codes import code_of
from transfers.places.found import PLACES, Gathered
from transfers.places.lexicon import Kind, Lexicon
from transfers.places.readings import Doubt, Status

BOUND = frozenset(("non",))
"""As an adjective ("non-EU") it refuses only the place that follows."""


def set_aside(text: str, read: list[tuple[Clause, Gathered]], lexicon: Lexicon) -> None:
    """Take out of what was read all that a refusal or an exception leaves uncertain."""
    mark = next((mark for mark in lexicon.negation_marks if mark in text), None)
    refusing = [(clause, refusal(clause, lexicon)) for clause, _ in read]
    first = mark or next((found for _, found in refusing if found), None)
    if first is None and not any(_is_adjective(clause, lexicon) for clause, _ in read):
        return
    everything = mark is not None or any(
        found and not any(_countries(clause)) and not _names_group(clause) for clause, found in refusing
    )
    excluded = {country for clause, found in refusing if found for country in _countries(clause)}
    carried = False
    for (_, gathered), (clause, found) in zip(read, refusing, strict=True):
        if everything or carried or found:
            gathered.places.clear()
        gathered.places[:] = [place for place in gathered.places if place.country not in excluded]
        gathered.groups.clear()
        carried = carried or bool(found and (clause.end == ":" or _is_unfinished(clause, lexicon)))
    if first is not None:
        note = f"“{first}” refuses or excepts places, so that none beside it is certain; name those that are meant"
        read[-1][1].doubts.append(Doubt(Status.UNKNOWN, note))


def refusal(clause: Clause, lexicon: Lexicon) -> str | None:
    """The first word that refuses or excepts in a clause, its brackets included."""
    for segment in _segments(clause):
        for at, item in enumerate(segment.items):
            if _refuses(segment, at, lexicon) and not (item.word in BOUND and _binds(segment, at)):
                return item.raw
    return None


def _is_unfinished(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether no place follows the last refusal, as where a line breaks behind "except"."""
    pending = False
    for segment in _segments(clause):
        for at, item in enumerate(segment.items):
            if _refuses(segment, at, lexicon):
                pending = True
            elif item.kind is Kind.GROUP or item.kind in PLACES or code_of(item, lexicon):
                pending = False
    return pending


def _is_adjective(clause: Clause, lexicon: Lexicon) -> bool:
    return any(
        _refuses(segment, at, lexicon) for segment in _segments(clause) for at in range(len(segment.items))
    )


def _refuses(segment: Segment, at: int, lexicon: Lexicon) -> bool:
    """Whether a word refuses; NO may be the code of Norway, and "No. 5" a number."""
    item = segment.items[at]
    if item.kind is not Kind.NEGATION or is_numero(segment, at):
        return False
    others = [other for other in segment.items if other.inner is None and not other.is_number]
    if code_of(item, lexicon) is None or others[-1] is not item:
        return True
    return len(others) > 1 and others[-2].kind is not Kind.CITY and not others[-2].is_unknown


def _binds(segment: Segment, at: int) -> bool:
    following = segment.items[at + 1 : at + 2]
    return bool(following) and (following[0].kind in PLACES or following[0].kind is Kind.GROUP)


def _segments(clause: Clause) -> Iterator[Segment]:
    for run in clause.runs:
        for segment in run.segments:
            yield segment
            for item in segment.items:
                for inner in item.inner or ():
                    yield from _segments(inner)


def _items(clause: Clause) -> Iterator[Item]:
    return (item for segment in _segments(clause) for item in segment.items)


def _countries(clause: Clause) -> Iterator[str]:
    return (item.meaning.country for item in _items(clause) if item.meaning and item.meaning.country)


def _names_group(clause: Clause) -> bool:
    return any(item.kind is Kind.GROUP for item in _items(clause))
