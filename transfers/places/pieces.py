"""A cell that names several places, taken apart: each place with the words that name it."""

import re
import tomllib
from functools import cache, lru_cache

import pycountry
from msgspec import Struct

from transfers.places.cleaning import visible
from transfers.places.readings import PlaceCode, Status
from transfers.places.resolver import gather, resolve, says_nothing
from transfers.places.tables import DATA

LEGAL_GROUPS = ("EU", "EEA")
"""Groups whose members the law names; a place may be such a group as a whole."""

# From the strongest separator to the weakest; what stands in brackets is never cut.
_CUTS = (
    re.compile(r"[;\n\r|•]+"),
    re.compile(r"/|&|\b(?:and|und|et|or|oder|ou)\b", re.IGNORECASE),
    re.compile(r","),
)
_SPACE = re.compile(r"\s+")


class Piece(Struct, frozen=True, kw_only=True):
    """One place of a text: a country or a legal group, or neither where nobody can tell."""

    text: str
    place: PlaceCode | None = None
    group: str | None = None
    note: str | None = None
    """Why it has no code."""


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """The places of a text, one by one.

    All that `resolve` holds for certain is in them, and nothing else; what is open stays as a piece
    of text without a code. A text that says that no place is given ("N/A") is never cut.
    """
    text = visible(text)
    written = _SPACE.sub(" ", text).strip()
    if not written:
        return ()
    if says_nothing(text):
        return (Piece(text=written, note="it says that no place is given"),)
    single = _single(text)
    if single is not None:
        return (single,)
    cut = _cut(text, 0)
    if cut is not None and _says_the_same(cut, text):
        return cut
    return _named(text, written)


def name_of(country: str) -> str:
    """The short English name of a country by its code."""
    return _names()[country]


def _single(text: str) -> Piece | None:
    """The text as one place; None where it names several, or none for certain."""
    reading = resolve(text)
    written = _SPACE.sub(" ", text).strip()
    if reading.status is Status.RESOLVED and len(reading.places) == 1:
        place = reading.places[0]
        return Piece(text=written, place=place) if _is(written, place) else _named_place(place)
    group = _legal_group(text)
    if group is not None:
        return Piece(text=written, group=group)
    return None


def _legal_group(text: str) -> str | None:
    """The group that is all the text names."""
    gathered = gather(text)
    codes = {group.code for group in gathered.groups}
    if gathered.places or gathered.doubts or len(codes) != 1:
        return None
    return next((code for code in codes if code in LEGAL_GROUPS), None)


def _cut(text: str, strength: int) -> tuple[Piece, ...] | None:
    """The text cut where a separator of this strength or a weaker one parts it."""
    if strength == len(_CUTS):
        return None
    found: list[Piece] = []
    parts = _outside_brackets(text, _CUTS[strength])
    if len(parts) == 1:
        return _cut(text, strength + 1)
    for part in parts:
        single = _single(part)
        if single is not None:
            found.append(single)
            continue
        finer = _cut(part, strength + 1)
        if finer is not None and _says_the_same(finer, part):
            found.extend(finer)
            continue
        reading = resolve(part)
        if reading.places:
            return None
        found.append(Piece(text=_SPACE.sub(" ", part).strip(), note=reading.note))
    return tuple(found)


def _outside_brackets(text: str, separator: re.Pattern[str]) -> list[str]:
    inside = [match.span() for match in re.finditer(r"\([^()]*\)", text)]
    parts: list[str] = []
    start = 0
    for match in separator.finditer(text):
        if not any(first <= match.start() < last for first, last in inside):
            parts.append(text[start : match.start()])
            start = match.end()
    parts.append(text[start:])
    return [part for part in parts if part.strip()]


def _says_the_same(found: tuple[Piece, ...], text: str) -> bool:
    """Whether the pieces hold exactly what is certain in the whole."""
    reading = resolve(text)
    certain = {piece.place.country for piece in found if piece.place}
    groups = {piece.group for piece in found if piece.group}
    open_groups = {group.code for group in gather(text).groups if not group.explained}
    is_open = any(piece.place is None and piece.group is None for piece in found)
    return (
        certain == {place.country for place in reading.places}
        and groups == open_groups & set(LEGAL_GROUPS)
        and len(found) >= len(certain) + len(groups)
        and (is_open or reading.status is Status.RESOLVED or not gather(text).doubts)
        and not (is_open and reading.status is Status.RESOLVED)
        and (is_open or open_groups <= set(LEGAL_GROUPS))
        and len({(piece.place, piece.group) for piece in found if piece.place or piece.group})
        == sum(1 for piece in found if piece.place or piece.group)
    )


def _named(text: str, written: str) -> tuple[Piece, ...]:
    """Each certain place under our own name for it; the whole text once more where it leaves anything open."""
    gathered = gather(text)
    reading = resolve(text)
    found = [_named_place(place) for place in reading.places]
    open_groups = {group.code for group in gathered.groups if not group.explained}
    found.extend(
        Piece(text={"EU": "European Union", "EEA": "European Economic Area"}[code], group=code)
        for code in LEGAL_GROUPS
        if code in open_groups
    )
    if gathered.doubts or open_groups - set(LEGAL_GROUPS) or not found:
        found.append(Piece(text=written, note=reading.note))
    return tuple(found)


def _named_place(place: PlaceCode) -> Piece:
    """The place under the fullest of our names for it that reads back as the place.

    Where none does, it is given as the country, for that is what its name says to the next reader.
    """
    country = name_of(place.country)
    part = _parts().get(place.subdivision or "")
    region = f" ({place.cloud_region})" if place.cloud_region else ""
    for parts in (
        (place.city, country),
        (place.city, part, country),
        (place.city, place.subdivision, country),
    ):
        for text in (", ".join(filter(None, parts)) + region, ", ".join(filter(None, parts))):
            if _is(text, place):
                return Piece(text=text, place=place)
    if place.cloud_region and _is(place.cloud_region, place):
        return Piece(text=place.cloud_region, place=place)
    return Piece(text=country, place=PlaceCode(country=place.country))


def _is(text: str, place: PlaceCode) -> bool:
    """Whether a text is read as this place and nothing else."""
    reading = resolve(text)
    return reading.status is Status.RESOLVED and reading.places == (place,)


@cache
def _names() -> dict[str, str]:
    short: dict[str, str] = tomllib.loads((DATA / "countries.toml").read_text("utf-8"))["short"]
    known = {
        country.alpha_2: getattr(country, "common_name", country.name) for country in pycountry.countries
    }
    return known | short


@cache
def _parts() -> dict[str, str]:
    return {part.code: part.name for part in pycountry.subdivisions}
