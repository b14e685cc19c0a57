"""Places as companies write them: the texts of `written.csv` were found in published lists and cloud providers' pages.

`countries` are those that the text names for certain; `complete` says whether it names nothing else.
"""

import csv
from pathlib import Path

import pytest

from transfers.places import Status, resolve

with Path(__file__).with_name("written.csv").open(encoding="utf-8", newline="") as file:
    WRITTEN = [(row["text"], row["countries"], row["complete"] == "yes") for row in csv.DictReader(file)]


@pytest.mark.parametrize(("text", "countries", "complete"), WRITTEN)
def test_a_written_place_is_read_as_a_person_reads_it(text: str, countries: str, complete: bool) -> None:
    reading = resolve(text)

    assert {place.country for place in reading.places} == set(filter(None, countries.split(";")))
    assert (reading.status is Status.RESOLVED) == complete


@pytest.mark.parametrize("text", [text for text, _, _ in WRITTEN])
def test_a_doubt_is_always_explained_and_a_certainty_never(text: str) -> None:
    reading = resolve(text)

    assert (reading.note is None) == (reading.status is Status.RESOLVED)
    assert reading.text == text
