"""POST /v1/assessments/batch: many rows in, one answer for each in its place."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient, Response
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import RegistryError
from registry.problems import problem
from registry.web import judging
from registry.web.rows import Lines
from tests.transfers.strategies import bodies
from transfers import load_law

LAW = load_law()
TODAY = date(2026, 11, 24)
BATCH = "/v1/assessments/batch"
NDJSON = {"Content-Type": "application/x-ndjson"}

GOOD: dict[str, Any] = {
    "exporter": {"country": "DE", "role": "controller"},
    "importer": {"country": "CH", "role": "processor"},
}
BAD: list[Any] = [
    {"exporter": {"country": "DE", "role": "controller"}, "importer": {"country": "QQ", "role": "processor"}},
    {**GOOD, "colour": "red"},
    {**GOOD, "as_of": "1950-01-01"},
    {**GOOD, "as_of": "9999-12-31"},
    {**GOOD, "as_of": "1800-01-01"},
    {},
    "text",
    None,
    [GOOD],
]


async def singles(client: AsyncClient, rows: list[Any]) -> list[Any]:
    return [(await client.post("/v1/assessments", json=row)).json() for row in rows]


def read_lines(answer: Response) -> list[Any]:
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.text == "" or answer.text.endswith("\n")
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_a_batch_equals_the_single_answers_in_their_order(client: AsyncClient) -> None:
    rows = [
        {**GOOD, "importer": {"country": code, "role": "processor"}, "as_of": day}
        for code in ("CH", "FR", "US", "IN", "UK")
        for day in ("2019-12-31", "2021-06-28", "2026-11-24")
    ] + [GOOD]

    answer = await client.post("/v1/assessments/batch", json=rows)

    assert answer.status_code == 200
    assert answer.json() == await singles(client, rows)


async def test_a_bad_row_is_a_problem_in_its_place_and_the_others_are_answered(client: AsyncClient) -> None:
    rows = [each for bad in BAD for each in (GOOD, bad)]
    answers = (await client.post("/v1/assessments/batch", json=rows)).json()
    expected = await singles(client, rows)

    assert len(answers) == len(rows)
    for index, (answer, single) in enumerate(zip(answers, expected, strict=True)):
        if index % 2 == 0:
            assert answer["verdict"] == "covered_by_adequacy"
        else:
            assert answer.pop("index") == index
            assert answer["type"].startswith("urn:onward:problem:")
        if rows[index] not in ({}, None):
            assert answer == single


async def test_a_problem_in_a_batch_names_the_member_as_a_single_one_does(client: AsyncClient) -> None:
    [answer] = (await client.post("/v1/assessments/batch", json=[BAD[0]])).json()

    assert (answer["status"], answer["index"]) == (400, 0)
    assert answer["errors"][0]["member"] == "importer.country"


async def test_lines_are_answered_by_lines(client: AsyncClient) -> None:
    rows = [GOOD, BAD[0], {**GOOD, "as_of": "2020-01-01"}]
    array = (await client.post("/v1/assessments/batch", json=rows)).json()
    body = "\n".join(json.dumps(row) for row in rows)

    for text in (body, body + "\n", body.replace("\n", "\r\n"), body.replace("\n", "\n\n")):
        answer = await client.post("/v1/assessments/batch", content=text, headers=NDJSON)
        assert answer.status_code == 200
        assert read_lines(answer) == array


async def test_a_broken_line_spoils_only_itself(client: AsyncClient) -> None:
    body = json.dumps(GOOD).encode() + b'\n{"exporter": \n\xff\xfe\n' + json.dumps(GOOD).encode()
    answers = read_lines(await client.post("/v1/assessments/batch", content=body, headers=NDJSON))

    assert [answer.get("status") for answer in answers] == [None, 400, 400, None]
    assert [answer.get("index") for answer in answers] == [None, 1, 2, None]


async def test_lines_may_be_more_than_an_array_holds(client: AsyncClient) -> None:
    rows = 10_001
    text = (json.dumps(GOOD) + "\n") * rows
    assert len(read_lines(await client.post("/v1/assessments/batch", content=text, headers=NDJSON))) == rows

    full = await client.post("/v1/assessments/batch", json=[GOOD] * 10_000)
    assert len(full.json()) == 10_000
    longer = await client.post("/v1/assessments/batch", json=[GOOD] * rows)
    assert longer.status_code == 400
    assert "10000" in longer.json()["detail"]


def long(number: int, length: int = 1_440) -> bytes:
    """A row of a given length, unlike those of other numbers."""
    row = {**GOOD, "safeguards": [{"type": "other", "name": f"{number:06}"}]}
    made = json.dumps(row).encode()
    return made + b" " * (length - len(made))


async def test_ten_thousand_full_rows_fit_into_an_array_and_into_lines(client: AsyncClient) -> None:
    rows = [long(number) for number in range(10_000)]
    array = await client.post(
        BATCH, content=b"[" + b",".join(rows) + b"]", headers={"Content-Type": "application/json"}
    )
    streamed = await client.post(BATCH, content=b"\n".join(rows), headers=NDJSON)

    assert sum(map(len, rows)) > 14_000_000
    assert array.status_code == streamed.status_code == 200
    assert array.json() == read_lines(streamed)
    assert len(array.json()) == 10_000


async def test_an_array_beyond_its_bound_is_refused_and_told_of_lines(client: AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(65):
            yield b" " * 1_000_000

    kind = {"Content-Type": "application/json"}
    for content in (b" " * 64_000_001, endless()):
        answer = await client.post(BATCH, content=content, headers=kind)
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:onward:problem:payload-too-large"
        assert "application/x-ndjson" in answer.json()["detail"]


async def test_lines_have_a_bound_each_and_none_together(client: AsyncClient) -> None:
    good = json.dumps(GOOD).encode()
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for chunk in (
            good,
            b"\n",
            *[b"x" * 1_000_000] * 11,
            b"\n" + good + b"\n" + b" \n",
            long(0, 9_000_000),
        ):
            sent += len(chunk)
            yield chunk

    found = read_lines(await client.post(BATCH, content=body(), headers=NDJSON))

    assert sent > 20_000_000
    assert [one.get("status") for one in found] == [None, 413, None, None]
    assert found[1]["index"] == 1
    assert "ONWARD_MAX_BODY_BYTES" in found[1]["detail"]


@pytest.mark.parametrize("size", [1, 7, 1_000])
async def test_where_the_pieces_of_a_stream_end_does_not_matter(client: AsyncClient, size: int) -> None:
    text = b"\n".join(json.dumps(row).encode() for row in (GOOD, BAD[0], GOOD, *BAD[3:6]))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(text), size):
            yield text[start : start + size]

    whole = await client.post(BATCH, content=text, headers=NDJSON)
    assert read_lines(await client.post(BATCH, content=pieces(), headers=NDJSON)) == read_lines(whole)


async def test_a_row_is_answered_before_the_next_is_sent() -> None:
    asked: asyncio.Queue[bytes] = asyncio.Queue()

    async def body() -> AsyncIterator[bytes]:
        while chunk := await asked.get():
            yield chunk

    async with aclosing(judging.answers(Lines(body(), 10_000), LAW, TODAY, 10_000)) as made:
        for _ in range(3):
            await asked.put(json.dumps(GOOD).encode() + b"\n")
            assert json.loads(await anext(made))["verdict"] == "covered_by_adequacy"
        await asked.put(b"")
        with pytest.raises(StopAsyncIteration):
            await anext(made)


async def test_what_comes_is_read_on_while_nobody_takes_the_answers() -> None:
    """Many senders read nothing before all is sent."""
    sent = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        for number in range(3_000):
            yield long(number) + b"\n"
        sent.set()

    async with aclosing(judging.answers(Lines(body(), 10_000), LAW, TODAY, 10_000)) as made:
        count = (await anext(made)).count(b"\n")
        await sent.wait()
        async for portion in made:
            count += portion.count(b"\n")
    assert count == 3_000


async def test_nothing_asked_is_nothing_answered(client: AsyncClient) -> None:
    assert (await client.post("/v1/assessments/batch", json=[])).json() == []
    for text in ("\n", ""):
        assert read_lines(await client.post("/v1/assessments/batch", content=text, headers=NDJSON)) == []
    nothing = await client.post(
        "/v1/assessments/batch", content="", headers={"Content-Type": "application/json"}
    )
    assert (nothing.status_code, nothing.json()["type"]) == (400, "urn:onward:problem:invalid-request")


async def test_what_is_no_array_is_refused_whole(client: AsyncClient) -> None:
    for content in (b"{}", b"[{", b"null", b"[1,]"):
        answer = await client.post(
            "/v1/assessments/batch", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 400, content
    other = await client.post("/v1/assessments/batch", content="a,b", headers={"Content-Type": "text/csv"})
    assert other.status_code == 415
    assert "application/x-ndjson" in other.json()["detail"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(bodies(LAW), st.sampled_from(BAD)), max_size=8))
def test_whatever_the_rows_a_batch_equals_the_singles(rows: list[Any]) -> None:
    written = [msgspec.json.encode(row) for row in rows]
    for index, answer in enumerate(judging.verdicts(written, LAW, TODAY)):
        try:
            assert answer == judging.verdict(written[index], LAW, TODAY)
        except RegistryError as error:
            said = msgspec.to_builtins(problem(error))
            assert msgspec.json.decode(answer) == {**said, "index": index}
