"""The words on pages."""

from datetime import date
from enum import StrEnum

import pytest

from registry.errors import NotFoundError
from registry.pages import words
from registry.resources.changes import Effect
from registry.resources.places import PlaceRole
from registry.resources.terms import Category, UseType
from transfers.vocabulary import Verdict


@pytest.mark.parametrize("vocabulary", [Effect, PlaceRole, Category, UseType, Verdict])
def test_every_member_of_a_closed_vocabulary_has_a_word(vocabulary: type[StrEnum]) -> None:
    for member in vocabulary:
        word = words.word(member)
        assert word == word.strip().lower()
        assert "_" not in word


@pytest.mark.parametrize(
    ("code", "name"), [("FR", "France"), ("XK", "Kosovo"), ("GB", "United Kingdom"), ("??", "??")]
)
def test_a_country_is_named_and_an_unknown_code_stands_for_itself(code: str, name: str) -> None:
    assert words.country(code) == name


@pytest.mark.parametrize(
    ("number", "said"), [(0, "no sub-processors"), (1, "1 sub-processor"), (2, "2 sub-processors")]
)
def test_a_count_is_said_in_the_right_number(number: int, said: str) -> None:
    assert words.count(number, "sub-processor") == said


def test_a_short_day_has_three_letters_of_its_month() -> None:
    assert words.short_day(date(2027, 9, 1)) == "1 Sep 2027"


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "//a.example", "https://", "ftp://a.example", " http://a"]
)
def test_only_addresses_of_the_web_become_links(text: str) -> None:
    assert not words.is_web(text)


def test_what_is_no_id_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="There is no change 'x'"):
        words.identifier("x", "change")
