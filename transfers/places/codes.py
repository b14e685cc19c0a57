"""Two- and three-letter codes, which are also words, states of the United States and legal forms."""

import re

from msgspec import Struct

from transfers.places.clauses import Item, Segment
from transfers.places.found import Found, Level
from transfers.places.lexicon import Kind, Lexicon
from transfers.places.readings import Doubt, Status

_CODE = re.compile(r"^[A-Z]{2,3}$")
_ALPHA_3_WORDS = frozenset(
    ("AND", "ANT", "ARE", "CAN", "COD", "CUB", "FRA", "GIN", "MAC", "MAR", "NOR", "PER", "TON")
)
"""Three-letter codes that are words or airports too; they are not read as codes."""


class Code(Struct, frozen=True):
    """What a code can mean where it stands."""

    raw: str
    country: str | None
    state: str | None
    """ISO 3166-2 of a state of the United States."""

    @property
    def is_double(self) -> bool:
        """Whether it is a country's and a state's: CA. DE is read as Germany: Delaware hosts nobody."""
        return self.country is not None and self.state is not None and self.raw != "DE"


def code_of(item: Item, lexicon: Lexicon) -> Code | None:
    """The code that an item may be; None for anything else, and for names such as US that are no mere code."""
    if not _CODE.match(item.raw) or item.kind in (Kind.COUNTRY, Kind.GROUP, Kind.REGION, Kind.CITY):
        return None
    if len(item.raw) == len("DEU"):
        country = None if item.raw in _ALPHA_3_WORDS else lexicon.alpha_3.get(item.raw)
        country = country or lexicon.codes.get(item.raw)
        return Code(item.raw, country, None) if country else None
    country = lexicon.codes.get(item.raw) or (item.raw if item.raw in lexicon.countries else None)
    state = f"US-{item.raw}" if item.raw in lexicon.states else None
    return Code(item.raw, country, state) if country or state else None


def stands_alone(segment: Segment, item: Item, lexicon: Lexicon) -> bool:
    """Whether a code is all that its segment says.

    A code that is a word too ("IN", "NO") stands only among codes; another may have "region" beside it.
    """
    others = [other for other in segment.items if other is not item and other.inner is None]
    if item.meaning is not None:
        return all(code_of(other, lexicon) for other in others)
    return all(
        other.is_number or other.kind in (Kind.NOISE, Kind.OPEN, Kind.COUNTRY) or code_of(other, lexicon)
        for other in others
    )


def is_code_list(segments: tuple[Segment, ...], lexicon: Lexicon) -> bool:
    """Whether a run lists codes of countries only, so that CA among FR and JP is Canada."""
    codes = [
        code_of(item, lexicon) or (Code("US", "US", None) if item.raw == "US" else None)
        for segment in segments
        for item in segment.items
    ]
    known = [code for code in codes if code is not None]
    return (
        len(known) == len(codes) > 1
        and all(code.country for code in known)
        and any(code.state is None or code.raw == "DE" for code in known)
        and not any(code.raw == "US" for code in known)
    )


def is_only_codes(segments: tuple[Segment, ...], lexicon: Lexicon) -> bool:
    """Whether all that a run says is codes, noise aside; "US" counts, "USA" is a name."""
    said = [
        item
        for segment in segments
        for item in segment.items
        if item.inner is None
        and not item.is_number
        and (item.kind not in (Kind.NOISE, Kind.LEGAL_FORM) or item.raw.isupper())
    ]
    return len(said) > 1 and all(item.raw == "US" or code_of(item, lexicon) is not None for item in said)


def province(item: Item, countries: tuple[str, ...], lexicon: Lexicon) -> str | None:
    """The one subdivision of these countries that has the item for its code, such as CA-ON for "ON"."""
    if not _CODE.match(item.raw) or item.kind not in (None, Kind.NOISE):
        return None
    found = [code for country in countries if (code := f"{country}-{item.raw}") in lexicon.subdivisions]
    return found[0] if len(found) == 1 else None


def is_hidden(segment: Segment, item: Item, code: Code | None) -> bool:
    """As in "hosting IN, US": capitals among small letters are a code rather than the word "in"."""
    return (
        code is not None
        and code.country is not None
        and item.kind is Kind.NOISE
        and any(other.raw != other.raw.upper() for other in segment.items)
    )


def doubtful(code: Code, segment: int) -> Found:
    """The place of a code that may be a country's or a state's."""
    note = (
        f"“{code.raw}” is the code of a country and of a state ({code.country}, {code.state}): write the name"
    )
    return Found(
        level=Level.SUBDIVISION,
        first=segment,
        last=segment,
        options=tuple(filter(None, (code.country, "US" if code.state else None))),
        option_subdivision=code.state,
        doubt=Doubt(Status.AMBIGUOUS, note),
    )


def is_state_line(segment: Segment, at: int, code: Code) -> bool:
    """As in "Atlanta, GA 30305" and "Beaverton OR 97008": a state code with a postal code behind it."""
    following = segment.items[at + 1 : at + 2]
    return (
        code.state is not None
        and bool(following)
        and following[0].is_number
        and len(following[0].word) >= len("3010")
    )


def is_postal(segment: Segment, at: int) -> bool:
    """As in "1058 AE Amsterdam": letters behind digits are a postal code."""
    return at > 0 and segment.items[at - 1].is_number
