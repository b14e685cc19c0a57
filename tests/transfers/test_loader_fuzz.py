"""Every record of the packaged law, spoilt in every way that a hand can slip: always refused, by file and key."""

import json
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import transfers
from transfers import loader
from transfers.errors import LawDataError

DATA = Path(transfers.__file__).parent / "data"
WRITTEN = {name: (DATA / name).read_bytes() for name in loader.FILES}
RECORDS = [
    (table, record)
    for text in WRITTEN.values()
    for table, records in tomllib.loads(text.decode()).items()
    for record in records
]
MAY_BE_LEFT_OUT = frozenset(
    {
        "last_day", "celex", "instrument", "says", "point", "oj", "codes", "organisation", "also_called",
        "unsure_from", "unsure_until", "indicative", "struck_on", "public_bodies", "provinces_with_own_act",
        "list_open_from", "not_eligible_sectors", "sensitive", "excluded_areas", "eea_known_from", "carve_out",
        "phase", "conclude_until", "rely_until", "on_last_day", "swiss_adaptations", "type", "first_day", "schemes",
        "guidance", "careful_reading", "regimes", "judged", "by_list_entry", "subject_to", "certifications",
        "automated_only", "conditional", "unclear_subdivisions", "unclear_point", "settled_on", "settled",
        "review_from", "review_point", "ended_by", "ended",
    }
)  # fmt: skip
"""Members without which a record is another one, or none; what is required is all the rest."""


def toml(value: Any) -> str:
    """A value as TOML has it, tables inline."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def written(*records: tuple[str, dict[str, Any]]) -> bytes:
    tables = (
        f"[[{table}]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in record.items())
        for table, record in records
    )
    return "\n".join(tables).encode()


def refused(text: bytes, *words: str) -> None:
    with pytest.raises(LawDataError) as caught:
        loader.parse("own.toml", text)
    assert str(caught.value).startswith("own.toml: ")
    assert all(word in str(caught.value) for word in words), (str(caught.value), words)


def with_changed(record: dict[str, Any], **members: Any) -> dict[str, Any]:
    return deepcopy(record) | members


def test_the_packaged_records_are_read_as_they_are_written_here() -> None:
    for table, record in RECORDS:
        loader.parse("own.toml", written((table, record)))


def test_a_required_member_that_is_missing_is_refused() -> None:
    tried = 0
    for table, record in RECORDS:
        for member in record.keys() - MAY_BE_LEFT_OUT:
            rest = {key: value for key, value in record.items() if key != member}
            refused(written((table, rest)), f"$.{table}[0]", member)
            tried += 1
    assert tried > len(RECORDS)


def test_a_member_that_does_not_exist_is_refused() -> None:
    for table, record in RECORDS:
        refused(written((table, with_changed(record, colour="red"))), f"$.{table}[0]", "colour")


def _other_types(value: Any) -> Iterator[Any]:
    if isinstance(value, date):
        yield from ("2026-11-23", 20261123)
    elif isinstance(value, list):
        yield from ("US", {"a": "b"}, [1])
    elif isinstance(value, bool):
        yield from ("yes", 1)
    else:
        yield from (1, True, [value], date(2026, 11, 23))


def test_a_value_of_another_type_is_refused() -> None:
    for table, record in RECORDS:
        for member, value in record.items():
            for other in _other_types(value):
                refused(written((table, with_changed(record, **{member: other}))), f"$.{table}[0].{member}")


def test_a_text_without_words_is_refused() -> None:
    for table, record in RECORDS:
        for member in ("id", "event", "title", "source", "question", "state", "celex"):
            for empty in ("", " ", "\n") if member in record else ():
                refused(written((table, with_changed(record, **{member: empty}))), f"$.{table}[0].{member}")


def test_days_in_the_wrong_order_are_refused() -> None:
    swapped = 0
    for table, record in RECORDS:
        first, last = record.get("first_day"), record.get("last_day")
        if first is not None and last is not None and first != last:
            spoilt = with_changed(record, first_day=last, last_day=first)
            refused(written((table, spoilt)), f"$.{table}[0]")
            swapped += 1
    assert swapped


@pytest.mark.parametrize("day", ["1899-12-31", "2199-12-31", "9999-12-31"])
def test_a_day_that_no_law_names_is_refused(day: str) -> None:
    for table, record in RECORDS:
        for member, value in record.items():
            if isinstance(value, date):
                spoilt = with_changed(record, **{member: date.fromisoformat(day)})
                refused(written((table, spoilt)), f"$.{table}[0]")


@pytest.mark.parametrize("code", ["QQ", "UK", "EL", "DD", "de", "USA", ""])
def test_a_code_under_which_nothing_is_judged_is_refused(code: str) -> None:
    for table, record in RECORDS:
        for member in ("codes", "exporters"):
            if member in record:
                spoilt = with_changed(record, **{member: [*record[member][1:], code]})
                refused(written((table, spoilt)), f"$.{table}[0].{member}")


def test_a_record_that_is_there_twice_is_refused() -> None:
    for table, record in RECORDS:
        if "id" in record:
            refused(written((table, record), (table, record)), record["id"])


def test_a_word_outside_its_list_is_refused() -> None:
    words = (
        "regime",
        "status",
        "union",
        "sure",
        "set",
        "effect",
        "careful_reading",
        "ended_by",
        "settled",
        "roles",
    )
    for table, record in RECORDS:
        for member in words:
            if member in record:
                spoilt = with_changed(record, **{member: "magic"})
                refused(written((table, spoilt)), f"$.{table}[0].{member}")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(WRITTEN)), st.data())
def test_bytes_that_slipped_are_read_or_refused_and_never_break(name: str, data: st.DataObject) -> None:
    """A piece of a file is lost, doubled or overwritten."""
    text = WRITTEN[name]
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin, min(len(text), begin + 200)))
    piece = data.draw(st.one_of(st.just(b""), st.just(text[begin:end] * 2), st.binary(max_size=8)))
    spoilt = text[:begin] + piece + text[end:]

    fault = told(name, spoilt)

    assert fault is None or (fault.file == name and fault.key and fault.what)


def told(name: str, text: bytes) -> LawDataError | None:
    """What is wrong with a file, if anything; any other error is one of ours."""
    try:
        loader.parse(name, text)
    except LawDataError as error:
        return error
    return None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_file_in_another_encoding_is_refused_with_the_remedy(encoding: str) -> None:
    text = WRITTEN["territories.toml"].decode()

    refused(text.encode(encoding, errors="replace"), "save it")
