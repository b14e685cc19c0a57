"""The edge of XML: no text gets through that a document cannot hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.xml import clean, web_address

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_cleaned_text_is_well_formed_and_reads_back_equal(text: str) -> None:
    element = etree.Element("t", a=clean(text))
    element.text = clean(text)
    read = etree.fromstring(etree.tostring(element))

    assert (read.text or "") == clean(text)
    assert read.get("a") == clean(text)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")))
def test_text_that_xml_can_hold_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_becomes_a_replacement_character(bad: str) -> None:
    assert clean(f"a{bad}b\t\n😀") == "a\ufffdb\t\n😀"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://register.example/a?b=c#d"])
def test_web_addresses_pass(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " https://a.example",
        "data:text/html,x",
        "//a.example",
        "https://",
        "https:///x",
        "https://a\x0b",
        "",
    ],
)
def test_other_addresses_are_refused_by_name(address: str) -> None:
    with pytest.raises(ValueError, match="starts with http:// or https://"):
        web_address(address)
