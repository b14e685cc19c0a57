"""The body of an assessment: what is read, and what is refused with which words."""

from typing import Any

import msgspec
import pytest

from tests.transfers.tables import make_facts
from transfers import codes
from transfers.facts import Facts


def body(**importer: Any) -> dict[str, Any]:
    return {
        "exporter": {"country": "DE", "role": "controller"},
        "importer": {"country": "IN", "role": "processor"} | importer,
    }


def decode(value: Any) -> Facts:
    return msgspec.json.decode(msgspec.json.encode(value), type=Facts)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(body(country="ZZ"), "ZZ is not and never was", id="a code that never existed"),
        pytest.param(body(country="DE\n"), "length", id="a trailing newline"),
        pytest.param(body(country="de"), "matching regex", id="lower case"),
        pytest.param(body(subdivision="FR-NC"), "does not lie in IN", id="a subdivision of another country"),
        pytest.param(body(subdivision="IN-MH\n"), "regex", id="a subdivision with a newline"),
        pytest.param(body(area="svalbard"), "does not lie in IN", id="an area of another country"),
        pytest.param(body(organisation="EPO\n"), "regex", id="a text with a newline"),
        pytest.param(body(organisation="x" * 201), "length", id="a text that is too long"),
        pytest.param(body(organisation="a\x00b"), "regex", id="a NUL"),
        pytest.param(body(colour="red"), "unknown field `colour`", id="an unknown member"),
        pytest.param(body() | {"regime": "lgpd"}, "Invalid enum value", id="a regime that is not judged"),
        pytest.param(
            body() | {"safeguards": [{"type": "magic"}]}, "Invalid value 'magic'", id="an unknown tool"
        ),
        pytest.param(
            body() | {"safeguards": [{"type": "scc", "set": "2021/914", "module": 5}]}, "<= 4", id="module 5"
        ),
        pytest.param(body() | {"as_of": "2026-02-30"}, "Invalid", id="an impossible day"),
        pytest.param(
            body() | {"exporter": {"country": "EU", "role": "controller"}},
            "country: EU names no state",
            id="the Union as an exporter",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_named(value: Any, words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=".*") as caught:
        decode(value)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("code", "stands_for"),
    [("UK", "GB"), ("EL", "GR"), ("IC", "ES"), ("AC", "SH"), ("DD", "DE"), ("XK", "XK")],
)
def test_reserved_and_withdrawn_codes_are_read_as_what_they_stand_for(code: str, stands_for: str) -> None:
    assert decode(body(country=code)).importer.country == code
    assert codes.canonical(code) == stands_for


def test_a_withdrawn_code_says_what_became_of_it() -> None:
    gone = codes.countries()["AN"]

    assert gone.became == ("BQ", "CW", "SX")
    assert gone.withdrawn_on is not None


def test_absent_members_have_their_defaults_and_null_days_stay_apart_from_absent_ones() -> None:
    facts = make_facts(
        "DE controller to IN processor",
        safeguards=[
            {"type": "scc", "set": "2021/914", "concluded_on": None},
            {"type": "scc", "set": "2021/914"},
        ],
    )
    never, absent = facts.safeguards

    assert facts.data.automated_processing is True
    assert facts.importer.certifications is None
    assert getattr(never, "concluded_on", "?") is None
    assert getattr(absent, "concluded_on", None) is msgspec.UNSET
