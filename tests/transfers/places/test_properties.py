"""Laws of reading: words that say nothing remove no doubt, and what is joined is read as both."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transfers.places.test_traps import DOUBTFUL, RESOLVED
from tests.transfers.places.test_written_places import WRITTEN
from transfers.places import Status, pieces, resolve
from transfers.places.cleaning import folded
from transfers.places.names import street_words
from transfers.places.tables import DATA

CERTAIN = sorted({*RESOLVED, *(text for text, _, complete in WRITTEN if complete)})
OPEN = sorted({*DOUBTFUL, *(text for text, _, complete in WRITTEN if not complete)} - {"", "\x00", "(" * 16})
NOISE = [
    "region",
    "hosted in",
    "data center",
    "our servers",
    "AWS",
    "primary",
    "(SCCs)",
    "storage and",
    "the",
]
NOISE += tomllib.loads((DATA / "words.toml").read_text("utf-8"))["noise"].split()
NOISE.remove("azure")  # It is no noise: beside it "West Europe" is the region.
# Nor are these beside a place: in "rue Dublin" no city is named, and so none that could be in doubt.
NOISE = [word for word in NOISE if folded(word) not in street_words()]
JOINTS = [" and ", "/", "; ", "\n", " / ", " or ", " & ", " und ", " et "]


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


HEDGES = [
    "mainly",
    "typically",
    "such as",
    "for example",
    "at least",
    "planned",
    "zippily",
    "hauptsächlich",
    "z.B.",
    "unter anderem",
    "gegebenenfalls",
    "principalement",
    "par exemple",
    "le cas échéant",
    "por ejemplo",
    "soprattutto",
    "voornamelijk",
    "między innymi",
    "bland annat",
    "주로",
    "예를 들어",
    "主に",
]


@given(st.sampled_from(HEDGES), st.sampled_from(["Germany", "Paris, France", "US", "eu-west-1", "대한민국"]))
def test_a_word_that_hedges_or_is_not_known_leaves_no_certainty(hedge: str, place: str) -> None:
    for text in (f"{hedge} {place}", f"{place} ({hedge})", f"{place}, {hedge}"):
        assert resolve(text).status is not Status.RESOLVED, text


REFUSALS = [
    "not",
    "except",
    "excluding",
    "excl.",
    "but not",
    "other than",
    "outside",
    "without",
    "with the exception of",
    "apart from",
    "außerhalb",
    "sauf",
    "excepto",
]
NAMES = ["EU", "the EEA", "EEA", "Germany", "Paris, France", "US", "eu-west-1", "all countries", "California"]
SHAPES = ["{0} {1} {2}", "{0} ({1} {2})", "{1} {2}", "{0}, {1} {2}", "{0} and {2} ({1})", "{0} / {2} - {1}"]


@given(st.sampled_from(SHAPES), st.sampled_from(NAMES), st.sampled_from(REFUSALS), st.sampled_from(NAMES))
def test_no_place_beside_a_refusal_or_an_exception_is_certain(
    shape: str, one: str, refusal: str, other: str
) -> None:
    text = shape.format(one, refusal, other)

    assert resolve(text).status is not Status.RESOLVED
    assert resolve(text).places == ()
    assert not any(piece.place or piece.group for piece in pieces(text)), text


@given(st.text(max_size=200))
def test_any_text_has_a_reading(text: str) -> None:
    reading = resolve(text)

    assert (reading.note is None) == (reading.status is Status.RESOLVED)


@pytest.mark.parametrize("unclosed", ["(" * 5000, "[" * 5000 + "Germany", "Germany, " * 2000])
def test_a_long_or_deep_text_has_a_reading_too(unclosed: str) -> None:
    assert resolve(unclosed).text == unclosed
