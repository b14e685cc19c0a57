"""The law read back over HTTP."""

from typing import Any

import pytest
from httpx import AsyncClient


async def everything(client: AsyncClient, path: str) -> list[dict[str, Any]]:
    """All pages of a list, by its `Link` headers."""
    found: list[dict[str, Any]] = []
    address: str | None = path
    while address:
        answer = await client.get(address)
        assert answer.status_code == 200, answer.text
        found += answer.json()["data"]
        address = answer.links.get("next", {}).get("url")
    return found


@pytest.mark.parametrize(
    ("code", "day", "regime", "status"),
    [
        ("FR", "2026-11-24", "eu_gdpr", "inside"),
        ("NO", "2026-11-24", "eu_gdpr", "inside"),
        ("GB", "2020-12-31", "eu_gdpr", "inside"),
        ("IN", "2026-11-24", "eu_gdpr", "third_country"),
        ("GB", "2026-11-24", "uk_gdpr", "inside"),
        ("CH", "2026-11-24", "ch_fadp", "inside"),
    ],
)
async def test_a_code_says_how_it_stands(
    client: AsyncClient, code: str, day: str, regime: str, status: str
) -> None:
    answer = await client.get(f"/v1/territories/{code}", params={"as_of": day, "regime": regime})

    assert answer.status_code == 200
    assert answer.json()["now"]["status"] == status
    assert answer.json()["as_of"] == day
    assert answer.json()["law_edition"]


async def test_an_alias_and_a_withdrawn_code_say_what_they_stand_for(client: AsyncClient) -> None:
    assert (await client.get("/v1/territories/UK")).json()["stands_for"] == "GB"
    assert (await client.get("/v1/territories/EL")).json()["stands_for"] == "GR"
    assert (await client.get("/v1/territories/DD")).json()["withdrawn_on"]


@pytest.mark.parametrize("code", ["QQ", "de", "DEU", "D", "DE%0A", "%00", "ÄÖ"])
async def test_a_code_that_never_existed_is_not_found(client: AsyncClient, code: str) -> None:
    answer = await client.get(f"/v1/territories/{code}")

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:onward:problem:not-found"


async def test_a_code_in_small_letters_is_told_how_it_is_written(client: AsyncClient) -> None:
    answer = await client.get("/v1/territories/de")

    assert answer.status_code == 404
    assert "capital letters: DE" in answer.json()["detail"]


async def test_a_withdrawn_code_whose_successors_differ_says_what_to_ask(client: AsyncClient) -> None:
    found = (await client.get("/v1/territories/CS", params={"as_of": "2026-11-24"})).json()

    assert found["now"]["status"] == "depends"
    assert found["ask"] == "Which of CZ, ME, RS, SK is meant?"
    assert (await client.get("/v1/territories/IN")).json()["ask"] is None


async def test_the_pages_of_all_codes_fit_together(client: AsyncClient) -> None:
    found = await everything(client, "/v1/territories?limit=100&regime=ch_fadp&as_of=2020-01-01")

    codes = [entry["code"] for entry in found]
    assert codes == sorted(set(codes))
    assert {"DE", "XK", "UK", "US"} <= set(codes)
    assert {(entry["regime"], entry["as_of"]) for entry in found} == {("ch_fadp", "2020-01-01")}


async def test_a_cursor_keeps_its_filters_and_takes_no_others(client: AsyncClient) -> None:
    first = await client.get("/v1/territories?limit=1&regime=uk_gdpr")
    cursor = first.json()["pagination"]["next_cursor"]

    bare = await client.get("/v1/territories", params={"cursor": cursor, "limit": 1})
    same = await client.get("/v1/territories", params={"cursor": cursor, "limit": 1, "regime": "uk_gdpr"})
    other = await client.get("/v1/territories", params={"cursor": cursor, "regime": "eu_gdpr"})
    elsewhere = await client.get("/v1/mechanisms", params={"cursor": cursor})

    assert bare.json() == same.json()
    assert bare.json()["data"][0]["regime"] == "uk_gdpr"
    assert other.status_code == elsewhere.status_code == 400
    assert "another `regime`" in other.json()["detail"]
    assert "listTerritories" in elsewhere.json()["detail"]


