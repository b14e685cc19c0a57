"""Reading a patch of terms: places into codes, ids into one form, and members that do not exist refused.

What is bounded is resolved, what is not is never guessed.
"""

from typing import Any
from uuid import UUID

from registry.errors import Fault
from registry.rules.patches import Document
from transfers import codes
from transfers.places import Piece, Status, pieces, resolve

CODES = ("country", "subdivision", "group", "city", "area")


def with_places_read(patch: Document, member: str, faults: list[Fault]) -> Document:
    """The patch with a code beside every place text that it writes, and ids in one form.

    A place that names its own codes keeps them, with aliases (UK, EL) made canonical. A text that names
    several places, or another place than the codes beside it, is a fault: each place has a key of its own.
    `member` is where the patch stands in the request.
    """
    read = dict(patch)
    if isinstance(patch.get("engaged_by"), dict):
        read["engaged_by"] = {_id(key): value for key, value in patch["engaged_by"].items()}
    if isinstance(patch.get("safeguards"), dict):
        read["safeguards"] = {key: _safeguard(given) for key, given in patch["safeguards"].items()}
    uses = patch.get("uses")
    if not isinstance(uses, dict):
        return read
    read["uses"] = {}
    for use_key, use in uses.items():
        places = use.get("places") if isinstance(use, dict) else None
        if not isinstance(places, dict):
            read["uses"][use_key] = use
            continue
        read["uses"][use_key] = {
            **use,
            "places": {
                key: _place(place, f"{member}.uses.{use_key}.places.{key}", faults)
                for key, place in places.items()
            },
        }
    return read


def _safeguard(given: Any) -> Any:
    if not isinstance(given, dict) or not isinstance(given.get("parties"), dict):
        return given
    return {**given, "parties": {_id(key): value for key, value in given["parties"].items()}}


def _place(place: Any, member: str, faults: list[Fault]) -> Any:
    if not isinstance(place, dict):
        return place
    if isinstance(place.get("operated_by"), str):
        place = {**place, "operated_by": _id(place["operated_by"])}
    given = {code: place[code] for code in CODES if place.get(code) is not None}
    text = place.get("text")
    if "country" in given or "group" in given:
        given = _canonical(given)
        if isinstance(text, str):
            _check_text(text, given, member, faults)
            return {**place, **dict.fromkeys(CODES), **given}
        return {**place, **given}
    if not isinstance(text, str):
        return place
    return {**place, **_resolved(text, member, faults), **given}


def _canonical(given: Document) -> Document:
    country = given.get("country")
    if isinstance(country, str) and country in codes.KNOWN:
        return {**given, "country": codes.canonical(country)}
    return given


def _check_text(text: str, given: Document, member: str, faults: list[Fault]) -> None:
    """A text that is read as one place must not stand beside the code of another."""
    stated = given.get("country") or given.get("group")
    reading = resolve(text)
    if reading.status is Status.UNBOUNDED and stated not in reading.groups:
        faults.append(
            Fault(
                member=f"{member}.text",
                message=(
                    f"“{text}” names no bounded place, but the place is given as {stated}. Say in the text where"
                    " it is, or leave the code out: it then needs review."
                ),
            )
        )
        return
    for piece in pieces(text):
        read = piece.place.country if piece.place else piece.group
        if read is not None and read not in (given.get("country"), given.get("group")):
            faults.append(
                Fault(
                    member=f"{member}.text",
                    message=(
                        f"“{text}” is read as {read}, but the place is given as {stated}."
                        " Make text and codes say the same."
                    ),
                )
            )


def _resolved(text: str, member: str, faults: list[Fault]) -> Document:
    found = pieces(text)
    if len(found) == 1:
        return {**dict.fromkeys(CODES), **_codes(found[0])}
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


def _codes(piece: Piece) -> Document:
    place = piece.place
    return {
        "group": piece.group,
        "country": place.country if place else None,
        "subdivision": place.subdivision if place else None,
        "city": place.city if place else None,
    }


def _id(text: str) -> str:
    """An id in its canonical form, so that one thing has one key; anything else stays, to be refused."""
    try:
        return str(UUID(text))
    except ValueError:
        return text
