"""Laws of reading: words that say nothing remove no doubt, and what is joined is read as both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transfers.places.test_traps import DOUBTFUL, RESOLVED
from tests.transfers.places.test_written_places import WRITTEN
from transfers.places import Status, resolve

CERTAIN = sorted({*RESOLVED, *(text for text, _, complete in WRITTEN if complete)})
OPEN = sorted({*DOUBTFUL, *(text for text, _, complete in WRITTEN if not complete)} - {"", "\x00", "(" * 16})
NOISE = [
    "region",
    "hosted in",
    "data center",
    "our servers",
    "AWS",
    "Azure",
    "primary",
    "(SCCs)",
    "storage and",
    "the",
]
JOINTS = [" and ", "/", "; ", "\n", " / ", " or "]


@given(st.sampled_from(OPEN), st.sampled_from(NOISE), st.booleans())
def test_noise_never_turns_a_doubt_into_a_certainty(text: str, noise: str, before: bool) -> None:
    noisy = f"{noise} {text}" if before else f"{text} {noise}"

    assert resolve(noisy).status is not Status.RESOLVED


@given(st.sampled_from(CERTAIN), st.sampled_from(CERTAIN), st.sampled_from(JOINTS))
def test_two_resolved_texts_joined_are_the_union_of_both(one: str, other: str, joint: str) -> None:
    joined = resolve(one + joint + other)
    countries = {place.country for text in (one, other) for place in resolve(text).places}

    assert joined.status is Status.RESOLVED, joined.note
    assert {place.country for place in joined.places} == countries


@given(st.text(max_size=200))
def test_any_text_has_a_reading(text: str) -> None:
    reading = resolve(text)

    assert (reading.note is None) == (reading.status is Status.RESOLVED)


@pytest.mark.parametrize("unclosed", ["(" * 5000, "[" * 5000 + "Germany", "Germany, " * 2000])
def test_a_long_or_deep_text_has_a_reading_too(unclosed: str) -> None:
    assert resolve(unclosed).text == unclosed
