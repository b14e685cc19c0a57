"""A cell with several places: each is one piece, and what is open stays as text without a code."""

import pytest

from tests.transfers.places.test_written_places import WRITTEN
from transfers.places import Piece, name_of, pieces, resolve

CASES = {
    "United States": [("United States", "US")],
    "US/UK": [("US", "US"), ("UK", "GB")],
    "United States, European Economic Area": [("United States", "US"), ("European Economic Area", "EEA")],
    "EU": [("EU", "EU")],
    "Germany (EU)": [("Germany (EU)", "DE")],
    "Amsterdam, Netherlands; Dublin, Ireland": [("Amsterdam, Netherlands", "NL"), ("Dublin, Ireland", "IE")],
    "Canada\nPhilippines": [("Canada", "CA"), ("Philippines", "PH")],
    "Bosnia and Herzegovina": [("Bosnia and Herzegovina", "BA")],
    "Worldwide": [("Worldwide", None)],
    "EU, US, different locations where Acme operates*": [
        ("EU", "EU"),
        ("US", "US"),
        ("different locations where Acme operates*", None),
    ],
    "Global, including USA": [("United States", "US"), ("Global, including USA", None)],
    "United States*": [("United States", "US"), ("United States*", None)],
    "Fra\u00adnce": [("France", "FR")],
    "  ": [],
    "N/A": [("N/A", None)],
    "n/a": [("n/a", None)],
    "none": [("none", None)],
    "-": [("-", None)],
    "TBD": [("TBD", None)],
    "Not applicable": [("Not applicable", None)],
    "NO": [("NO", "NO")],
    "outside the EU": [("outside the EU", None)],
    "EU, but not Ireland": [("EU, but not Ireland", None)],
    "EU; except Hungary": [("EU; except Hungary", None)],
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_each_place_is_one_piece(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(piece.text, _code(piece)) for piece in pieces(text)] == expected


@pytest.mark.parametrize("text", [text for text, _, _ in WRITTEN])
def test_pieces_hold_what_is_certain_and_nothing_else(text: str) -> None:
    found = pieces(text)

    assert {piece.place.country for piece in found if piece.place} == {
        place.country for place in resolve(text).places
    }
    assert all(piece.note for piece in found if not piece.place and not piece.group)


def test_countries_have_short_names_of_our_own() -> None:
    assert [name_of(code) for code in ("TW", "XK", "GB", "DE")] == [
        "Taiwan",
        "Kosovo",
        "United Kingdom",
        "Germany",
    ]


def _code(piece: Piece) -> str | None:
    return piece.place.country if piece.place else piece.group
