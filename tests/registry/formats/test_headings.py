"""Which column is which: headings in brackets and on two lines, seats that are no places, and columns by number."""

import pytest

from registry.errors import InvalidError
from registry.formats.lists import read
from registry.resources.lists import Column, PublishedList
from registry.rules.imports.entities import gather


def columns(found: PublishedList) -> list[Column | None]:
    return [heading.column for heading in found.headings]


def told(text: str, mapping: dict[str, str] | None = None) -> str:
    [first, *_] = gather(read(text, mapping), ()).entities
    return " ".join(first.uses[0].problems)


def test_the_registered_office_is_no_place_beside_processing_locations() -> None:
    found = read("Third party,Registered office,Processing location(s)\nAcme Inc.,Montana,Germany\n")

    assert columns(found) == [Column.NAME, Column.CORPORATE_PLACE, Column.PLACE]


@pytest.mark.parametrize("heading", ["Location(s)", "Country(ies)", "Country/ies", "Processing Location(s)"])
def test_plurals_in_brackets_are_set_aside(heading: str) -> None:
    assert columns(read(f"Sub-processor(s),{heading}\nAcme,Germany\n")) == [Column.NAME, Column.PLACE]


def test_a_seat_that_stands_in_for_the_place_is_a_problem_of_each_row() -> None:
    assert "only “Registered office”, which is where the entity is established" in told(
        "Name,Registered office\nAcme,Germany\n"
    )
    assert "established" not in told("Name,Registered office,Location\nAcme,Germany,France\n")


TWO_LINES = {
    "a page": "<table><tr><th rowspan=2>Entity<th colspan=2>Country</tr><tr><th>of establishment<th>of processing</tr>"
    "<tr><td>Acme SAS<td>France<td>Germany</tr></table>",
    "separated values": "Entity,Country,\n,of establishment,of processing\nAcme SAS,France,Germany\n",
}


@pytest.mark.parametrize("text", TWO_LINES.values(), ids=TWO_LINES.keys())
def test_two_lines_of_headings_are_one(text: str) -> None:
    found = read(text)

    assert columns(found) == [Column.NAME, Column.CORPORATE_PLACE, Column.PLACE]
    assert [row.get(Column.NAME) for row in found.rows] == ["Acme SAS"]
    assert found.headings[2].text == "Country of processing"


def test_a_heading_over_a_group_of_headings_leaves_them_as_they_are() -> None:
    found = read(
        "<table><tr><th colspan=2>Vendor<th>Why</tr><tr><th>Name<th>Country<th>Purpose</tr>"
        "<tr><td>Acme<td>Germany<td>Hosting</tr></table>"
    )

    assert columns(found) == [Column.NAME, Column.PLACE, Column.PURPOSE]
    assert len(found.rows) == 1


def test_an_entry_without_a_name_is_no_second_line_of_headings() -> None:
    found = read("Name,Purpose,Location\n,Hosting,Germany\nAcme,Mail,France\n")

    assert len(found.rows) == 2


def test_a_column_that_somebody_maps_goes_before_one_that_is_known() -> None:
    found = read("Name,Location,Site\nAcme,Germany,France\n", {"column 3": "place"})

    assert columns(found) == [Column.NAME, None, Column.PLACE]
    assert "“Location” is not read as `place`, because another column is mapped to that." in found.notes


def test_two_equal_headings_are_told_apart_by_the_number_that_the_refusal_names() -> None:
    text = "Name,Location,Location\nAcme,Germany,France\n"
    with pytest.raises(InvalidError) as refused:
        read(text)
    assert "“column 3=ignore”" in refused.value.detail

    [row] = read(text, {"column 3": "ignore"}).rows

    assert row.get(Column.PLACE) == "Germany"


def test_any_column_may_be_left_out_by_its_number() -> None:
    found = read("Name,Purpose,Location\nAcme,Hosting,Germany\n", {"column 2": "ignore"})

    assert columns(found) == [Column.NAME, None, Column.PLACE]


LANGUAGES = {
    "Subencargado;Finalidad;País;Garantías": "name purpose place transfer",
    "Sub-responsabile;Finalità;Paese;Trasferimento": "name purpose place transfer",
    "Subverwerker;Doel;Land;Doorgifte": "name purpose place transfer",
    "수탁업체;위탁업무;이전국가;Transfer": "name purpose place transfer",
}


@pytest.mark.parametrize(("headings", "expected"), LANGUAGES.items())
def test_more_languages_are_known_and_spaces_make_no_difference(headings: str, expected: str) -> None:
    assert columns(read(f"{headings}\na;b;c;d\n")) == expected.split()


def test_a_cell_of_many_thousand_words_is_compared_with_no_heading() -> None:
    [row] = read(f'Name,Purpose,Location\nAcme,Host,"{"Germany, " * 110_000}"\n').rows

    assert "up to 20000 are read" in row.faults[0]