async def test_decisions_are_those_in_force_on_the_day_asked_about(client: AsyncClient) -> None:
    path = "/v1/adequacy-decisions?limit=7&regime=eu_gdpr"

    async def ids(day: str) -> set[str]:
        return {entry["id"] for entry in await everything(client, f"{path}&as_of={day}")}

    assert "eu-jp-2019" not in await ids("2019-01-22")
    assert "eu-jp-2019" in await ids("2019-01-23")
    assert await ids("2026-11-24") < {entry["id"] for entry in await everything(client, path)}


async def test_tools_are_read_back_by_regime(client: AsyncClient) -> None:
    everywhere = {entry["id"] for entry in await everything(client, "/v1/mechanisms?limit=4")}
    swiss = {entry["id"] for entry in await everything(client, "/v1/mechanisms?regime=ch_fadp")}

    assert swiss < everywhere


async def test_the_edition_is_the_one_that_verdicts_name(client: AsyncClient) -> None:
    law = (await client.get("/v1/law")).json()

    assert law["edition"] == (await client.get("/health")).json()["law_edition"]
    assert law["open_points"]
    assert all(point["sources"] for point in law["open_points"])


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("/v1/territories/DE?as_of=2026-02-30", "as_of"),
        ("/v1/territories/DE?as_of=9999-12-31", "as_of"),
        ("/v1/territories/DE?as_of=20260101", "as_of"),
        ("/v1/territories/DE?as_of=1767225600", "as_of"),
        ("/v1/territories/DE?as_of=null", "as_of"),
        ("/v1/territories/DE?regime=dpa", "regime"),
        ("/v1/territories/DE?known_at=5", "known_at"),
        ("/v1/law?known_at=5", "known_at"),
    ],
)
async def test_a_bad_parameter_is_named(client: AsyncClient, path: str, member: str) -> None:
    answer = await client.get(path)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["member"] == member


@pytest.mark.parametrize("day", ["1994-12-31", "2200-01-01", "2500-01-01"])
async def test_a_day_outside_the_law_on_record_is_refused_everywhere_in_the_same_words(
    client: AsyncClient, day: str
) -> None:
    facts = {
        "exporter": {"country": "DE", "role": "controller"},
        "importer": {"country": "US", "role": "processor"},
        "as_of": day,
    }
    answers = [
        await client.get(f"/v1/{path}", params={"as_of": day})
        for path in ("law", "territories", "territories/US", "adequacy-decisions", "mechanisms")
    ]
    answers.append(await client.post("/v1/assessments", json=facts))

    assert {answer.status_code for answer in answers} == {422}
    assert {answer.json()["type"] for answer in answers} == {"urn:onward:problem:law-unsupported"}
    [detail] = {answer.json()["detail"] for answer in answers}
    assert "from 1995-01-01 to 2199-12-31" in detail


async def test_the_law_is_read_back_as_of_a_day_under_a_regime(client: AsyncClient) -> None:
    swiss = {"as_of": "2024-09-14", "regime": "ch_fadp"}
    law = (await client.get("/v1/law", params=swiss)).json()
    entries = {
        entry["id"]
        for entry in await everything(client, "/v1/adequacy-decisions?as_of=2024-09-14&regime=ch_fadp")
    }
    tools = (await client.get("/v1/mechanisms", params={"as_of": "2022-03-20", "regime": "uk_gdpr"})).json()

    assert (law["as_of"], law["regime"], law["records"]["adequacy"]) == (
        "2024-09-14",
        "ch_fadp",
        len(entries),
    )
    assert "uk_idta" not in {tool["id"] for tool in tools["data"]}


async def test_a_timeline_has_each_verdict_once_and_no_gaps(client: AsyncClient) -> None:
    facts = {
        "exporter": {"country": "DE", "role": "controller"},
        "importer": {"country": "JP", "role": "processor", "subject_to": {"appi": True}},
    }

    answer = (await client.post("/v1/assessments/timeline", json=facts)).json()

    starts = {entry["first_day"]: entry["verdict"] for entry in answer["intervals"]}
    assert starts["2019-01-23"] == "covered_by_adequacy"
    assert answer["intervals"][-1]["until"] is None
    assert all(entry["event"] for entry in answer["intervals"])
