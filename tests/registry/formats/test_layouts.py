"""How people lay lists out: pasted tables, titles, sections, notes, footnotes, and no headings at all."""

import pytest

from registry.errors import InvalidError
from registry.formats.lists import read
from registry.resources.lists import Column, PublishedList


def names(found: PublishedList) -> list[str]:
    return [row.get(Column.NAME) for row in found.rows]


PASTED = {
    "tabs": ("Name\tPurpose\tLocation\nAcme GmbH\tHosting\tGermany\nBeta\t\tFrance\n", "csv"),
    "bars": ("Name|Purpose|Location\nAcme GmbH|Hosting|Germany\nBeta||France\n", "csv"),
    "a line that names the delimiter": (
        "sep=;\nName;Purpose;Location\nAcme GmbH;Hosting;Germany\nBeta;;France\n",
        "csv",
    ),
    "Markdown": (
        """# Vendors

| Name | Purpose | Location |
|:--|--|--:|
| [Acme GmbH](https://acme.example) | **Hosting** | Germany |
| Beta | | France |
""",
        "markdown",
    ),
    "columns by spaces": (
        "Name         Purpose    Location\nAcme GmbH    Hosting    Germany\nBeta                    France\n",
        "aligned",
    ),
}


@pytest.mark.parametrize(("text", "kind"), PASTED.values(), ids=PASTED.keys())
def test_a_pasted_table_is_read(text: str, kind: str) -> None:
    found = read(text)

    assert found.format == kind
    assert [tuple(row.cells.values()) for row in found.rows] == [
        ("Acme GmbH", "Hosting", "Germany"),
        ("Beta", "", "France"),
    ]


MARKDOWN = "| Vendor | Location |\n|--|--|\n| Acme** | USA<br>UK*<br>a \\| b |\n\n\\* and others\n"


def test_markdown_marks_are_taken_off_and_footnotes_kept() -> None:
    [row] = read(MARKDOWN).rows

    assert row.get(Column.PLACE).splitlines() == ["USA", "UK*", "a | b"]
    assert row.get(Column.NAME) == "Acme**"


MESSY = """Our sub-processors,,
Last updated: 3 May 2026,,
,,
Vendor,Purpose,Country
Infrastructure,,
Acme*,Hosting,DE
Support:,,
Beta,Help,FR
Vendor,Purpose,Country
Zendesk Inc,,
* only in the EU,,
"""


def test_titles_sections_repeated_headings_and_notes_are_told_apart_from_vendors() -> None:
    found = read(MESSY)

    assert [(row.row, row.get(Column.NAME), row.get(Column.SECTION)) for row in found.rows] == [
        (6, "Acme*", "Infrastructure"),
        (8, "Beta", "Support"),
        (10, "Zendesk Inc", "Support"),
    ]
    assert found.rows[0].remarks == ("“Vendor” has the footnote “* only in the EU”.",)
    told = " ".join(found.notes)
    assert "Row 5 has “Infrastructure” alone, and is read as the heading of a section" in told
    assert "Beside the rows stands “Last updated: 3 May 2026”" in told


def test_a_vendor_of_whom_only_the_name_is_said_is_kept() -> None:
    assert names(read("Vendor,Purpose,Country\nAcme,Hosting,DE\nBeta,,\n")) == ["Acme", "Beta"]
    assert names(read("Vendor,Purpose,Country\nBeta GmbH,,\nAcme,Hosting,DE\n")) == ["Beta GmbH", "Acme"]


def test_a_list_without_headings_is_understood_by_what_stands_in_it() -> None:
    found = read("Acme GmbH,Hosting of data,Germany\nBeta Inc.,Mail,United States\nGamma,Chat,France\n")

    assert [heading.column for heading in found.headings] == [Column.NAME, Column.PURPOSE, Column.PLACE]
    assert [row.row for row in found.rows] == [1, 2, 3]
    assert "has no headings; by what stands in it, column 1 for `name`" in found.notes[0]


def test_a_list_without_headings_or_places_is_asked_about_by_the_numbers_of_its_columns() -> None:
    text = "Acme GmbH,Hosting\nBeta Inc.,Mail\n"

    with pytest.raises(InvalidError, match="such as “column 1=name”"):
        read(text)
    found = read(text, {"column 1": "name", "Column 2": "purpose"})
    assert names(found) == ["Acme GmbH", "Beta Inc."]


def test_a_first_column_without_a_heading_is_the_name() -> None:
    found = read("|  | Purpose | Location |\n|--|--|--|\n| Acme | Hosting | DE |\n")

    assert names(found) == ["Acme"]
    assert "The first column has no heading, and is taken for `name`" in found.notes[0]


LANGUAGES = [
    (
        "Unterauftragsverarbeiter;Zweck der Verarbeitung;Ort der Datenverarbeitung;Geeignete Garantien;gültig ab",
        "name purpose place transfer effective_on",
    ),
    (
        "Nom du sous-traitant;Finalité du traitement;Pays;Garanties appropriées;Date d'effet",
        "name purpose place transfer effective_on",
    ),
    ("수탁업체;위탁업무 내용;이전 국가;상태;비고", "name purpose place status notes"),
    (
        "Legal entity;Description of service;Processing region;Transfer tool;Date added;Status",
        "name purpose place transfer added_on status",
    ),
]


@pytest.mark.parametrize(("headings", "columns"), LANGUAGES)
def test_headings_are_known_in_the_languages_of_lists(headings: str, columns: str) -> None:
    found = read(headings + "\n" + ";".join(["x"] * len(columns.split())) + "\n")

    assert [heading.column for heading in found.headings] == columns.split()


def test_formulas_are_pointed_out_as_text_and_a_defused_one_loses_its_apostrophe_once() -> None:
    [plain, defused] = read("Name,Purpose,Location\nAcme,=cmd|x,DE\n'=Beta,''+1,-5\n").rows

    assert plain.get(Column.PURPOSE) == "=cmd|x"
    assert "begins as a formula does" in plain.remarks[0]
    assert (defused.get(Column.NAME), defused.remarks) == ("=Beta", ())
    assert defused.get(Column.PURPOSE) == "''+1"
    assert defused.literal == {Column.NAME}
