"""What is written of a place is read as that place: names go out in exports and come in again with the next import."""

import pycountry
import pytest

from tests.transfers.places.test_written_places import WRITTEN
from transfers.places import Piece, name_of, pieces, resolve
from transfers.places.tables import table

CITIES = table("cities.csv")
REGIONS = [row for name in ("regions.csv", "points.csv") for row in table(name)]
# "sin" is a refusal in Spanish, and stays a doubt in brackets too.
SHORT = [row for row in REGIONS if len(row["code"]) == len("iad") and row["code"] != "sin"]
NAMES = [
    *(name_of(country.alpha_2) for country in pycountry.countries),
    *(row["name"] for row in CITIES),
    *(
        f"{row['name']}, {name_of(country)}"
        for row in CITIES
        for country in (row["country"], *row["elsewhere"].split(";"))
        if country
    ),
    *(name for row in table("subdivisions.csv") for name in row["names"].split(";")),
    *(row["code"] for row in REGIONS),
    *(f"{row['code']}1" for row in REGIONS),
    *(f"{row['place']} ({row['code']})" for row in REGIONS),
    *(f"{row['place']}, {name_of(row['country'])} ({row['code']})" for row in REGIONS),
    *(f"{name_of(row['country'])} ({row['code']})" for row in REGIONS),
    *(f"{row['code']}, {row['place']}; Germany, EU and more" for row in REGIONS),
]


@pytest.mark.parametrize("text", sorted({*NAMES, *(text for text, _, _ in WRITTEN)}))
def test_every_piece_with_a_code_reads_back_as_itself(text: str) -> None:
    for piece in pieces(text):
        if piece.place or piece.group:
            assert pieces(piece.text) == (piece,)


@pytest.mark.parametrize("joint", ["; ", " and ", "\n", ", "])
def test_a_whole_list_reads_back_as_itself(joint: str) -> None:
    """As many written places as a cell holds, however they are joined."""
    for start in range(0, len(WRITTEN), 5):
        found = pieces(joint.join(text for text, _, _ in WRITTEN[start : start + 5]))

        assert [_read_back(piece) for piece in found if piece.place] == [
            piece.place for piece in found if piece.place
        ]


@pytest.mark.parametrize("row", SHORT, ids=lambda row: row["code"])
def test_a_short_code_behind_its_city_is_known(row: dict[str, str]) -> None:
    reading = resolve(f"{row['place']}, {name_of(row['country'])} ({row['code']})")

    assert [(place.country, place.cloud_region) for place in reading.places] == [
        (row["country"], row["code"])
    ]


def test_a_short_code_behind_another_city_is_a_doubt() -> None:
    assert "iad" in str(resolve("Berlin, Germany (iad)").note)


def _read_back(piece: Piece) -> object:
    return pieces(piece.text)[0].place
