"""Reading written places, beside the fuzzy search of pycountry on the same texts."""

import csv
import itertools
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pycountry

from tests.bench.targets import at_least_times
from transfers.places import resolve
from transfers.places.lexicon import load

TEXTS = 1000
FUZZY = 60
"""The search is so slow that a part of the texts must do."""


def texts_per_second() -> None:
    """Different texts, none of them remembered; each side reads what it can."""
    folder = Path(__file__).parents[1] / "transfers" / "places"
    written: list[str] = []
    for name in ("written.csv", "spellings.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            written += [row["text"] for row in csv.DictReader(file)]
    texts = list(itertools.islice(itertools.cycle(written), TEXTS))
    load()
    ours = _rate(resolve.__wrapped__, texts)
    theirs = _rate(_search, texts[:: TEXTS // FUZZY])
    print(
        f"  {'our reading':<32} {ours:>8,.0f} texts/s   {ours / theirs:4.0f} times pycountry's ({theirs:.0f})"
        f"   {at_least_times(ours / theirs, 10)}"
    )


def _rate(read: Callable[[str], object], texts: list[str]) -> float:
    started = perf_counter()
    for text in texts:
        read(text)
    return len(texts) / (perf_counter() - started)


def _search(text: str) -> None:
    try:
        pycountry.countries.search_fuzzy(text)
    except LookupError:
        return
