"""Published lists as files: what is read, and what is said of what cannot be."""

from pathlib import Path

import pytest

from registry.errors import InvalidError, PayloadTooLargeError
from registry.formats.lists import MAX_BYTES, MAX_CELL, MAX_ROWS, read
from registry.resources.lists import Column

LISTS = Path(__file__).parents[1] / "lists"

HEADINGS = {
    "anthropic": "name purpose place product",
    "gestrip": "name place purpose data dpa",
    "polar": "name data purpose place",
    "range-labs": "name purpose place section",
    "sourcegraph": "name place purpose product",
    "tailscale": "name purpose data place",
    "zed": "name purpose place",
}


@pytest.mark.parametrize(("name", "columns"), HEADINGS.items())
def test_headings_of_published_lists_are_known(name: str, columns: str) -> None:
    found = read((LISTS / f"{name}.csv").read_bytes())

    assert [heading.column for heading in found.headings] == columns.split()
    assert not any(row.faults for row in found.rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_headings(delimiter: str) -> None:
    rows = [["Name", "Purpose", "Location"], ["Acme", "Hosting", "Germany"]]
    content = "\n".join(delimiter.join(row) for row in rows)

    [row] = read(content).rows

    assert row.row == 2
    assert row.cells == {Column.NAME: "Acme", Column.PURPOSE: "Hosting", Column.PLACE: "Germany"}


def test_a_byte_order_mark_and_cells_of_several_lines_are_read() -> None:
    [first, second] = read(
        b'\xef\xbb\xbfName,Location\r\nAcme,"Canada\r\nPhilippines"\r\n,\r\nBeta,UK\r\n'
    ).rows

    assert first.get(Column.PLACE).splitlines() == ["Canada", "Philippines"]
    assert (second.row, second.get(Column.NAME)) == (4, "Beta")


def test_the_only_place_of_a_list_stands_in_for_the_place_of_processing() -> None:
    headings = read("Entity Name,Entity Location\nAcme,Germany\n").headings
    both = read("Entity Name,Entity Location,Server Location\nAcme,Germany,France\n").headings

    assert (headings[1].column, headings[1].stands_in) == (Column.PLACE, True)
    assert [heading.column for heading in both[1:]] == [Column.CORPORATE_PLACE, Column.STORAGE_PLACE]


def test_a_heading_behind_the_companys_own_name_is_known() -> None:
    [_, heading, _] = read("Entity Name,Acme Product or Service,Purpose\nX,Y,Z\n").headings

    assert heading.column is Column.PRODUCT


def test_a_service_column_says_the_purpose_where_nothing_else_does() -> None:
    [_, alone] = read("Entity Name,Service\nX,Y\n").headings
    [_, beside, _] = read("Entity Name,Service,Purpose\nX,Y,Z\n").headings

    assert (alone.column, alone.stands_in) == (Column.PURPOSE, True)
    assert beside.column is None


def test_a_mapping_goes_before_what_is_known() -> None:
    found = read("Wer,Location\nAcme,ignored\n", {"Wer": "name", "location": "ignore"})

    assert [heading.column for heading in found.headings] == [Column.NAME, None]


BAD = {
    "an empty file": (b"", "empty"),
    "nothing but white space": (b" \n\n ", "empty"),
    "headings alone": (b"Name,Location\n", "no rows"),
    "no name among the headings": (b"Colour,Location\nred,Germany\n", "“Colour”, “Location”"),
    "two headings for one column": (b"Name,Location,Country\nA,B,C\n", "“Location” and “Country”"),
    "a quotation mark that is never closed": (b'Name,Location\nAcme,"Germany\n', "Row 2"),
}


@pytest.mark.parametrize(("content", "told"), BAD.values(), ids=BAD.keys())
def test_a_file_that_is_no_list_is_refused_with_the_reason(content: bytes, told: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read(content)

    assert told in refused.value.detail


@pytest.mark.parametrize(
    ("mapping", "told"),
    [({"Name": "colour"}, "there are name, purpose"), ({"Ort": "place"}, "no heading “ort”")],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: dict[str, str], told: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read("Name,Location\nAcme,Germany\n", mapping)

    assert told in refused.value.detail


@pytest.mark.parametrize(
    "content",
    [
        "Name\n" + "x" * MAX_BYTES,
        "Name\n" + "Acme\n" * (MAX_ROWS + 1),
        ",".join(["Name"] * 101) + "\n",
    ],
)
def test_what_is_too_large_is_refused_by_its_size(content: str) -> None:
    with pytest.raises(PayloadTooLargeError):
        read(content)


def test_faults_name_the_row_the_column_and_the_remedy() -> None:
    content = (
        "Name,Purpose,Location\n"
        "Fine,Hosting,Germany\n"
        "Longer,Hosting,Germany,France\n"
        "Shorter,Hosting\n"
        "Control,Hos\x00ting,Germany\n"
        f"Endless,{'x' * (MAX_CELL + 1)},Germany\n"
    )

    faults = {row.row: " ".join(row.faults) for row in read(content).rows}

    assert faults[2] == ""
    assert "4 cells under 3 headings. Put quotation marks" in faults[3]
    assert "ends before the column “Location”" in faults[4]
    assert "“Purpose” holds the control character U+0000. Take it out" in faults[5]
    assert "“Purpose” has 20001 characters" in faults[6]


def test_a_cell_of_a_megabyte_is_a_fault_of_its_row_alone() -> None:
    [huge, fine] = read("Name,Purpose\nAcme," + "x" * 1_000_000 + "\nBeta,Mail\n").rows

    assert "“Purpose” has more than 100000 characters; up to 20000 are read. Shorten it." in huge.faults
    assert (fine.row, fine.faults) == (3, ())
