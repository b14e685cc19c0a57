"""Names of companies, which hold the names of countries: "Google Ireland Limited"."""

from transfers.places.clauses import Item, Run, Segment
from transfers.places.codes import code_of
from transfers.places.found import PLACES
from transfers.places.lexicon import Kind, Lexicon


def without_companies(run: Run, lexicon: Lexicon) -> tuple[tuple[Segment, ...], list[Item]]:
    """The run without what stands before a legal form, and what that was.

    A company stands before the places; behind one, the words may as well be a place that is not known.
    """
    kept: list[Segment] = []
    company: list[Item] = []
    for segment in run.segments:
        form = None if _names_place(kept) else _legal_form(segment, kept, lexicon)
        if form is None:
            kept.append(segment)
            continue
        if form == 0 and kept:
            company.extend(kept.pop().items)
        company.extend(segment.items[: form + 1])
        if rest := segment.items[form + 1 :]:
            kept.append(Segment(rest, segment.dashed))
    return tuple(kept), company


def _names_place(segments: list[Segment]) -> bool:
    return any(_is_place(item) for segment in segments for item in segment.items)


def _is_place(item: Item) -> bool:
    return item.kind in PLACES or item.kind is Kind.GROUP


def _legal_form(segment: Segment, before: list[Segment], lexicon: Lexicon) -> int | None:
    """Where the last legal form stands, unless it is rather a code."""
    for at in range(len(segment.items) - 1, -1, -1):
        item = segment.items[at]
        like_code = item.word in lexicon.forms_like_codes and item.meaning is None
        if item.kind is not Kind.LEGAL_FORM and not like_code:
            continue
        if at == 0:
            if not like_code and not code_of(item, lexicon) and not segment.dashed and _ends_name(before):
                return at
        elif _is_name(segment.items[:at]) and not (
            segment.items[at - 1].kind in PLACES and code_of(item, lexicon)
        ):
            return at
    return None


def _is_name(items: tuple[Item, ...]) -> bool:
    return any(item.is_unknown for item in items) or not _is_place(items[0])


def _ends_name(before: list[Segment]) -> bool:
    """As in "HubSpot, Inc.": the name is the part before the comma."""
    return bool(before) and any(item.is_unknown for item in before[-1].items)
