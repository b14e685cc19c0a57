"""Places as companies write them.

The texts of `written.csv` were found in published lists and cloud providers' pages; those of `spellings.csv` were
made up like them and judged one by one: languages, addresses, cloud regions, noise and hedges.

`countries` are those that the text names for certain; `complete` says whether it names nothing else.
"""

import csv
from pathlib import Path

import pytest

from transfers.places import Status, resolve


def _texts(name: str) -> list[tuple[str, str, bool]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["countries"], row["complete"] == "yes") for row in csv.DictReader(file)]


WRITTEN = [*_texts("written.csv"), *_texts("spellings.csv")]


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
