"""JSON as lists: a list of objects wherever it stands, and what its nested values say."""

import json
from typing import Any

import pytest

from registry.errors import InvalidError
from registry.formats.lists import read
from registry.resources.lists import Column, PublishedList


def names(found: PublishedList) -> list[str]:
    return [row.get(Column.NAME) for row in found.rows]


ENTRY = {"name": "Acme", "purpose": "Hosting", "location": "Germany"}
FORMS: dict[str, Any] = {
    "a list": [ENTRY],
    "a list in an object": {"updated": "2026-01-01", "items": [ENTRY]},
    "deeper": {"data": {"subprocessors": [ENTRY]}},
    "by key": {"acme": ENTRY},
    "lists of cells": [["Name", "Purpose", "Location"], ["Acme", "Hosting", "Germany"]],
    "beside a history": {"items": [ENTRY], "changes": [{"name": "Old", "date": "2020-01-01"}]},
}


@pytest.mark.parametrize("document", FORMS.values(), ids=FORMS.keys())
def test_the_list_is_found_wherever_it_stands(document: Any) -> None:
    found = read(json.dumps(document).encode(), name="list.json")

    assert (found.format, found.encoding, names(found)) == ("json", "UTF-8", ["Acme"])
    assert found.rows[0].get(Column.PLACE) == "Germany"


def test_nested_values_become_the_lines_of_a_cell() -> None:
    entry = {
        "legalName": "Acme",
        "purposes": ["Hosting", "Mail"],
        "processing_locations": [{"city": "Bonn", "country": "Germany"}, {"country": "France"}],
        "optional": True,
        "notes": None,
    }

    [row] = read(json.dumps([entry])).rows

    assert row.get(Column.NAME) == "Acme"
    assert row.get(Column.PURPOSE) == "Hosting\nMail"
    assert row.get(Column.PLACE) == "Bonn, Germany\nFrance"
    assert row.get(Column.OPTIONAL) == "yes"


def test_lists_side_by_side_are_sections_with_rows_of_their_own() -> None:
    found = read(json.dumps({"infrastructure": [ENTRY], "support": [ENTRY | {"name": "Beta"}]}))

    assert [(row.row, row.get(Column.SECTION)) for row in found.rows] == [
        (1, "infrastructure"),
        (3, "support"),
    ]


REFUSED = {
    "broken": ('{"name": ', "line 1, column 10"),
    "no list": ('{"name": "Acme"}', "holds no list of objects"),
    "a member twice": ('[{"name": "a", "name": "b"}]', "the member “name” twice"),
    "no number": ('[{"name": NaN}]', "NaN is no value of JSON"),
    "nested without end": ('{"a":' * 100_000, "cannot be read as JSON"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_json_that_is_no_list_is_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read(text)

    assert told in refused.value.detail


def test_a_first_cell_in_brackets_is_no_json() -> None:
    assert names(read("[Name],Purpose\nAcme,Hosting\n")) == ["Acme"]
