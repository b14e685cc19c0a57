"""Reading the places of a patch into codes: what is bounded is resolved, what is not is never guessed."""

from typing import Any

from registry.errors import Fault
from registry.rules.patches import Document
from transfers import codes
from transfers.facts import AREA_CODES
from transfers.places import pieces

CODES = ("country", "subdivision", "group", "city", "area")


def with_places_read(patch: Document, member: str, faults: list[Fault]) -> Document:
    """The patch with a code beside every place text that it writes.

    A place that names its own codes keeps them, with aliases (UK, EL) made canonical. A text that
    names several places is a fault: each place has a key of its own. `member` is where the patch
    stands in the request.
    """
    uses = patch.get("uses")
    if not isinstance(uses, dict):
        return patch
    read: Document = {}
    for use_key, use in uses.items():
        places = use.get("places") if isinstance(use, dict) else None
        if not isinstance(places, dict):
            read[use_key] = use
            continue
        read[use_key] = {
            **use,
            "places": {
                key: _place(place, f"{member}.uses.{use_key}.places.{key}", faults)
                for key, place in places.items()
            },
        }
    return {**patch, "uses": read}


def _place(place: Any, member: str, faults: list[Fault]) -> Any:
    if not isinstance(place, dict):
        return place
    given = {code: place[code] for code in CODES if place.get(code) is not None}
    if "country" in given or "group" in given:
        return {**place, **_canonical(given, member, faults)}
    if not isinstance(place.get("text"), str):
        return place
    return {**place, **_resolved(place["text"], member, faults), **given}


def _canonical(given: Document, member: str, faults: list[Fault]) -> Document:
    country = given.get("country")
    if not isinstance(country, str):
        return given
    try:
        codes.require_known(country)
        if isinstance(given.get("subdivision"), str):
            codes.require_within(given["subdivision"], country)
        if isinstance(given.get("area"), str):
            _require_area(given["area"], country)
    except ValueError as error:
        faults.append(Fault(member=f"{member}.country", message=f"{error}."))
        return given
    return {**given, "country": codes.canonical(country)}


def _require_area(area: Any, country: str) -> None:
    fitting = sorted(AREA_CODES.get(area, ()))
    if fitting and codes.canonical(country) not in fitting:
        raise ValueError(f"area {area} does not lie in {country}; give the country as {' or '.join(fitting)}")


def _resolved(text: str, member: str, faults: list[Fault]) -> Document:
    found = pieces(text)
    if len(found) == 1:
        place = found[0].place
        return {
            **dict.fromkeys(CODES),
            "group": found[0].group,
            "country": place.country if place else None,
            "subdivision": place.subdivision if place else None,
            "city": place.city if place else None,
        }
    if all(piece.place or piece.group for piece in found):
        faults.append(
            Fault(
                member=f"{member}.text",
                message=(
                    f"“{text}” names {len(found)} places. Give each place a key of its own, so that it can be"
                    " judged, added and removed by itself."
                ),
            )
        )
    return dict.fromkeys(CODES)
