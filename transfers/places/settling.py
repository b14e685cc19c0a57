"""What a run says once all of it is read: addresses, territories, and words that stay unknown."""

from difflib import get_close_matches
from itertools import pairwise

from msgspec import Struct

from transfers.places.clauses import Item, Segment
from transfers.places.found import Found, Gathered, Level
from transfers.places.lexicon import Lexicon
from transfers.places.readings import Doubt, Status

SIMILAR = 0.84
"""From this similarity on (difflib's ratio) a word is taken for a misspelt country, and asked about."""

TOWN_WORDS = 3
"""A longer name before a country is an address or a company rather than a town."""


HOSTS = frozenset(("AU", "CA", "DE", "FR", "GB", "IE", "IN", "JP", "NL", "SE", "SG", "US"))
"""Countries of which regions of clouds are listed beside American states."""


class Leading(Struct, frozen=True):
    """The unknown words of a segment that names no place."""

    segment: int
    words: tuple[Item, ...]
    is_town: bool
    """They may be the name of a town."""


def settle(gathered: Gathered, leading: list[Leading], lexicon: Lexicon) -> None:
    """Settle what only the whole run can tell."""
    _georgia_with_its_country(gathered.places)
    _territory_with_its_country(gathered.places, lexicon)
    _town_of_a_state(gathered.places)
    for part in leading:
        _unknown_words(gathered, part, lexicon)


def _georgia_with_its_country(places: list[Found]) -> None:
    """As in "Georgia, USA" alone, or behind the name of a town, is the state."""
    match places:
        case [Found(name="Georgia"), country] if country.is_bare_country("US"):
            country.subdivision = "US-GA"
            del places[0]


def _territory_with_its_country(places: list[Found], lexicon: Lexicon) -> None:
    """As in "Hong Kong, China" is one place; in a longer list nobody can tell."""
    for territory, country in pairwise(places):
        holder = lexicon.inside.get(territory.country or "", "-")
        if not country.is_bare_country(holder) or country.first - territory.last > 1:
            continue
        if places == [territory, country]:
            del places[1]
        else:
            note = f"behind {territory.country}, {holder} may be its address or a place of its own"
            country.doubt = Doubt(Status.AMBIGUOUS, note)
        return


def _town_of_a_state(places: list[Found]) -> None:
    """As in "London, Kentucky" and "Peru, Indiana": America has towns named after cities and countries elsewhere."""
    match places:
        case [first, state] if state.first - first.last <= 1 and first.doubt is None:
            elsewhere = first.country not in (None, state.country)
            if elsewhere and _is_state(state) and (first.level is Level.CITY or is_land(first)):
                first.doubt = named_after(first, state.name or state.subdivision or "")
            elif (
                elsewhere
                and state.name in ("New York", "Georgia")
                and (is_land(first) or "US" in first.options)
            ):
                first.doubt = named_after(first, state.name)


def _is_state(found: Found) -> bool:
    is_whole = bool(found.subdivision) and not (found.city or found.region)
    return found.country in ("US", "CA", "AU") and (is_whole or found.name == "Washington")


def is_land(found: Found) -> bool:
    """A country, or a part of one, of which nothing finer is said."""
    return (
        found.country is not None
        and found.level in (Level.COUNTRY, Level.SUBDIVISION)
        and not (found.city or found.region)
    )


def is_small_country(found: Found) -> bool:
    """A country that few data centres are in, so that a state behind it is rather a town's."""
    return found.is_bare_country(found.country) and found.country not in HOSTS


def named_after(found: Found, state: str) -> Doubt:
    name = found.name or found.country
    return Doubt(
        Status.AMBIGUOUS,
        f"before “{state}”, “{name}” may be a town of that name there: write them apart",
    )


def _unknown_words(gathered: Gathered, part: Leading, lexicon: Lexicon) -> None:
    """Unknown words are a street, a town or a company where one country follows; anywhere else a doubt."""
    places = gathered.places
    words = " ".join(item.raw for item in part.words)
    first = min((found.first for found in places), default=None)
    close = get_close_matches(
        " ".join(item.word for item in part.words if item.is_unknown and not item.named),
        lexicon.spellings,
        n=1,
        cutoff=SIMILAR,
    )
    if close:
        gathered.doubts.append(
            Doubt(Status.UNKNOWN, f"“{words}” is not understood; is “{close[0].title()}” meant?")
        )
    elif any(item.word.startswith("?") for item in part.words):
        note = f"“{words}” has the form of a cloud region's code, but is none that is known"
        gathered.doubts.append(Doubt(Status.UNKNOWN, note))
    elif first is None:
        gathered.unknown.append(words)
    elif _is_province(part, places, lexicon):
        return
    elif part.segment > first or len({found.country for found in places}) != 1:
        gathered.doubts.append(Doubt(Status.UNKNOWN, f"“{words}” is not understood"))
        for found in places:
            if found.level is Level.CITY and found.options and found.last == part.segment - 1:
                found.doubt = found.doubt or named_after(found, words)
    elif part.is_town and part.segment == first - 1 and places[0].is_bare_country(places[0].country):
        places[0].city = words


def _is_province(part: Leading, places: list[Found], lexicon: Lexicon) -> bool:
    """As in "Gurgaon, Haryana, India": a part of the country that is named."""
    countries = {found.country for found in places}
    name = " ".join(item.word for item in part.words)
    return len(countries) == 1 and name in lexicon.provinces.get(next(iter(countries)) or "", ())


def is_town(segment: Segment) -> bool:
    """Whether a part may be the name of a town, with or without a postal code: "91710 Gunzenhausen"."""
    words = [item for item in segment.items if not item.is_number]
    codes = [item for item in segment.items if item.is_number]
    return (
        len(words) <= TOWN_WORDS
        and all(item.is_unknown and not item.named and item.raw[:1].isupper() for item in words)
        and all(len(item.word) >= len("3010") for item in codes)
    )
